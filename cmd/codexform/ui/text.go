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
