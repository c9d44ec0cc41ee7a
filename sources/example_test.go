package sources_test

import (
	"context"
	"fmt"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/sources"
)

// Load reads a policy without any secret; Resolve asks for the secret that it names.
func ExampleLoad() {
	fs := afero.NewMemMapFs()
	_ = afero.WriteFile(fs, "/codex.yaml", []byte(`version: 1
model: gpt-5.4
provider: {id: team, base_url: https://gateway.example/v1}
secret: {env: TEAM_API_KEY}
`), 0o600)
	variables := map[string]string{"TEAM_API_KEY": "sk-example-0123456789abcdef"}
	world := sources.World{Fs: fs, LookupEnv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}

	policy, err := sources.Load(world, []string{"/codex.yaml"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	defer policy.Close(ctx)
	desired, _, err := policy.Resolve(ctx)
	fmt.Println(desired.Provider.BaseURL, desired.Secret.Ref, desired.Secret.Value, err)

	_ = afero.WriteFile(fs, "/codex.yaml", []byte("version: 1\nmodle: gpt-5.4\n"), 0o600)
	_, err = sources.Load(world, []string{"/codex.yaml"})
	for _, p := range sources.Problems(err) {
		fmt.Println(p)
	}
	// Output:
	// https://gateway.example/v1 env:TEAM_API_KEY (secret) <nil>
	// /codex.yaml:2:1: modle: unknown key; did you mean "model"?
}
