package sources_test

import (
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/sources"
)

func TestSingleUse(t *testing.T) {
	const policy = "version: 1\nmodel: m\nprovider: {base_url: 'https://gw.example/v1'}\nsecret: "
	const vault = "{vault: {address: 'https://v.example', path: codex, auth: {method: approle, role_id: r, secret_id: {file: /s, wrapped: true}}}}"
	for secret, want := range map[string]bool{
		"{env: KEY}": false,
		vault:        true,
		"{first_of: [{env: KEY}, " + vault + "]}":              true,
		"{vault: {address: 'https://v.example', path: codex}}": false,
	} {
		fs := afero.NewMemMapFs()
		if err := afero.WriteFile(fs, "/p.yaml", []byte(policy+secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := sources.Load(sources.World{Fs: fs, LookupEnv: func(string) (string, bool) { return "", false }, Dir: "/"}, []string{"/p.yaml"})
		if err != nil {
			t.Fatalf("%s: %v", secret, err)
		}
		if got := p.SingleUse(); got != want {
			t.Errorf("%s: got %v, want %v", secret, got, want)
		}
	}
}
