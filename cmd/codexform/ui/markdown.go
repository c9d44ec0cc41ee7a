package ui

import (
	"fmt"
	"io"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// markdownView is the View for a pull request's comment or a CI step's summary.
// Failures also go where the text view says them.
type markdownView struct {
	out  io.Writer
	text *textView
}

func (v *markdownView) Valid(d plan.Desired, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	v.say("**codexform:** %s is valid.", mdText(list(d.Files, "and")))
}

func (v *markdownView) Plan(p plan.Plan, f *Failure) {
	v.plan(p)
	if f != nil {
		v.Fail(f)
	}
}

func (v *markdownView) Review(plan.Plan) {}

func (v *markdownView) plan(p plan.Plan) {
	if p.Empty() {
		v.say("### codexform: nothing to do\n")
	} else {
		s := p.Summary()
		v.say("### codexform: %d to create, %d to update, %d to delete\n", s.Create, s.Update, s.Delete)
	}
	if p.Interrupted {
		v.say("**An earlier run was cut off; the next apply first repairs what it left.**\n")
	}
	if line := held(p); line != "" {
		v.say("**%s**\n", mdText(line))
	}
	all := sections(p)
	name, val := widths(all)
	for _, s := range all {
		v.section(s, name, val)
	}
	v.diagnostics(p.Diagnostics)
	if !p.Empty() {
		v.say("%s", mdText(planned(p)))
		if line := then(p); line != "" {
			v.say("\n%s", mdText(line))
		}
	}
}

// section is one file, folded: its changes as a diff block, where no text of a
// value can end the block, because each line begins with its action.
func (v *markdownView) section(s section, name, val int) {
	title := mdText(strings.TrimSpace(s.path + "  " + s.note))
	v.say("<details open><summary>%s: %s</summary>\n\n```diff", title, count(len(s.rows), "change"))
	for _, r := range s.rows {
		if r.glyph == "~" {
			r.glyph = "!"
		}
		v.say("%s", (&textView{}).row(r, name, val))
	}
	v.say("```\n\n</details>\n")
}

func (v *markdownView) diagnostics(all []plan.Diagnostic) {
	for _, d := range all {
		line := fmt.Sprintf("- **%s: %s**", d.Severity, d.Rule)
		if at := d.Origin.String(); at != "" {
			line += " at " + mdText(Visible(at))
		}
		v.say("%s  \n  %s", line, mdText(oneLine(Visible(d.Summary))))
		if d.Fix != "" {
			v.say("  _Fix:_ %s", mdText(oneLine(Visible(d.Fix))))
		}
	}
	if len(all) > 0 {
		v.say("")
	}
}

func (v *markdownView) Apply(r apply.Result, f *Failure) {
	if r.Plan.Home != "" {
		v.plan(r.Plan)
		v.say("")
	}
	if line := applied(r, v.text.home(r.Plan.Home)); line != "" {
		v.say("**%s**\n", mdText(line))
	}
	if r.Confirm != nil && r.Confirm.OK() {
		v.say("%s\n", mdText(Visible(confirmed(*r.Confirm, r.Credential))))
	}
	for _, note := range notes(r) {
		v.say("- %s", mdText(Visible(note)))
	}
	if f != nil {
		v.Fail(f)
	}
}

func (v *markdownView) Confirm(c Confirmation, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	v.say("%s: %s", mdText(v.text.home(c.Home)), mdText(Visible(confirmed(c.Answer, c.Credential))))
}

func (v *markdownView) Demo(_ []Step, f *Failure) {
	if f != nil {
		v.Fail(f)
	}
}

func (v *markdownView) Version(b Build) { v.text.Version(b) }

func (v *markdownView) Document(doc []byte) { v.out.Write(doc) }

func (v *markdownView) Text(name, text string) { v.text.Text(name, text) }

func (v *markdownView) Warn(text string) { v.text.Warn(text) }

func (v *markdownView) Fail(f *Failure) {
	v.text.Fail(f)
	v.say("### codexform: error\n\n%s\n", mdText(oneLine(Visible(f.Message))))
	for _, p := range f.Problems {
		v.say("- %s", mdText(Visible(p.line())))
	}
	for _, more := range append(f.hints[:len(f.hints):len(f.hints)], f.Notes...) {
		v.say("- %s", mdText(Visible(more)))
	}
}

func (v *markdownView) say(format string, args ...any) { fmt.Fprintf(v.out, format+"\n", args...) }

// mdText is s with nothing in it that Markdown or HTML would act on.
func mdText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&' || r == '<' || r == '>':
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]()#+-!|~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
