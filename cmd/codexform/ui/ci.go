package ui

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// githubView says findings and problems as workflow commands, which GitHub shows
// at their lines of a pull request. What has no place in the YAML it says as the
// text view does.
type githubView struct{ *textView }

func (v *githubView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
	for _, d := range found {
		v.annotate(level(d.Severity), d.Origin, d.Rule, d.Summary, d.Fix)
	}
	if f == nil {
		v.textView.Valid(d, nil, nil)
		return
	}
	v.Fail(f)
}

func (v *githubView) Plan(p plan.Plan, f *Failure) {
	shown, yours := v.grouped(p.Diagnostics)
	for _, d := range inTurn(shown) {
		v.annotate(level(d.Severity), d.Origin, d.Rule, d.Summary, d.Fix)
	}
	if yours != "" {
		v.annotate("notice", plan.Origin{}, "yours", yours, "") // no line of this repository
	}
	if p.Compared {
		for _, c := range p.Policy {
			v.annotate("notice", c.Origin, "policy", policyLine(c), "")
		}
	}
	v.say(headline(p, v.home(p.Home)))
	v.table(p)
	if !p.Empty() {
		v.say(planned(p))
		if line := then(p); line != "" {
			v.say(line)
		}
	}
	if f != nil {
		v.Fail(f)
	}
}

func (v *githubView) Saved(d plan.Document) { v.Plan(d.Plan(), nil) }

func (v *githubView) Fail(f *Failure) {
	for _, p := range f.Problems {
		v.annotate("error", p.Origin, p.Rule, p.Message, p.Fix)
	}
	if len(f.Problems) == 0 {
		v.annotate("error", plan.Origin{}, f.Code, f.became(), f.Hint)
	}
	v.textView.Fail(f)
}

// Review annotates what an apply is about to do, as a plan does: nobody is asked here.
func (v *githubView) Review(p plan.Plan) { v.Plan(p, nil) }

func (v *githubView) Apply(r apply.Result, f *Failure) {
	if r.Outcome == apply.Unchanged && r.Plan.Home != "" {
		v.Plan(r.Plan, nil)
		r.Plan = plan.Plan{}
	}
	v.applyWith(v, r, f)
}

func (v *githubView) Confirm(c Confirmation, f *Failure) { v.confirmWith(v, c, f) }

// applyWith is the text view's Apply for a view that fails in its own way.
func (v *textView) applyWith(own failer, r apply.Result, f *Failure) {
	v.Apply(r, nil)
	if f != nil {
		own.Fail(f)
	}
}

// confirmWith is the text view's Confirm for a view that fails in its own way.
func (v *textView) confirmWith(own failer, c Confirmation, f *Failure) {
	if f != nil {
		own.Fail(f)
		return
	}
	v.Confirm(c, nil)
}

// failer says why there is no answer.
type failer interface{ Fail(f *Failure) }

// planWith says a plan, and why it is not whole, in the view's own way.
func planWith(own failer, say func(plan.Plan), p plan.Plan, f *Failure) {
	say(p)
	if f != nil {
		own.Fail(f)
	}
}

func level(s plan.Severity) string {
	switch s {
	case plan.Error, plan.Warning:
		return string(s)
	case plan.Review:
		return "warning"
	}
	return "notice"
}

// annotate prints one workflow command.
func (v *githubView) annotate(level string, at plan.Origin, title, text, fix string) {
	var properties []string
	if at.File != "" {
		properties = append(properties, "file="+property(at.File))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d,col=%d", at.Line, at.Column))
		}
	}
	if title != "" {
		properties = append(properties, "title="+property(title))
	}
	if fix != "" {
		text += "\nfix: " + fix
	}
	fmt.Fprintln(v.raw, "::"+level+strings.TrimRight(" "+strings.Join(properties, ","), " ")+"::"+message(text))
}

// message is a text that cannot end its workflow command, nor begin another.
func message(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(inertText(Visible(line)), "%", "%25")
	}
	return strings.Join(lines, "%0A")
}

func property(s string) string {
	s = strings.ReplaceAll(inertText(Visible(s)), "%", "%25")
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(s)
}
