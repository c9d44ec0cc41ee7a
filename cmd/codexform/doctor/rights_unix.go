//go:build !windows

package doctor

import (
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// Elevated is false: root is told by its number.
func Elevated() bool { return false }

// owner is the user that a file or folder belongs to, where that is known.
func (e *exam) owner(path string) (uid uint32, ok bool) {
	info, err := e.Fs.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}

// wayTo is a file of the machine's own, after what lies above it and may be somebody's.
func (e *exam) wayTo(path string) []string { return []string{filepath.Dir(path), path} }

func (e *exam) checkSystemFile(path string) {
	info, err := e.Fs.Stat(path)
	uid, known := e.owner(path)
	if err != nil || !known {
		return
	}
	mode, open := info.Mode().Perm(), "644"
	wanted := uint32(0o004)
	if info.IsDir() {
		wanted, open = 0o005, "755"
	}
	seen := fmt.Sprintf("%s has mode %04o and belongs to uid %d", path, mode, uid)
	if uint32(mode)&wanted != wanted {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "system-file-closed", Summary: "no user's Codex starts: they may not read " + path,
			Evidence: seen, Fix: "chmod " + open + " " + path,
		})
	}
	if uid != 0 || mode&0o022 != 0 {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "system-file-writable", Summary: "others than root may change what every user's Codex obeys: " + path,
			Evidence: seen, Fix: "chown root " + path + " && chmod " + open + " " + path,
		})
	}
}

// letIn is the command that opens to users what is closed to them.
func (e *exam) letIn(path string, run bool) string {
	right := "r"
	switch info, err := e.Fs.Stat(path); {
	case err == nil && info.IsDir():
		right = "x"
	case run:
		right = "rx"
	}
	return "chmod o+" + right + " " + path
}
