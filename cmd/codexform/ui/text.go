package ui

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// proseWidth is how wide sentences run on a terminal that is wider.
const proseWidth = 100

// textView is the View for people at a terminal.
type textView struct {
	out, err io.Writer
	// raw and rawErr are for documents, and for commands to the CI system that are ours.
	raw, rawErr io.Writer
	Options
	style, errStyle style
}

func (v *textView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
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
	v.led(success, "Valid: ", list(d.Files, "and")+" ("+settings+")")
	v.diagnostics(found)
}

func (v *textView) Plan(p plan.Plan, f *Failure) { planWith(v, v.plan, p, f) }

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
		v.sentence(warning, "An earlier run was cut off; the next apply first repairs what it left.")
	}
	if line := held(p); line != "" {
		v.sentence(warning, line)
	}
	shown, yours := v.grouped(p.Diagnostics)
	if p.Empty() {
		v.sentence(heading, strings.TrimSpace(headline(p, v.home(p.Home))+" "+yours))
	} else {
		v.sentence(heading, headline(p, v.home(p.Home)))
	}
	v.review(p.Diagnostics)
	v.table(p)
	v.diagnostics(shown)
	if p.Empty() {
		return
	}
	v.say("")
	if yours != "" {
		v.prose("", yours)
	}
	v.sentence(heading, planned(p))
	if line := then(p); line != "" {
		v.prose("", line)
	}
}

// table prints what changes, a line for each key where that has room.
func (v *textView) table(p plan.Plan) {
	all := sections(p)
	for i := range all {
		if !v.Full {
			all[i].rows = folded(all[i].rows)
		}
		all[i].rows = v.plainRows(all[i].rows)
	}
	v.layOut(all, func(s section) {
		v.say("")
		v.title(s)
	})
}

// layOut prints sections, a line for each row where every row has room on one.
func (v *textView) layOut(all []section, title func(section)) {
	name, val := widths(all)
	fits := v.fits(all, name, val)
	for _, s := range all {
		title(s)
		for _, r := range s.rows {
			if fits {
				v.say("  " + v.row(r, name, val))
			} else {
				v.stacked(r)
			}
		}
	}
}

func (v *textView) title(s section) {
	lines := wrap("", strings.TrimRight(s.path+"  "+s.note, " "), v.lineWidth()-len("~ "))
	if len(lines) == 1 {
		v.say(strings.TrimRight(v.style.paint(s.kind, s.glyph+" "+s.path)+"  "+s.note, " "))
		return
	}
	v.say(v.style.paint(s.kind, s.glyph+" "+s.path))
	v.prose("  ", s.note)
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
		first := Visible(d.Rule)
		if at := d.Origin.String(); at != "" {
			first += " at " + Visible(at)
		}
		v.led(severity(d.Severity), Visible(string(d.Severity))+": ", first)
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
		v.sentence(warning, held(r.Plan))
	}
	if line := applied(r, v.home(r.Plan.Home)); line != "" {
		v.say("")
		v.sentence(success, line)
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
		v.problem(p)
		for _, line := range p.caret(v.lineWidth(), v.ErrASCII) {
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

// problem prints where and what, on a line that compilers and editors know the form of,
// wrapped on a terminal.
func (v *textView) problem(p Problem) {
	text := Visible(p.line())
	if v.ErrASCII {
		text = ascii(text)
	}
	if cells(text) <= v.lineWidth() {
		fmt.Fprintln(v.err, text)
		return
	}
	const in = "  "
	for i, line := range wrap("", text, v.lineWidth()-len(in)) {
		if i > 0 {
			line = in + line
		}
		fmt.Fprintln(v.err, line)
	}
}

func (v *textView) complain(m meaning, what, text string) {
	lead := "codexform: " + what + ": "
	text = Visible(text)
	if v.ErrASCII {
		text = ascii(text)
	}
	lines := wrap(lead, text, v.lineWidth())
	if v.lineWidth() == unwrapped {
		lines = []string{lead + text}
	}
	for i, line := range lines {
		if i == 0 {
			line = "codexform: " + v.errStyle.paint(m, what+":") + " " + strings.TrimPrefix(line, lead)
		}
		fmt.Fprintln(v.err, line)
	}
}

// say prints one line of the answer.
func (v *textView) say(line string) { fmt.Fprintln(v.out, line) }

// unwrapped is a width that every sentence has room in.
const unwrapped = math.MaxInt32

// lineWidth is how wide sentences run: no wider than people read well, nor than the
// terminal. Where there is none, a sentence is one line, for what reads lines.
func (v *textView) lineWidth() int {
	if v.Width <= 0 {
		return unwrapped
	}
	return min(proseWidth, v.Width)
}

// prose prints a sentence over as many lines as it needs, all as far in as the
// first one's blanks.
func (v *textView) prose(lead, text string) {
	for _, line := range wrap(lead, v.plain(Visible(text)), v.lineWidth()) {
		v.say(line)
	}
}

// sentence prints a sentence in a colour.
func (v *textView) sentence(m meaning, text string) {
	for _, line := range wrap("", v.plain(text), v.lineWidth()) {
		v.say(v.style.paint(m, line))
	}
}

// led prints a sentence behind a coloured word.
func (v *textView) led(m meaning, lead, text string) {
	for i, line := range wrap(lead, v.plain(text), v.lineWidth()) {
		if i == 0 {
			line = v.style.paint(m, strings.TrimRight(lead, " ")) + " " + strings.TrimPrefix(line, lead)
		}
		v.say(line)
	}
}
