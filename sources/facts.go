package sources

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// inFiles are the keys of a policy that show as keys of config.toml; version says
// nothing.
var inFiles = []string{"version", "model", "review_model", "reasoning_effort", "provider", "settings", "defaults", "absent"}

// facts are what a policy says beside the keys of both files, as it is written: a list
// is one fact, a table as many as it has keys. Which keys are only defaults, and which
// are kept away, is a fact too: no file shows it where the key has that value already.
func facts(root *node) []plan.Fact {
	out := []plan.Fact{}
	for _, f := range root.fields {
		if !slices.Contains(inFiles, f.name) {
			out = appendFacts(out, f.value, plan.Address{f.name})
		}
	}
	if p := root.get("provider", "auth_header"); p != nil {
		out = appendFacts(out, p, plan.Address{"provider", "auth_header"})
	}
	if n := root.get("defaults"); n != nil {
		out = appendList(out, "defaults", n, addresses(leaves(nil, n, nil)))
	}
	if n := root.get("absent"); n != nil {
		out = appendList(out, "absent", n, n.toValue().Items())
	}
	return out
}

func appendFacts(out []plan.Fact, n *node, path plan.Address) []plan.Fact {
	switch n.kind {
	case bad, null:
		return out
	case table:
		for _, f := range n.fields {
			out = appendFacts(out, f.value, append(slices.Clip(path), f.name))
		}
		return out
	}
	return append(out, plan.Fact{Path: path, Value: n.toValue(), Origin: n.at})
}

// appendList adds the fact that a key of a policy lists these things, in an order of
// its own: another order is no difference.
func appendList(out []plan.Fact, key string, n *node, items []plan.Value) []plan.Fact {
	if len(items) == 0 {
		return out
	}
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b plan.Value) int { return strings.Compare(a.String(), b.String()) })
	return append(out, plan.Fact{Path: plan.Address{key}, Value: plan.List(items...), Origin: n.at})
}

func addresses(all []plan.Address) []plan.Value {
	out := make([]plan.Value, len(all))
	for i, a := range all {
		out[i] = plan.Str(a.String())
	}
	return out
}

// leaves are the addresses of the values below a table.
func leaves(out []plan.Address, n *node, at plan.Address) []plan.Address {
	switch {
	case n == nil || n.kind == bad || n.kind == null:
		return out
	case n.kind == table && len(n.fields) > 0:
		for _, f := range n.fields {
			out = leaves(out, f.value, append(slices.Clip(at), f.name))
		}
		return out
	}
	return append(out, at)
}
