package sources

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// repairRule wants a rule whose fix needs nobody's judgement.
func repairRule(n *node) Problem {
	if n.text() == "legacy-profile" {
		return Problem{
			Message: "its fix needs a file of its own beside config.toml",
			Fix:     "codexform doctor prints the lines of it; list [profile] and [profiles, NAME] under absent then",
		}
	}
	p := oneOfTexts(plan.RepairRules...)(n)
	if p.Message != "" && p.Fix == "" {
		p.Fix = "other rules have no fix that could be made without a choice"
	}
	return p
}

// repair are the rules under repair.
func (b builder) repair() []plan.RepairRule {
	n := b.root.get("repair")
	if n == nil || n.kind != list {
		return nil
	}
	var out []plan.RepairRule
	for _, item := range n.items {
		r := plan.RepairRule{Rule: item.text(), Origin: item.at}
		i := slices.IndexFunc(out, func(o plan.RepairRule) bool { return o.Rule == r.Rule })
		switch {
		case item.kind == bad || !slices.Contains(plan.RepairRules, r.Rule):
		case i >= 0:
			b.at(item.at, "repair: "+r.Rule+" is listed twice", "remove one of them")
		default:
			out = append(out, r)
		}
	}
	return out
}
