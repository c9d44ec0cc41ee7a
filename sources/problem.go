package sources

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/hashicorp/go-multierror"
)

// Problem is one thing wrong in the desired state, and where. Its texts hold no
// value of the file.
type Problem struct {
	Origin  plan.Origin
	Rule    string // the rule of docs/reference/rules.md that tells more, mostly ""
	Message string // what is wrong: "provider.base_url: not a URL"
	Fix     string // what to do about it, "" when the message says it all
	Line    string // the line of the file that it is about, "" where none may be shown
}

// Error is "file:line:column: message; fix".
func (p Problem) Error() string {
	text := p.Message
	if at := p.Origin.String(); at != "" {
		text = at + ": " + text
	}
	if p.Fix != "" {
		text += "; " + p.Fix
	}
	return text
}

// Problems are all problems in an error of Load, sorted by file, line and column;
// none for any other error.
func Problems(err error) []Problem {
	var all *multierror.Error
	if !errors.As(err, &all) {
		return nil
	}
	var out []Problem
	for _, e := range all.Errors {
		if p, ok := e.(Problem); ok {
			out = append(out, p)
		}
	}
	return out
}

// problems collects what is wrong. Files count in the order in which they were
// named, so that a list of problems follows the reader's own order.
type problems struct {
	list     []Problem
	files    []string
	warnings []plan.Diagnostic
	lines    map[string][]string // of the files, to show them
	ended    error               // why the run was over before all was read, nil mostly
	around   map[string]string   // by folder of policies, one at or on the way to it that others may write
}

// keep remembers the lines of a file.
func (ps *problems) keep(file, text string) {
	if ps.lines == nil {
		ps.lines = map[string][]string{}
	}
	ps.lines[file] = strings.Split(text, "\n")
}

// line is the line that a problem is about, as far as it may be shown.
func (ps *problems) line(p Problem) string {
	lines := ps.lines[p.Origin.File]
	if p.Rule == "secret-in-file" || p.Origin.Line < 1 || p.Origin.Line > len(lines) {
		return ""
	}
	return source(lines[p.Origin.Line-1])
}

func (ps *problems) warn(d plan.Diagnostic) {
	if !slices.Contains(ps.warnings, d) {
		ps.warnings = append(ps.warnings, d)
	}
}

func (ps *problems) add(p Problem) { ps.list = append(ps.list, p) }

func (ps *problems) at(o plan.Origin, message, fix string) {
	ps.add(Problem{Origin: o, Message: message, Fix: fix})
}

// err is nil when nothing is wrong, else all problems, sorted, each once. What was not read
// because the run was told to end is no problem of the file.
func (ps *problems) err() error {
	if ps.ended != nil {
		return ps.ended
	}
	if len(ps.list) == 0 {
		return nil
	}
	slices.SortStableFunc(ps.list, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(ps.files, a.Origin.File), slices.Index(ps.files, b.Origin.File)),
			cmp.Compare(a.Origin.Line, b.Origin.Line),
			cmp.Compare(a.Origin.Column, b.Origin.Column),
			strings.Compare(a.Message, b.Message))
	})
	all := &multierror.Error{ErrorFormat: oneLineEach}
	for _, p := range slices.Compact(ps.list) {
		p.Line = ps.line(p)
		all.Errors = append(all.Errors, p)
	}
	return all
}

func oneLineEach(list []error) string {
	lines := make([]string, len(list))
	for i, e := range list {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}
