package ui

import (
	"encoding/json"
	"fmt"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// gitlabView says a plan as the report that GitLab shows in a merge request's widget:
// the counts, and nothing else on stdout. The plan itself is for the job's log, in a
// section that folds, with the colours that the log shows.
type gitlabView struct {
	*textView
	log *textView // the second stream, in colours
}

func newGitlabView(text *textView) *gitlabView {
	log := *text
	log.out, log.style, log.errStyle = &inert{to: text.rawErr, colour: true}, style{true}, style{true}
	log.err = log.out
	return &gitlabView{text, &log}
}

func (v *gitlabView) Plan(p plan.Plan, f *Failure) {
	v.section("codexform plan", func() { v.log.plan(p) })
	if f != nil {
		v.Fail(f)
	}
	s := p.Summary()
	s.Update += len(p.Policy) // the widget knows no other word for them
	report, err := json.Marshal(map[string]int{"create": s.Create, "update": s.Update, "delete": s.Delete})
	if err != nil {
		panic("counts that JSON cannot hold: " + err.Error())
	}
	v.say(string(report))
}

// section is a part of the job's log that folds.
func (v *gitlabView) section(title string, say func()) {
	const name = "codexform"
	fmt.Fprintf(v.rawErr, "\x1b[0Ksection_start:%d:%s\r\x1b[0K%s\n", v.Now.Unix(), name, title)
	say()
	fmt.Fprintf(v.rawErr, "\x1b[0Ksection_end:%d:%s\r\x1b[0K\n", v.Now.Unix(), name)
}

func (v *gitlabView) Saved(d plan.Document) { v.Plan(d.Plan(), nil) }

// Fail says why, in red, at the end of the log: GitLab takes findings at a line from
// reports only, which --format codequality and junit write.
func (v *gitlabView) Fail(f *Failure) { v.log.Fail(f) }

func (v *gitlabView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
	if f != nil {
		v.Fail(f)
		return
	}
	v.textView.Valid(d, found, nil)
}

func (v *gitlabView) Review(p plan.Plan) {
	v.section("codexform plan", func() { v.log.plan(p) })
}

func (v *gitlabView) Apply(r apply.Result, f *Failure) { v.applyWith(v, r, f) }

func (v *gitlabView) Confirm(c Confirmation, f *Failure) { v.confirmWith(v, c, f) }
