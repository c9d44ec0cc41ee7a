package doctor

import (
	"fmt"
	"path/filepath"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// checkSystemFiles looks whose the files are that every user's Codex obeys. Codex itself
// does not ask: it obeys anybody's, and one that it cannot read stops every user. Only
// root, or who works for root, is told, because only root can mend it.
func (e *exam) checkSystemFiles() {
	if !e.ForRoot {
		return
	}
	looked := map[string]bool{}
	for _, layer := range codex.LayerFiles(e.OS, e.getenv("ProgramData")) {
		for _, path := range []string{filepath.Dir(layer.Path), layer.Path} {
			if !looked[path] {
				e.checkSystemFile(path)
			}
			looked[path] = true
		}
	}
}

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
