package sources_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/sources"
)

// A World without what it needs is an error with its name; without the rest, every kind
// of source says that it has nothing, and nothing panics.
func TestWorldLacks(t *testing.T) {
	fs := afero.NewMemMapFs()
	for lack, w := range map[string]sources.World{
		"Fs":        {LookupEnv: func(string) (string, bool) { return "", false }},
		"LookupEnv": {Fs: fs},
	} {
		if _, err := sources.Load(w, []string{"codex.yaml"}); err == nil || !strings.Contains(err.Error(), lack+" is missing") {
			t.Errorf("without %s: got %v", lack, err)
		}
	}
	bare := sources.World{Fs: fs, LookupEnv: func(string) (string, bool) { return "", false }}
	for _, secret := range []string{
		"{env: KEY}", "{file: /key}", "{file: {path: /key, format: json, field: a}}", "{command: [/bin/sh, -c, 'test -z \"$HOME$USER\" || printf %s%s sk- example-0123456789']}",
		"{credential: key}", "{keyring: {service: codex, user: ada}}", "{vault: {address: 'http://127.0.0.1:1', path: a, timeout: 1s}}", "{first_of: [{env: KEY}]}",
	} {
		if runtime.GOOS != "linux" && strings.Contains(secret, "keyring") {
			continue // elsewhere the keyring is the system's own, and there without a session
		}
		text := "version: 1\nprovider: {id: a, base_url: https://gateway.example/v1}\nsecret: " + secret + "\n"
		if err := afero.WriteFile(fs, "/codex.yaml", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		policy, err := sources.Load(bare, []string{"/codex.yaml"})
		if err != nil {
			t.Fatalf("%s: %v", secret, err)
		}
		if _, _, err := policy.Resolve(t.Context()); err == nil {
			t.Errorf("%s: a secret out of an empty world", secret)
		}
	}
	if _, err := sources.Load(bare, []string{"-"}); err == nil {
		t.Error("a policy from a standard input that is not there")
	}
}
