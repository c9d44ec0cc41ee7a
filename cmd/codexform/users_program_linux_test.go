package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// A program that its owner alone may run, which is what Ansible leaves on a host and what
// a strict umask installs, serves every user all the same.
func TestUsersOfAProgramOfRootAlone(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.program = closed(t, m.program)
	m.policy("http://127.0.0.1:1", 0)
	m.must(os.WriteFile(m.yaml, []byte("version: 1\nsettings: {model: gpt-5.4}\n"), 0o644))
	if out, code := m.apply("--all-users"); code != 0 {
		t.Fatalf("apply: %d\n%s", code, out)
	}
	for i := range 2 {
		m.owned(i)
		m.holds(m.codex(i, "config.toml"), `model = "gpt-5.4"`)
	}
	if out, code := m.run("status", "-f", m.yaml, "--all-users"); code != 0 {
		t.Errorf("status: %d\n%s", code, out)
	}
}

// closed copies a program to where root alone may run it.
func closed(t *testing.T, program string) string {
	t.Helper()
	from, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(t.TempDir(), "codexform"), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
