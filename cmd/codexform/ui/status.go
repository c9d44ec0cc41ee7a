package ui

import (
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/status"
)

func (v *textView) Status(all []status.Status, f *Failure) {
	for _, s := range all {
		line := s.Line()
		if s.User != "" {
			line = s.User + ": " + line
		}
		v.say(v.style.paint(statusMeaning(s), Visible(line)))
	}
	if f != nil {
		v.Fail(f)
	}
}

func statusMeaning(s status.Status) meaning {
	switch s.State {
	case status.InSync:
		return success
	case status.Failed:
		return failure
	case status.Drift:
		return warning
	}
	return faint
}

func (v *markdownView) Status(all []status.Status, f *Failure) {
	for _, s := range all {
		v.say("- %s", mdText(Visible(s.Line())))
	}
	if f != nil {
		v.Fail(f)
	}
}

type statusDocument struct {
	status.Status
	Error *Failure `json:"error,omitempty"`
}

func (v *jsonView) Status(all []status.Status, f *Failure) {
	if len(all) == 1 {
		v.print(statusDocument{all[0], f})
		return
	}
	v.print(struct {
		Users []status.Status `json:"users"`
		Error *Failure        `json:"error,omitempty"`
	}{all, f})
}

// held is the sentence for a policy that waits, "" for one that does not.
func held(p plan.Plan) string {
	if p.Held == nil {
		return ""
	}
	line := "Held: " + Visible(p.Held.Reason)
	if !p.Held.Opens.IsZero() {
		line += ", at " + p.Held.Opens.UTC().Format(time.RFC3339)
	}
	return line + ". Until then an apply changes nothing; apply --now goes ahead."
}
