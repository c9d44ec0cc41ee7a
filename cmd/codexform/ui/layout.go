package ui

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// Columns wider than these do not push the next one out for everybody.
const (
	maxName  = 64
	maxValue = 60

	longestName = 200 // of files in a heading
)

// row is one change of a plan as it is printed.
type row struct {
	kind                      meaning
	glyph, name, value, place string
	note                      string
	old, new                  string       // of a value that becomes another one
	address, table            plan.Address // of a key of config.toml, and the table that it stands in
}

// section is one file of a plan as it is printed.
type section struct {
	kind        meaning
	glyph, path string
	note        string
	rows        []row
}

// sections lays a plan out: the files of which there is something to say.
func sections(p plan.Plan) []section {
	var out []section
	if s, any := policySection(p); any {
		out = append(out, s)
	}
	for _, f := range p.Files {
		s := section{path: Visible(f.Path), note: fileNote(f), rows: rows(f.Changes)}
		s.glyph, s.kind = glyph(f.Action)
		if f.Changed() || len(s.rows) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func rows(changes []plan.Change) []row {
	var out []row
	for _, c := range changes {
		if c.Action == plan.NoOp && !c.Unknown && !keyStays(c) {
			continue
		}
		r := row{name: Visible(c.Address.String()), value: value(c), note: changeNote(c)}
		r.glyph, r.kind = glyph(c.Action)
		if c.Unknown && c.Action == plan.NoOp {
			r.glyph = "?"
		}
		if !c.Sensitive {
			r.place = place(c.Origin)
			if c.Action == plan.Update {
				r.old, r.new = Visible(c.Before.TOML()), Visible(c.After.TOML())
			}
		}
		if r.address = c.Address; len(c.Address) > 1 {
			r.table = c.Address[:min(len(c.Address)-1, 2)]
		}
		out = append(out, r)
	}
	return out
}

// keyStays reports a key that a reader would expect to change: the reason says why it
// does not.
func keyStays(c plan.Change) bool { return c.Sensitive && c.Action == plan.NoOp && c.Reason != "" }

func glyph(a plan.Action) (string, meaning) {
	switch a {
	case plan.Create:
		return "+", added
	case plan.Update:
		return "~", changed
	case plan.Delete:
		return "-", removed
	case plan.Release:
		return "·", faint
	}
	return " ", plain
}

// value says what becomes of a setting.
func value(c plan.Change) string {
	before, after := Visible(c.Before.TOML()), Visible(c.After.TOML())
	switch {
	case c.Sensitive:
		return secretValue(c)
	case c.Action == plan.Update:
		return become(before, after)
	case c.Action == plan.Create:
		return after
	}
	return before
}

func secretValue(c plan.Change) string {
	what := "secret"
	switch {
	case c.Unknown && c.Reason != "":
		return "(unknown: " + oneLine(Visible(c.Reason)) + ")"
	case c.Unknown:
		what = "known at apply"
	}
	if c.Source != "" {
		what += ", from " + Visible(c.Source)
	}
	switch {
	case c.Action == plan.Update && c.BeforeVersion != "" && c.AfterVersion != "" && c.BeforeVersion != c.AfterVersion:
		what += ", version " + Visible(c.BeforeVersion) + " → " + Visible(c.AfterVersion)
	case c.AfterVersion != "" && !c.Unknown:
		what += ", version " + Visible(c.AfterVersion)
	}
	return "(" + what + ")"
}

// place is where in the desired state a setting stands, without the column.
func place(o plan.Origin) string {
	if o.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", Visible(o.File), o.Line)
}

func changeNote(c plan.Change) string {
	var notes []string
	if c.Drift {
		notes = append(notes, "drift: changed since the last apply")
	}
	if c.Default {
		notes = append(notes, "a default")
	}
	if c.Action == plan.Release {
		notes = append(notes, "released")
	}
	if c.Reason != "" && !c.Unknown {
		notes = append(notes, Visible(c.Reason))
	}
	return paren(strings.Join(notes, "; "))
}

func fileNote(f plan.FileChange) string {
	switch {
	case f.Action == plan.Create:
		return newNote(f)
	case f.Action == plan.Delete:
		return paren("nothing would be left in it")
	case f.Action == plan.NoOp:
		return paren("stays as it is")
	case f.OldMode != f.Mode:
		return paren("mode " + octal(f.OldMode) + " → " + octal(f.Mode))
	}
	return ""
}

// newNote says who may read a new file: by its mode, or where there are none, in words.
func newNote(f plan.FileChange) string {
	switch {
	case f.Mode != 0:
		return paren("new, " + octal(f.Mode))
	case f.Path == plan.AuthFile:
		return paren("new, for its owner alone")
	}
	return paren("new")
}

func octal(mode uint32) string { return fmt.Sprintf("%04o", mode) }

func paren(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// widths are the widths of the name and value columns over all sections.
func widths(sections []section) (name, value int) {
	for _, s := range sections {
		for _, r := range s.rows {
			if n := cells(r.name); n <= maxName {
				name = max(name, n)
			}
			if n := cells(r.value); n <= maxValue && r.place+r.note != "" {
				value = max(value, n)
			}
		}
	}
	return name, value
}
