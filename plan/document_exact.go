package plan

import (
	"slices"
	"unicode/utf8"
)

// DocExact holds, byte for byte, the names of a stored plan that are not UTF-8: JSON
// has no words for them, and a name that came back as another one would be another
// home or another desired state.
type DocExact struct {
	CodexHome []byte   `json:"codex_home,omitempty"`
	Files     [][]byte `json:"files,omitempty"`
}

// KeepExact puts the names that are not UTF-8 into a Document that is to be stored
// and applied again. Call it when the names are those that may be shown.
func (d *Document) KeepExact() {
	var exact DocExact
	if !utf8.ValidString(d.CodexHome) {
		exact.CodexHome = []byte(d.CodexHome)
	}
	if slices.ContainsFunc(d.Desired.Files, func(file string) bool { return !utf8.ValidString(file) }) {
		for _, file := range d.Desired.Files {
			exact.Files = append(exact.Files, []byte(file))
		}
	}
	if exact.CodexHome != nil || exact.Files != nil {
		d.Exact = &exact
	}
}

// takeExact gives a Document that was read the names it was stored with.
func (d *Document) takeExact() {
	if d.Exact == nil {
		return
	}
	if len(d.Exact.CodexHome) > 0 {
		d.CodexHome = string(d.Exact.CodexHome)
	}
	for i, file := range d.Exact.Files {
		if i < len(d.Desired.Files) {
			d.Desired.Files[i] = string(file)
		}
	}
	d.Exact = nil
}
