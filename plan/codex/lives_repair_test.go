package codex_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// The rules of a life, in the place of Codex's: u.b is dead, y is x's old
// name, and t.s.p must be 7777. The model and the home each know them by their own means.

var lifeRepaired = []string{"u.b", "x", "y", "t.s.p"}

// repairedInLife is what the rules make of a home, as package codex makes repairs: upon
// what the file would be without us.
func repairedInLife(d plan.Desired, o plan.Observed) plan.Desired {
	if d.Repair == nil {
		return d
	}
	base := o.WithoutOurs()
	at := func(a string) plan.Value { return base.At(strings.Split(a, ".")) }
	number := func(v plan.Value) bool { return v.Kind() == plan.KindInt || v.Kind() == plan.KindFloat }
	add := func(a string, v plan.Value) {
		d.Repairs = append(d.Repairs, plan.Repair{Address: strings.Split(a, "."), Value: v, Rule: "life"})
	}
	if number(at("u.b")) {
		add("u.b", plan.Value{})
	}
	if y := at("y"); number(y) {
		if at("x").IsAbsent() && !names(d, "x") && !names(d, "y") {
			add("x", y)
		}
		add("y", plan.Value{})
	}
	if number(at("t.s.p")) {
		add("t.s.p", plan.Int(7777))
	}
	return d
}

func names(d plan.Desired, key string) bool {
	return slices.ContainsFunc(d.Settings, func(s plan.Setting) bool { return s.Address[0] == key }) ||
		slices.ContainsFunc(d.Absent, func(r plan.Removal) bool { return r.Address[0] == key })
}

// repaired is a policy with what the rules want beside it, by the model's own notion of
// what the user would have.
func (r *reference) repaired(policy []want) []want {
	user := r.withoutOurs()
	add := func(w want) {
		w.repair = true
		if !slices.ContainsFunc(policy, func(o want) bool { return related(o.at, w.at) }) {
			policy = append(policy, w)
		}
	}
	policy = slices.Clone(policy)
	if _, there := user["u.b"]; there {
		add(want{at: "u.b", absent: true})
	}
	if y, there := user["y"]; there {
		_, x := user["x"]
		if !x && named(policy, "x") == nil && named(policy, "y") == nil {
			add(want{at: "x", value: y})
		}
		add(want{at: "y", absent: true})
	}
	if _, there := user["t.s.p"]; there {
		add(want{at: "t.s.p", value: 7777})
	}
	return policy
}

// withoutOurs is what the user would have, with what was written over our keys.
func (r *reference) withoutOurs() map[string]int64 {
	out := maps.Clone(r.user)
	for at, l := range r.pending {
		e, _ := r.held(at)
		if !e.absent {
			clear(out, e.at)
		}
		if l.there {
			maps.DeleteFunc(out, func(k string, _ int64) bool { return k != at && related(k, at) })
			out[at] = l.value
		}
	}
	return out
}
