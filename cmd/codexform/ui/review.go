package ui

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// reviewed are the findings of one rule that a person should look at.
type reviewed struct {
	rule     string
	findings []plan.Diagnostic
}

// toReview groups the findings of severity review by rule, in the order of the rules.
func toReview(all []plan.Diagnostic) (groups []reviewed, total int) {
	for _, d := range all {
		if d.Severity != plan.Review {
			continue
		}
		total++
		i := 0
		for i < len(groups) && groups[i].rule != d.Rule {
			i++
		}
		if i == len(groups) {
			groups = append(groups, reviewed{rule: d.Rule})
		}
		groups[i].findings = append(groups[i].findings, d)
	}
	return groups, total
}

// title names a group and counts it.
func (r reviewed) title() string {
	if len(r.findings) == 1 {
		return r.rule
	}
	return fmt.Sprintf("%s (%d)", r.rule, len(r.findings))
}

// line is one finding to look at, with its place.
func reviewLine(d plan.Diagnostic) string {
	line := oneLine(Visible(d.Summary))
	if at := place(d.Origin); at != "" {
		line += "  " + at
	}
	return line
}

func reviewHeading(total int) string {
	return "Look at this first: " + count(total, "finding")
}

func (v *textView) review(all []plan.Diagnostic) {
	groups, total := toReview(all)
	if total == 0 {
		return
	}
	v.say("")
	v.sentence(warning, reviewHeading(total))
	for _, g := range groups {
		v.say("  " + v.style.paint(warning, "! "+Visible(g.title())))
		for _, d := range g.findings {
			v.prose("    ", reviewLine(d))
		}
	}
}

func (v *markdownView) review(all []plan.Diagnostic) {
	groups, total := toReview(all)
	if total == 0 {
		return
	}
	v.say("**%s**\n", reviewHeading(total))
	for _, g := range groups {
		v.say("- **%s**", mdText(Visible(g.title())))
		for _, d := range g.findings {
			v.say("  - %s", mdText(reviewLine(d)))
		}
	}
	v.say("")
}

// policySection is what differs beside the keys of both files.
func policySection(p plan.Plan) (section, bool) {
	if len(p.Policy) == 0 {
		return section{}, false
	}
	s := section{glyph: "~", kind: changed, path: "policy", note: "(beside its keys)"}
	if !p.Compared {
		s.note = "(beside its keys, since it was last applied; the next apply remembers it)"
	}
	for _, c := range p.Policy {
		r := row{name: Visible(strings.Join(c.Path, ".")), place: place(c.Origin)}
		switch {
		case c.Before.IsAbsent():
			r.glyph, r.kind, r.value = "+", added, Visible(c.After.String())
		case c.After.IsAbsent():
			r.glyph, r.kind, r.value = "-", removed, Visible(c.Before.String())
		default:
			r.glyph, r.kind = "~", changed
			r.old, r.new = Visible(c.Before.String()), Visible(c.After.String())
			r.value = r.old + " → " + r.new
		}
		s.rows = append(s.rows, r)
	}
	return s, true
}

// policyAlone reports a comparison of two policies in which no key of a file changes.
func policyAlone(p plan.Plan) bool { return p.Empty() && p.Differs() }
