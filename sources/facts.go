package sources

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// inFiles are the keys of a policy that show as keys of config.toml; version says
// nothing.
var inFiles = []string{"version", "model", "review_model", "reasoning_effort", "provider", "settings", "defaults", "absent"}

// facts are what a policy says beside the keys of both files, as it is written: a list
// is one fact, a table as many as it has keys.
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
