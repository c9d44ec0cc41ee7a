package tomlfile

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// unit is a stretch of whole lines: a header, a pair, a comment line or a blank
// one. Its kind names it without its content: comments and values may hold what
// is nobody's business, and kinds are kept. Offsets count from its section's start.
type unit struct {
	start, end int
	kind       string
}

const reach = 4 // so many units on each side say where a piece stood

// units are the lines of a section, up to the next.
func (x *index) units(k int) []unit {
	sec := x.sections[k]
	if sec.layout != nil {
		return sec.layout
	}
	i := sec.start
	if k > 0 {
		sec.lay(sec.start, sec.end, "["+sec.node.name())
		i = sec.end
	}
	for _, p := range sec.pairs {
		start, end := lineStart(x.text, p.start), lineEnd(x.text, p.end)
		x.fill(sec, i, start)
		sec.lay(start, end, "="+p.name())
		i = end
	}
	x.fill(sec, i, x.sectionEnd(k))
	return sec.layout
}

func (sec *section) lay(start, end int, kind string) {
	sec.layout = append(sec.layout, unit{start - sec.start, end - sec.start, kind})
}

// fill adds the comment and blank lines of a range.
func (x *index) fill(sec *section, i, end int) {
	for i < end {
		kind := ""
		if commentAt(x.text, i) {
			kind = "#"
		}
		sec.lay(i, lineEnd(x.text, i), kind)
		i = lineEnd(x.text, i)
	}
}

func (n *node) name() string { return n.address().TOML() }

// sectionEnd is where the next section begins.
func (x *index) sectionEnd(k int) int {
	if k+1 < len(x.sections) {
		return x.sections[k+1].start
	}
	return len(x.text)
}

// kind is that of a unit, counted from the first one of a section on, or back.
func (x *index) kind(k, j int) (string, bool) {
	for j < 0 && k > 0 {
		k--
		j += len(x.units(k))
	}
	for k < len(x.sections) && j >= len(x.units(k)) {
		j -= len(x.units(k))
		k++
	}
	if j < 0 || k == len(x.sections) {
		return "", false
	}
	return x.units(k)[j].kind, true
}

// locate is where a piece stood: of the places between units in its section the
// one with the most neighbours of old, and of several the nearest to the old place.
func (x *index) locate(p piece) (int, bool) {
	first, last, skip := x.extent(p.In)
	best, found := 0, -1
	for k := first; k <= last; k++ {
		for j := skip; j <= len(x.units(k)); j++ {
			if !x.mayScore(p, k, j) {
				continue
			}
			i := x.offset(k, j)
			score, far := x.score(p, k, j), max(i-p.Offset, p.Offset-i)
			if score > best || score == best && found >= 0 && far < max(found-p.Offset, p.Offset-found) {
				best, found = score, i
			}
		}
	}
	return found, found >= 0
}

// mayScore is a quick look at the nearest neighbours.
func (x *index) mayScore(p piece, k, j int) bool {
	units := x.sections[k].layout
	if len(p.Before) == 0 || len(p.After) == 0 || p.swallowed() || j == 0 || j == len(units) {
		return true
	}
	return units[j-1].kind == p.Before[0] || units[j].kind == p.After[0]
}

// score says how much of a piece's old neighbours stands around the place before a
// unit. A blank line that the end of the file had swallowed counts as there.
func (x *index) score(p piece, k, j int) int {
	above := func(d int) (string, bool) { return x.kind(k, j-1-d) }
	if p.swallowed() && x.offset(k, j) == len(x.text) {
		if kind, ok := above(0); !ok || kind != "" {
			real := above
			above = func(d int) (string, bool) {
				if d == 0 {
					return "", true
				}
				return real(d - 1)
			}
		}
	}
	return same(p.Before, above) + same(p.After, func(d int) (string, bool) { return x.kind(k, j+d) })
}

// extent is to what sections a line of a table can belong, and how many units of
// each are none of its own: all for no table, none for one without a section.
func (x *index) extent(table *plan.Address) (first, last, skip int) {
	if table == nil {
		return 0, len(x.sections) - 1, 0
	}
	n, depth := x.find(*table)
	if depth < len(*table) || n.shape != header {
		return 0, -1, 0
	}
	if n == x.root {
		return 0, 0, 0
	}
	k := x.ordinal(n.section)
	return k, k, 1
}

// ordinal is the number of a section.
func (x *index) ordinal(sec *section) int {
	if sec == x.sections[0] {
		return 0
	}
	return x.sectionAt(sec.start + 1)
}

// offset is where a unit begins; that of one too many is where the next section does.
func (x *index) offset(k, j int) int {
	if units := x.units(k); j > 0 {
		return x.sections[k].start + units[j-1].end
	}
	return x.sections[k].start
}

// unitAt is the unit that begins at an offset, or the first one behind.
func (x *index) unitAt(i int) (k, j int) {
	k = x.sectionAt(i + 1)
	j, _ = slices.BinarySearchFunc(x.units(k), i-x.sections[k].start, func(u unit, i int) int { return u.start - i })
	return k, j
}

// same counts how many neighbours are the same, from the nearest on. The end of
// the file counts as one, so that it is found again too.
func same(kinds []string, at func(int) (string, bool)) int {
	for k, kind := range kinds {
		if got, ok := at(k); !ok || got != kind {
			return 2 * k
		}
	}
	if _, more := at(len(kinds)); !more && len(kinds) < reach {
		return 2*len(kinds) + 1
	}
	return 2 * len(kinds)
}
