package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
)

// Confirmation is what a gateway answered, and which credential it was shown.
type Confirmation struct {
	Home       string // the Codex home whose files were gone by
	Answer     gateway.Answer
	Credential string
}

// applied is the sentence for an apply that wrote something, else "".
func applied(r apply.Result, home string) string {
	if r.Outcome != apply.Applied {
		return ""
	}
	s := r.Plan.Summary()
	return fmt.Sprintf("Applied: %d created, %d updated, %d deleted in %s.", s.Create, s.Update, s.Delete, home)
}

// confirmed is the sentence for a gateway that said yes.
func confirmed(a gateway.Answer, credential string) string {
	what := "answered with a list of models"
	switch {
	case a.Every && len(a.Wanted) > 0:
		what = `lists "*", which stands for every model, so for ` + list(a.Wanted, "and") + " too"
	case len(a.Wanted) > 0:
		what = "lists " + list(a.Wanted, "and")
	}
	tries := ""
	if a.Attempts > 1 {
		tries = fmt.Sprintf(" and %d attempts", a.Attempts)
	}
	return fmt.Sprintf("Confirmed: %s %s (%s in %s%s, key from %s).",
		a.URL, what, count(a.Listed, "model"), a.Elapsed.Round(time.Millisecond), tries, credential)
}

// notes are what people should know after an apply.
func notes(r apply.Result) []string {
	out := r.Notes
	if r.KeyChanged && (r.Outcome == apply.Applied || r.Outcome == apply.Kept) {
		out = append(out[:len(out):len(out)], "the key changed: restart running Codex processes, they keep the old one until then")
	}
	if why := stillStopped(r.Plan.Diagnostics); why != "" && r.Outcome == apply.Applied {
		out = append(out[:len(out):len(out)], "Codex does not start yet, for another reason: "+why)
	}
	return out
}

// stillStopped is what keeps Codex from starting beside the policy, "" for nothing.
func stillStopped(found []plan.Diagnostic) string {
	for _, d := range found {
		if d.Stops && d.Severity == plan.Warning {
			return d.Summary
		}
	}
	return ""
}

// oneLine is a text with its line breaks made blanks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// line is the problem as compilers say theirs, so that editors find the place.
func (p Problem) line() string {
	line := p.Message
	if at := p.Origin.String(); at != "" {
		line = at + ": " + line
	}
	if p.Fix != "" {
		line += "; " + p.Fix
	}
	return line
}

// caret is the line that a problem is about with a mark below its place, nothing where
// there is none to show. Of a line that is wider than the screen it is what is around it.
func (p Problem) caret(width int, plain bool) []string {
	if p.Line == "" || p.Origin.Column < 1 || p.Origin.Column > len([]rune(p.Line))+1 {
		return nil
	}
	const in = "    "
	show := func(runes []rune) string {
		if plain {
			return ascii(Visible(string(runes)))
		}
		return Visible(string(runes))
	}
	line, at := []rune(p.Line), p.Origin.Column-1
	room := max(width-len(in), minCut)
	from := 0
	for at-from > 1 && cells(show(line[from:at])) > room*2/3 && cells(show(line)) > room {
		from++
	}
	return []string{
		in + taken([]rune(show(line[from:])), room),
		in + strings.Repeat(" ", cells(show(line[from:at]))) + "^",
	}
}
