package vault

import (
	"os"
	"sync"

	"github.com/hashicorp/vault/api"
)

// fileVariables lead Vault's library to files, which it reads at its start whatever it
// is told: without a bound, and waiting for them.
var fileVariables = []string{"VAULT_CACERT", "VAULT_CACERT_BYTES", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"}

var starting sync.Mutex

// newClient starts the library without them: codexform reads the files that count itself.
func newClient(c *api.Config) (*api.Client, error) {
	starting.Lock()
	defer starting.Unlock()
	for _, name := range fileVariables {
		if value, ok := os.LookupEnv(name); ok {
			os.Unsetenv(name)
			defer os.Setenv(name, value)
		}
	}
	return api.NewClient(c)
}
