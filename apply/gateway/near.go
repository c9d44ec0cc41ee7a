package gateway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

const (
	nearNames  = 3  // names shown per missing model
	nearLength = 64 // longer names are not compared: the cost is quadratic
)

// nearest keeps the few listed names that are most like a wanted one, so that a
// long list costs no memory.
type nearest struct{ best []candidate }

type candidate struct {
	name     string
	distance int
}

// offer considers one listed name for the wanted one.
func (n *nearest) offer(wanted, name string) {
	d, ok := distance(strings.ToLower(wanted), strings.ToLower(name))
	if !ok {
		return
	}
	c := candidate{name, d}
	if slices.Contains(n.best, c) {
		return
	}
	n.best = append(n.best, c)
	slices.SortFunc(n.best, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	n.best = n.best[:min(len(n.best), nearNames)]
}

func (n *nearest) names() []string {
	var out []string
	for _, c := range n.best {
		out = append(out, c.name)
	}
	return out
}

// distance counts the edits between two names, and says whether they are near
// enough to be worth a line. A name with a prefix or suffix more is always near.
func distance(a, b string) (int, bool) {
	if len(a) > nearLength || len(b) > nearLength {
		return 0, false
	}
	limit := max(2, len(a)/3)
	if strings.Contains(b, a) {
		return min(2, len(b)-len(a)), true
	}
	if diff := len(a) - len(b); diff > limit || -diff > limit {
		return 0, false
	}
	d := plan.Distance(a, b)
	return d, d <= limit
}
