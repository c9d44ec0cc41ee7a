//go:build unix

package sources_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/sources"
)

// A program with a folder in its name is that one, wherever the policy lies and the run
// stands, and never one of the PATH that has its name.
func TestCommandOfAFolder(t *testing.T) {
	at := t.TempDir()
	program := func(name, key string) {
		file := filepath.Join(at, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("#!/bin/sh\necho "+key+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program("prog", "sk-of-the-root-0123456789")
	program("pol/prog", "sk-of-the-policy-0123456789")
	program("path/prog", "sk-of-the-path-0123456789")
	t.Setenv("PATH", filepath.Join(at, "path")+":/usr/bin:/bin")
	if _, err := exec.LookPath("prog"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dir, policy, program, key string }{
		{"", "codex.yaml", "./prog", "sk-of-the-root-0123456789"},
		{"", "codex.yaml", "pol/../prog", "sk-of-the-root-0123456789"},
		{"", "codex.yaml", "pol/prog", "sk-of-the-policy-0123456789"},
		{"", "pol/codex.yaml", "./prog", "sk-of-the-policy-0123456789"},
		{"pol", "codex.yaml", "./prog", "sk-of-the-policy-0123456789"},
		{"pol", "../codex.yaml", "./prog", "sk-of-the-root-0123456789"},
		{"pol", "codex.yaml", "../prog", "sk-of-the-root-0123456789"},
		{"", "codex.yaml", "prog", "sk-of-the-path-0123456789"},
	} {
		dir := filepath.Join(at, c.dir)
		text := "version: 1\nmodel: m\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {command: [\"" + c.program + "\"]}\n"
		if err := os.WriteFile(filepath.Join(dir, c.policy), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Chdir(dir)
		w := sources.World{LookupEnv: os.LookupEnv, Environ: os.Environ, Fs: afero.NewOsFs(), Dir: dir, OS: "linux", Version: "0.0.0"}
		p, err := sources.Load(w, []string{c.policy})
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := p.Resolve(t.Context())
		if got := string(d.Secret.Value.Reveal()); err != nil || got != c.key {
			t.Errorf("%s of %s in %q: %s (%v), want %s", c.program, c.policy, c.dir, got, err, c.key)
		}
	}
}
