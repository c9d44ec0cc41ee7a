package codex

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// Since when a layer is read: 0.77.0 passes the machine's config.toml over, and 0.80.0
// does not; 0.74.0 passes requirements.toml over, and 0.77.0 does not.
var readSince = map[string]Version{
	LayerSystem:       {0, 78, 0},
	LayerRequirements: {0, 75, 0},
}

// reads reports whether a version reads a layer at all.
func (v Version) reads(l Layer) bool {
	v = v.measuredBy()
	if v.Compare(readSince[l.Name]) < 0 {
		return false
	}
	return l.Until.IsZero() || l.Until.Compare(v) > 0
}

// Counting is config.toml as it counts for a version of Codex, none for the newest that
// the tables know: with the layers that it reads, and without the keys of a credential
// that it does not know, since it passes them over.
func (ls Layers) Counting(root plan.Value, v Version) plan.Value {
	root = ls.For(v).Merge(root)
	for _, a := range countingKeys(root) {
		if _, known := LookupKey(a, v.measuredBy()); !known {
			root = root.Without(a)
		}
	}
	return root
}

// CountsByVersion reports whether Counting is not the same for every version.
func (ls Layers) CountsByVersion(root plan.Value) bool {
	return len(ls) > 0 || len(countingKeys(root)) > 0
}

// countingKeys are the keys in a file that say which credential goes out, and that not
// every version knows.
func countingKeys(root plan.Value) []plan.Address {
	provider := plan.Address{"model_providers", selectedProvider(root)}
	return slices.DeleteFunc([]plan.Address{
		{loginMethod},
		{"cli_auth_credentials_store"},
		append(provider[:2:2], bearerKey),
		append(provider[:2:2], "auth"),
		append(provider[:2:2], "gateway_oauth"),
	}, func(a plan.Address) bool { return root.At(a).IsAbsent() })
}
