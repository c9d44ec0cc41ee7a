package plan

import (
	"cmp"
	"slices"
	"strings"
)

// farthest is the length above which names are not compared: the cost grows with
// the product of both.
const farthest = 64

// Distance counts the edits between two names, a byte more, less or changed, or
// two swapped: what every "did you mean" is measured by. Names of more than 64
// bytes are 64 apart.
func Distance(a, b string) int {
	if len(a) > farthest || len(b) > farthest {
		return farthest
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		rows[2][0] = i
		for j := 1; j <= len(b); j++ {
			rows[2][j] = step(a[:i], b[:j], rows)
		}
		rows[0], rows[1], rows[2] = rows[1], rows[2], rows[0]
	}
	return rows[1][len(b)]
}

// step is the distance of two beginnings, by those of shorter ones.
func step(a, b string, rows [3][]int) int {
	i, j := len(a), len(b)
	cost := 1
	if a[i-1] == b[j-1] {
		cost = 0
	}
	d := min(rows[1][j]+1, rows[2][j-1]+1, rows[1][j-1]+cost)
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		d = min(d, rows[0][j-2]+1)
	}
	return d
}

// Nearest keeps the few names that are most like a wanted one, so that a long list of
// them costs no memory. Case does not count.
type Nearest struct {
	Wanted string
	Most   int  // names that are kept
	Longer bool // a name that only has more before or behind it is near, however much
	best   []neighbour
}

type neighbour struct {
	name     string
	distance int
}

// Offer considers one name.
func (n *Nearest) Offer(name string) {
	if len(name) > farthest {
		return
	}
	limit := min(3, (len(n.Wanted)+1)/3)
	if d := len(n.Wanted) - len(name); !n.Longer && max(d, -d) > limit {
		return // too far whatever the letters
	}
	d := Distance(strings.ToLower(n.Wanted), strings.ToLower(name))
	if len(n.Wanted) < 3 {
		limit = 0 // every other name is near to two letters
	}
	if n.Longer && strings.Contains(strings.ToLower(name), strings.ToLower(n.Wanted)) {
		d, limit = min(d, 2), 2
	}
	c := neighbour{name, d}
	if d > limit || slices.Contains(n.best, c) {
		return
	}
	n.best = append(n.best, c)
	slices.SortFunc(n.best, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	n.best = n.best[:min(len(n.best), n.Most)]
}

// Names are those that were kept, the nearest first.
func (n *Nearest) Names() []string {
	var out []string
	for _, c := range n.best {
		out = append(out, c.name)
	}
	return out
}

// Near are the names that were probably meant by a wanted one, at most so many, the
// nearest first.
func Near(wanted string, names []string, most int) []string {
	n := Nearest{Wanted: wanted, Most: most}
	for _, name := range names {
		n.Offer(name)
	}
	return n.Names()
}
