//go:build unix

package vault_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/sources/vault"
)

// Vault's library reads the files that its own variables name: none of them here, so
// that a FIFO among them stops no run, and the variables are there again afterwards.
func TestFilesOfVariablesAreNotRead(t *testing.T) {
	folder := t.TempDir()
	fifo := filepath.Join(folder, "ca.pem")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"VAULT_CAPATH": folder, "VAULT_CACERT": fifo, "VAULT_CLIENT_CERT": fifo, "VAULT_CLIENT_KEY": fifo,
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, path)
			if name == "VAULT_CLIENT_CERT" {
				t.Setenv("VAULT_CLIENT_KEY", path)
			}
			done := make(chan error, 1)
			go func() {
				_, err := vault.New(vault.Config{Address: "https://vault.example:8200", Path: "codex"}, newWorld(t).vault())
				done <- err
			}()
			select {
			case err := <-done:
				if err != nil || os.Getenv(name) != path {
					t.Errorf("%v, and %s=%q", err, name, os.Getenv(name))
				}
			case <-time.After(5 * time.Second):
				t.Fatal("the FIFO is waited for")
			}
		})
	}
}
