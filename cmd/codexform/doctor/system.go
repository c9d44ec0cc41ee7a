package doctor

import (
	"github.com/codexform/codexform/plan/codex"
)

// checkSystemFiles looks whose the files are that every user's Codex obeys. Codex itself
// does not ask: it obeys anybody's, and one that it cannot read stops every user. Only
// who may mend it is told: root, who works for root, an administrator of Windows.
func (e *exam) checkSystemFiles() {
	if !e.ForRoot {
		return
	}
	looked := map[string]bool{}
	for _, layer := range codex.LayerFiles(e.OS, e.getenv("ProgramData")) {
		for _, path := range e.wayTo(layer.Path) {
			if !looked[path] {
				e.checkSystemFile(path)
			}
			looked[path] = true
		}
	}
}
