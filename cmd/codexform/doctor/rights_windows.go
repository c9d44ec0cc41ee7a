package doctor

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/access"
	"github.com/codexform/codexform/plan/codex"
)

// accessOf is who may do what with a file or folder, and whose it is. Tests have another:
// Wine keeps no lists.
var accessOf = access.Of

// Elevated reports whether this process may mend what belongs to the machine.
func Elevated() bool { return access.Elevated() }

// owner is not known on Windows, where rights do not follow from it.
func (e *exam) owner(string) (uid uint32, ok bool) { return 0, false }

// wayTo is a file of the machine's own after all folders above it, from the volume's root
// down: everybody may make a folder in ProgramData. Where there is no such folder, there
// is nothing to obey.
func (e *exam) wayTo(path string) []string {
	if _, err := e.Fs.Stat(filepath.Dir(path)); err != nil {
		return nil
	}
	way := []string{path}
	for above := filepath.Dir(path); above != way[len(way)-1]; above = filepath.Dir(above) {
		way = append(way, above)
	}
	slices.Reverse(way)
	return way
}

func (e *exam) checkSystemFile(path string) {
	list, owner, err := accessOf(path)
	if err != nil {
		return // not there, or nobody tells
	}
	kind := e.kindOf(path)
	if fault, fix := access.Fault(list, owner, kind); fault != "" {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "system-file-writable", Summary: "others than administrators may change what every user's Codex obeys: " + path + " " + fault,
			Evidence: "its list: " + list, Fix: `look at what is in it, then: icacls "` + path + `"` + fix,
		})
	}
	if (kind == access.File || kind == access.Folder) && !access.Readable(list) {
		e.find(ui.Finding{
			Severity: plan.Error, ID: "system-file-closed", Summary: "no user's Codex starts: they may not read " + path,
			Evidence: "its list: " + list, Fix: e.letIn(path, false),
		})
	}
}

// kindOf is what a path is on the way to a file of the machine's own.
func (e *exam) kindOf(path string) access.Kind {
	info, err := e.Fs.Stat(path)
	switch {
	case err != nil || !info.IsDir():
		return access.File
	case strings.EqualFold(path, codex.SystemHome(e.OS, e.getenv("ProgramData"))):
		return access.Folder
	case filepath.Dir(path) == path:
		return access.Volume
	}
	return access.Above
}

// letIn is the command that opens to users what is closed to them.
func (e *exam) letIn(path string, _ bool) string {
	return `icacls "` + path + `" /grant *S-1-5-32-545:RX`
}
