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

// from is where the first line begins whose name is not before another, or the end.
func (t table) from(name []byte) int {
	low, high := 0, len(t)
	for low < high {
		middle := int(uint(low+high) / 2)
		start := low + strings.LastIndexByte(string(t[low:middle]), '\n') + 1
		end := high
		if n := strings.IndexByte(string(t[middle:high]), '\n'); n >= 0 {
			end = middle + n + 1
		}
		word, _, _ := strings.Cut(strings.TrimSuffix(string(t[start:end]), "\n"), " ")
		if word < string(name) {
			low = end
		} else {
			high = start
		}
	}
	return low
}

// line is what a table says of a name, false when it is silent.
func (t table) line(name []byte) (line, bool) {
	for low, high := 0, len(t); low < high; {
		middle := int(uint(low+high) / 2)
		start := low + strings.LastIndexByte(string(t[low:middle]), '\n') + 1
		end := high
		if n := strings.IndexByte(string(t[middle:high]), '\n'); n >= 0 {
			end = middle + n
		}
		word, rest, _ := strings.Cut(string(t[start:end]), " ")
		switch {
		case word == string(name):
			return line{word, rest}, true
		case word < string(name):
			low = end + 1
		default:
			high = start
		}
	}
	return line{}, false
}
