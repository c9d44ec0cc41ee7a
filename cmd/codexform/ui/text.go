package ui

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// proseWidth is how wide sentences run where the terminal does not say less.
const proseWidth = 100

// textView is the View for people at a terminal.
type textView struct {
	out, err io.Writer
	raw      io.Writer // for documents, and for commands to the CI system that are ours
	Options
	style, errStyle style
}

func (v *textView) Valid(d plan.Desired, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	settings := count(len(d.Settings), "setting")
	if n := len(d.Absent); n > 0 {
		settings += fmt.Sprintf(", %d to be absent", n)
	}
	if d.Secret != nil {
		settings += ", the key from " + Visible(d.Secret.Ref)
	}
	v.say(v.style.paint(success, "Valid:") + " " + list(d.Files, "and") + " (" + settings + ")")
}

func (v *textView) Plan(p plan.Plan, f *Failure) {
	v.plan(p)
	if f != nil {
		v.Fail(f)
	}
}

// gather keeps what is said until the function that it returns writes it at once.
func (v *textView) gather() (write func()) {
	var said bytes.Buffer
	out := v.out
	v.out = &said
	return func() {
		v.out = out
		_, _ = out.Write(said.Bytes())
	}
}

func (v *textView) Review(p plan.Plan) { v.plan(p) }

func (v *textView) plan(p plan.Plan) {
	defer v.gather()()
	if p.Interrupted {
		v.say(v.style.paint(warning, "An earlier run was cut off; the next apply first repairs what it left."))
	}
	if line := held(p); line != "" {
		v.say(v.style.paint(warning, line))
	}
	v.say(v.style.paint(heading, headline(p, v.home(p.Home))))
	v.review(p.Diagnostics)
	all := sections(p)
	name, val := widths(all)
	for _, s := range all {
		v.section(s, name, val)
	}
	v.diagnostics(p.Diagnostics)
	if p.Empty() {
		return
	}
	v.say("")
	v.say(v.style.paint(heading, planned(p)))
	if line := then(p); line != "" {
		v.say(line)
	}
}

func (v *textView) section(s section, name, val int) {
	v.say("")
	v.say(strings.TrimRight(v.style.paint(s.kind, s.glyph+" "+s.path)+"  "+s.note, " "))
	for _, r := range s.rows {
		v.say("  " + v.row(r, name, val))
	}
}

func (v *textView) row(r row, name, val int) string {
	line := v.style.paint(r.kind, r.glyph+" "+r.name) + blanks(r.name, name) + "  "
	if strings.HasPrefix(r.value, "(") {
		line += v.style.paint(secret, r.value)
	} else {
		line += r.value
	}
	if r.place+r.note == "" {
		return line
	}
	line += blanks(r.value, val)
	for _, more := range []string{r.place, r.note} {
		if more != "" {
			line += "  " + v.style.paint(faint, more)
		}
	}
	return line
}

// blanks fill a column up behind s.
func blanks(s string, width int) string { return strings.TrimPrefix(pad(s, width), s) }

func (v *textView) diagnostics(all []plan.Diagnostic) {
	for _, d := range all {
		if d.Severity == plan.Review {
			continue // they stand on top
		}
		v.say("")
		first := v.style.paint(severity(d.Severity), Visible(string(d.Severity))+":") + " " + Visible(d.Rule)
		if at := d.Origin.String(); at != "" {
			first += " at " + Visible(at)
		}
		v.say(first)
		v.prose("  ", d.Summary)
		if d.Fix != "" {
			v.prose("  fix: ", d.Fix)
		}
	}
}

func severity(s plan.Severity) meaning {
	switch s {
	case plan.Error:
		return failure
	case plan.Warning, plan.Review:
		return warning
	}
	return faint
}

func (v *textView) Apply(r apply.Result, f *Failure) {
	if r.Outcome == apply.Unchanged && r.Plan.Home != "" {
		v.plan(r.Plan)
	}
	if r.Outcome == apply.Held {
		v.say(v.style.paint(warning, held(r.Plan)))
	}
	if line := applied(r, v.home(r.Plan.Home)); line != "" {
		v.say("")
		v.say(v.style.paint(success, line))
	}
	if r.Confirm != nil && r.Confirm.OK() {
		v.prose("", confirmed(*r.Confirm, r.Credential))
	}
	for _, note := range notes(r) {
		v.prose("note: ", note)
	}
	if f != nil {
		v.Fail(f)
	}
}

func (v *textView) Confirm(c Confirmation, f *Failure) {
	v.say("The Codex home " + v.home(c.Home))
	if f != nil {
		v.Fail(f)
		return
	}
	v.prose("", confirmed(c.Answer, c.Credential))
}

func (v *textView) Demo(_ []Step, f *Failure) {
	if f != nil {
		v.Fail(f)
	}
}

// built is when a commit was made, after it.
func built(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", " + t.UTC().Format(time.RFC3339)
}

func (v *textView) Version(b Build) {
	line := "codexform " + b.Version
	if b.Commit != "" {
		line += " (" + b.Commit + built(b.Time) + ")"
	}
	v.say(line + ", " + b.Go + ", " + b.OS + "/" + b.Arch)
}

func (v *textView) Document(doc []byte) { v.raw.Write(doc) }

func (v *textView) Text(_, text string) { fmt.Fprint(v.raw, text) }

func (v *textView) Warn(text string) { v.complain(warning, "warning", text) }

func (v *textView) Fail(f *Failure) {
	for _, p := range f.Problems {
		fmt.Fprintln(v.err, Visible(p.line()))
		for _, line := range p.caret() {
			fmt.Fprintln(v.err, v.errStyle.paint(faint, line))
		}
	}
	v.complain(failure, "error", f.Message)
	for _, hint := range f.hints {
		v.complain(warning, "hint", hint)
	}
	for _, note := range f.Notes {
		v.complain(plain, "note", note)
	}
}

func (v *textView) complain(m meaning, what, text string) {
	fmt.Fprintln(v.err, "codexform: "+v.errStyle.paint(m, what+":")+" "+Visible(text))
}

// say prints one line of the answer.
func (v *textView) say(line string) { fmt.Fprintln(v.out, line) }

// prose prints a sentence over as many lines as it needs, all as far in as the
// first one's blanks.
func (v *textView) prose(lead, text string) {
	width := proseWidth
	if v.Width > 0 {
		width = min(width, v.Width)
	}
	for _, line := range wrap(lead, Visible(text), width) {
		v.say(line)
	}
}

// wrap breaks text at blanks; later lines stand under the first one's words.
func wrap(lead, text string, width int) []string {
	indent := strings.Repeat(" ", cells(lead))
	lines := []string{lead}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case strings.TrimRight(*last, " ") == strings.TrimRight(indent, " ") || *last == lead:
			*last += word
		case cells(*last)+1+cells(word) > width:
			lines = append(lines, indent+word)
		default:
			*last += " " + word
		}
	}
	return lines
}
