package ui

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

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
			r.value = become(r.old, r.new)
		}
		s.rows = append(s.rows, r)
	}
	return s, true
}

// policyLine is one difference beside the keys of both files, on a line.
func policyLine(c plan.PolicyChange) string {
	before, after := "(not said)", "(not said)"
	if !c.Before.IsAbsent() {
		before = c.Before.String()
	}
	if !c.After.IsAbsent() {
		after = c.After.String()
	}
	return strings.Join(c.Path, ".") + ": " + become(around(before, after, longest), around(after, before, longest))
}

// policyAlone reports that no key of a file changes, but what the policy says beside
// them does: between two policies, or since it was last applied.
func policyAlone(p plan.Plan) bool { return p.Empty() && len(p.Policy) > 0 }
