package tomlfile

import "github.com/codexform/codexform/plan"

// unit is a stretch of whole lines: a header, a pair, a comment line or a blank
// one. Its kind names it without its content: comments and values may hold what
// is nobody's business, and kinds are kept.
type unit struct {
	start, end int
	kind       string
}

const reach = 4 // so many units on each side say where a piece stood

// units are all lines of a file.
func (x *index) units() []unit {
	if x.layout != nil {
		return x.layout
	}
	i := 0
	for k := range x.sections {
		sec := &x.sections[k]
		if k > 0 {
			x.fill(i, sec.start)
			x.layout = append(x.layout, unit{sec.start, sec.end, "[" + sec.node.name()})
			i = sec.end
		}
		for _, p := range sec.pairs {
			start, end := lineStart(x.text, p.start), lineEnd(x.text, p.end)
			x.fill(i, start)
			x.layout = append(x.layout, unit{start, end, "=" + p.name()})
			i = end
		}
	}
	x.fill(i, len(x.text))
	return x.layout
}

// fill adds the comment and blank lines of a range.
func (x *index) fill(i, end int) {
	for i < end {
		kind := ""
		if commentAt(x.text, i) {
			kind = "#"
		}
		x.layout = append(x.layout, unit{i, lineEnd(x.text, i), kind})
		i = lineEnd(x.text, i)
	}
}

func (n *node) name() string { return n.address().String() }

// locate is where a piece stood: of the places between units in its section the
// one with the most neighbours of old, and of several the nearest to the old place.
func (x *index) locate(p piece) (int, bool) {
	units := x.units()
	low, high := x.extent(p.In)
	best, found := 0, -1
	for i := 0; i <= len(units); i++ {
		if at := offset(units, i); at < low || at > high {
			continue
		}
		above := units[:i]
		if i == len(units) && p.swallowed() && (i == 0 || units[i-1].kind != "") {
			above = append(above[:i:i], unit{})
		}
		score := same(p.Before, func(k int) (string, bool) { return kindAt(above, len(above)-1-k) }) +
			same(p.After, func(k int) (string, bool) { return kindAt(units, i+k) })
		far := max(offset(units, i)-p.Offset, p.Offset-offset(units, i))
		if score > best || score == best && found >= 0 && far < max(found-p.Offset, p.Offset-found) {
			best, found = score, offset(units, i)
		}
	}
	return found, found >= 0
}

// extent is between what offsets a line belongs to the section of a table: those
// of the whole file for no table, none for one without a section.
func (x *index) extent(table *plan.Address) (low, high int) {
	if table == nil {
		return 0, len(x.text)
	}
	n, depth := x.find(*table)
	if depth < len(*table) || n.shape != header {
		return 0, -1
	}
	if n.section+1 < len(x.sections) {
		return x.sections[n.section].end, x.sections[n.section+1].start
	}
	return x.sections[n.section].end, len(x.text)
}

// offset is where a unit begins; that of one too many is the end of the file.
func offset(units []unit, i int) int {
	if i == 0 {
		return 0
	}
	return units[i-1].end
}

func kindAt(units []unit, i int) (string, bool) {
	if i < 0 || i >= len(units) {
		return "", false
	}
	return units[i].kind, true
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
