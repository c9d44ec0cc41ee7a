//go:build unix

package codex_test

import (
	"os"
	"path/filepath"
	"testing"
)

// Who is not root gets to the copy of a home and to a folder for temporary files, whatever
// TMPDIR root has for itself.
func TestUserReachesTheCopy(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("only root can play this")
		}
		t.Skip("SKIPPED, NOTHING IS PROVED: only root can play this")
	}
	b := program(t, `[ "$(id -u)" != 0 ] && cat "$CODEX_HOME/config.toml" >/dev/null && touch "$TMPDIR/file" && echo '{"appServerVersion":"9"}'`)
	b.AsUser = true
	openToAll(t, b.Path)
	own := filepath.Join(t.TempDir(), "roots")
	if err := os.Mkdir(own, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/tmp", own} {
		t.Setenv("TMPDIR", dir)
		if err := b.Loads(t.Context(), []byte("model = \"m\"\n")); err != nil {
			t.Errorf("TMPDIR=%s: %v", dir, err)
		}
	}
}

// openToAll lets everybody run a program of a test.
func openToAll(t *testing.T, path string) {
	t.Helper()
	for at := path; at != os.TempDir() && at != "/tmp" && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
