package ui

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// headline says how much of a home a plan changes.
func headline(p plan.Plan, home string) string {
	where := "in " + home
	if p.Compared {
		where = "on a machine that follows the base" // the home is none
	}
	if policyAlone(p) && p.Compared {
		return "codexform will change no key, but what the policy says beside them"
	}
	if p.Empty() {
		line := "Nothing to do " + where
		if policyAlone(p) {
			line = "No key changes " + where + ", but the policy does"
		}
		if more := rest(p); more != "" {
			line += ": " + more
		}
		line += "."
		if !p.Complete() {
			line += " The secret is compared at apply."
		}
		return line
	}
	n := 0
	for _, f := range p.Files {
		if f.Changed() {
			n++
		}
	}
	return fmt.Sprintf("codexform will change %s %s", count(n, "file"), where)
}

// planned is the line that sums a plan up.
func planned(p plan.Plan) string {
	s := p.Summary()
	line := fmt.Sprintf("Plan: %d to create, %d to update, %d to delete.", s.Create, s.Update, s.Delete)
	var marks []string
	if s.Drift > 0 {
		marks = append(marks, fmt.Sprintf("%d drifted", s.Drift))
	}
	if s.Released > 0 {
		marks = append(marks, fmt.Sprintf("%d released", s.Released))
	}
	for _, more := range []string{strings.Join(marks, ", "), rest(p)} {
		if more != "" {
			line += " " + more + "."
		}
	}
	return line
}

// rest says what a plan leaves alone.
func rest(p plan.Plan) string {
	var words []string
	if n := p.Summary().NoOp; n > 0 {
		words = append(words, fmt.Sprintf("%d already right", n))
	}
	switch p.Unmanaged {
	case 0:
	case 1:
		words = append(words, "1 key is yours and stays")
	default:
		words = append(words, fmt.Sprintf("%d keys are yours and stay", p.Unmanaged))
	}
	return strings.Join(words, ", ")
}

// then says how an apply of the plan would be confirmed, "" when it would not be.
func then(p plan.Plan) string {
	url := p.ConfirmURL()
	if url == "" {
		return ""
	}
	line := "Then: GET " + Visible(url) + " must "
	if len(p.Desired.Confirm.Models) == 0 {
		return line + "answer with a list of models"
	}
	return line + "list " + list(p.Desired.Confirm.Models, "and")
}

// count is a number with its noun: "1 file", "2 files".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list is "a", "a and b" or "a, b and c", Visible.
func list(items []string, conjunction string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return Visible(items[0])
	}
	last := len(items) - 1
	return Visible(strings.Join(items[:last], ", ")) + " " + conjunction + " " + Visible(items[last])
}
