//go:build !windows

package codex

import (
	"os"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
)

// ClosedToUsers is the first file or folder on the way to a path that a user without any
// rights of their own may not pass, "" where everybody reaches it: may read it, and with
// run may run it. What is not there is not closed.
func ClosedToUsers(path string, run bool) string {
	defer stall.Enter(stall.Look, "", path).Leave()
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	wanted := os.FileMode(0o004)
	if run {
		wanted = 0o005
	}
	for at := real; ; at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && info.Mode().Perm()&wanted != wanted {
			return at
		}
		if wanted = 0o001; at == filepath.Dir(at) {
			return ""
		}
	}
}

// reachable is a folder for temporary files, or another one where users cannot get to it,
// as to the TMPDIR that root may have for itself.
func reachable(dir string) string {
	const all = "/tmp"
	if os.Geteuid() == 0 && ClosedToUsers(dir, false) != "" && ClosedToUsers(all, false) == "" {
		return all
	}
	return dir
}
