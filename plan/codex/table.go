package codex

import "strings"

// table is a text of sorted lines, searched by their first words: no line is read that
// the search does not meet.
type table string

// newTable is a text without the comments, which come before all names.
func newTable(text string) table {
	for text != "" && (text[0] == '#' || text[0] == '\n') {
		_, text, _ = strings.Cut(text, "\n")
	}
	return table(text)
}

// line is one of a table.
type line struct{ name, rest string }

func (l line) words() []string { return strings.Fields(l.rest) }

// below reports a line whose name goes on after a prefix with a byte from first on.
func (t table) below(prefix []byte, first byte) bool {
	at := t.from(append(prefix, first))
	return strings.HasPrefix(string(t[at:]), string(prefix))
}

// from is where the first line begins whose name is not before another, or the end. The
// beginnings of lines are sought forward, which processors do many bytes at a time.
func (t table) from(name []byte) int {
	low, high := 0, len(t) // before low all are before it, and none that begins at high or later
	for low < high {
		middle := int(uint(low+high) / 2)
		start := t.begins(middle)
		if start >= high || !t.before(start, name) {
			high = middle
		} else {
			low = t.begins(start + 1)
		}
	}
	return low
}

// before reports that the line that begins at a place has a name before another.
func (t table) before(start int, name []byte) bool {
	for i := range name {
		if start+i == len(t) || t[start+i] == ' ' || t[start+i] == '\n' {
			return true
		}
		if c := t[start+i]; c != name[i] {
			return c < name[i]
		}
	}
	return false
}

// begins is where the first line begins from a place on.
func (t table) begins(place int) int {
	if place == 0 {
		return 0
	}
	i := strings.IndexByte(string(t[place-1:]), '\n')
	if i < 0 {
		return len(t)
	}
	return place + i
}

// at is the line that begins at a place.
func (t table) at(start int) (l line) {
	text, _, _ := strings.Cut(string(t[start:]), "\n")
	l.name, l.rest, _ = strings.Cut(text, " ")
	return l
}

// line is what a table says of a name, false when it is silent.
func (t table) line(name []byte) (line, bool) {
	if l := t.at(t.from(name)); len(name) > 0 && l.name == string(name) {
		return l, true
	}
	return line{}, false
}
