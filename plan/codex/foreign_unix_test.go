//go:build unix

package codex_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rootAlone skips a test that only root can play.
func rootAlone(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("only root can play this")
	}
	t.Skip("SKIPPED, NOTHING IS PROVED: only root can play this")
}

// A Codex that somebody else may change never runs as root, whichever link, folder or
// interpreter it is that is theirs; root's own does.
func TestRootRunsNoProgramOfOthers(t *testing.T) {
	rootAlone(t)
	const other = 23456
	for name, c := range map[string]struct {
		make func(t *testing.T, dir, program string)
		as   string
	}{
		"root's own":          {func(*testing.T, string, string) {}, "0"},
		"another's":           {func(t *testing.T, _, program string) { ok(t, os.Chown(program, other, other)) }, "65534"},
		"a group's":           {func(t *testing.T, _, program string) { ok(t, os.Chmod(program, 0o775)) }, "65534"},
		"in another's folder": {func(t *testing.T, dir, _ string) { ok(t, os.Chown(dir, other, other)) }, "65534"},
		"in everybody's":      {func(t *testing.T, dir, _ string) { ok(t, os.Chmod(dir, 0o777)) }, "65534"},
		"in a sticky one":     {func(t *testing.T, dir, _ string) { ok(t, os.Chmod(dir, 0o777|os.ModeSticky)) }, "0"},
		"by another's link": {func(t *testing.T, dir, program string) {
			movedAway(t, dir, program)
			ok(t, os.Lchown(program, other, other))
		}, "65534"},
		"by root's link":      {func(t *testing.T, dir, program string) { movedAway(t, dir, program) }, "0"},
		"by a link to theirs": {func(t *testing.T, dir, program string) { ok(t, os.Chown(movedAway(t, dir, program), other, other)) }, "65534"},
		"another's interpreter": {func(t *testing.T, dir, program string) {
			ok(t, os.Chown(interpreted(t, dir, program, "#!"+filepath.Join(dir, "node")), other, other))
		}, "65534"},
		"another's on the PATH": {func(t *testing.T, dir, program string) {
			t.Setenv("PATH", dir+":/usr/bin:/bin")
			ok(t, os.Chown(interpreted(t, dir, program, "#!/usr/bin/env node"), other, other))
		}, "65534"},
	} {
		t.Run(name, func(t *testing.T) {
			b := program(t, "")
			dir := filepath.Dir(b.Path)
			ran := filepath.Join(t.TempDir(), "ran")
			ok(t, os.WriteFile(ran, nil, 0o666))
			ok(t, os.Chmod(ran, 0o666))
			ok(t, os.WriteFile(b.Path, []byte("#!/bin/sh\nid -u >> "+ran+"\necho '{\"appServerVersion\":\"9\"}'\necho codex-cli 0.171.0\n"), 0o755))
			openToAll(t, b.Path)
			openToAll(t, ran)
			ok(t, os.Chmod(ran, 0o666))
			c.make(t, dir, b.Path)
			_, err := b.Version(t.Context())
			err2 := b.Loads(t.Context(), []byte("model = \"m\"\n"))
			seen, _ := os.ReadFile(ran)
			if got := strings.Fields(string(seen)); err != nil || err2 != nil || len(got) != 2 || got[0] != c.as || got[1] != c.as {
				t.Errorf("ran as %v, want %s twice: %v, %v", got, c.as, err, err2)
			}
		})
	}
}

// movedAway moves a program to where it is called real, and leaves a link.
func movedAway(t *testing.T, dir, program string) (at string) {
	at = filepath.Join(dir, "real")
	ok(t, os.Rename(program, at))
	ok(t, os.Symlink("real", program))
	return at
}

// interpreted makes a program a script of an interpreter called node, which is a shell.
func interpreted(t *testing.T, dir, program, line string) (node string) {
	node = filepath.Join(dir, "node")
	shell, err := os.ReadFile("/bin/sh")
	ok(t, err)
	ok(t, os.WriteFile(node, shell, 0o755))
	script, err := os.ReadFile(program)
	ok(t, err)
	ok(t, os.WriteFile(program, []byte(strings.Replace(string(script), "#!/bin/sh", line, 1)), 0o755))
	return node
}

// What a Codex refuses that root does not run as itself is said with the reason.
func TestRefusalOfAForeignProgram(t *testing.T) {
	rootAlone(t)
	b := program(t, `echo '{"error":{"message":"bad","data":{"detail":"bad"}}}'; exit 1`)
	openToAll(t, b.Path)
	ok(t, os.Chown(b.Path, 23456, 23456))
	err := b.Loads(t.Context(), []byte("model = \"m\"\n"))
	if err == nil || !strings.Contains(err.Error(), "asked as nobody") || !strings.Contains(err.Error(), b.Path) {
		t.Errorf("%v", err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
