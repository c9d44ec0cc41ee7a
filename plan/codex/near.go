package codex

import (
	"cmp"
	"slices"

	"github.com/codexform/codexform/plan"
)

// nearest are the names that differ from a wanted one by few letters, the nearest
// first, at most two.
func nearest(wanted string, names []string) []string {
	type near struct {
		name     string
		distance int
	}
	var found []near
	for _, name := range names {
		if d := plan.Distance(wanted, name); d <= min(3, (len(wanted)+1)/3) {
			found = append(found, near{name, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, f := range found[:min(2, len(found))] {
		out = append(out, f.name)
	}
	return out
}
