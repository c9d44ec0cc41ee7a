package tomlfile

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// addPair adds a pair to an inline table, in the layout of the pairs there. The
// first segments of rest, dotted in number, are tables that dotted keys make there.
func (s *state) addPair(n *node, rest plan.Address, dotted int, v plan.Value, r *step) bool {
	for d := len(rest) - 1; d > dotted; d-- {
		v = plan.Table(plan.Member{Key: rest[d], Value: v})
		at := append(n.address(), rest[:d]...)
		r.Frames = append(r.Frames, frame{At: at, Inline: true})
	}
	rest = rest[:dotted+1]
	pair := line(rest, v)
	if len(n.pairs()) == 0 {
		return s.addFirstPair(n, pair, r)
	}
	last := n.pairs()[len(n.pairs())-1]
	if tight := s.index.text[last.val-1] == '='; tight {
		pair = rest.TOML() + "=" + v.TOML()
	}
	if comma := s.index.commaAfter(last); s.index.ownLine(n, last) && comma < lineEnd(s.index.text, last.end) {
		return s.addPairLine(last, comma, pair)
	}
	return s.add(&cut{start: last.end, end: last.end, text: s.index.comma(n) + pair})
}

// addFirstPair fills an empty inline table.
func (s *state) addFirstPair(n *node, pair string, r *step) bool {
	open, brace := n.val+1, n.end-1
	gap := s.index.text[open:brace]
	if strings.Contains(gap, "#") { // so the brace begins its line
		i, indent := lineStart(s.index.text, brace), indentAt(s.index.text, brace)
		return s.add(&cut{start: i, end: i, text: indent + "  " + pair + eolAt(s.index.text, i)})
	}
	r.Frames = append(r.Frames, frame{At: n.address(), Gap: &gap})
	return s.add(&cut{start: open, end: brace, text: " " + pair + " "})
}

// ownLine reports whether a pair begins its line and the closing brace of its
// table begins a later one.
func (x *index) ownLine(n, pair *node) bool {
	return strings.TrimLeft(x.text[lineStart(x.text, pair.start):pair.start], " \t") == "" &&
		strings.TrimLeft(x.text[lineStart(x.text, n.end-1):n.end-1], " \t") == ""
}

// addPairLine adds a pair on a line of its own, with a comma behind it where the
// last pair has one.
func (s *state) addPairLine(last *node, comma int, pair string) bool {
	text := s.index.text
	i := lineEnd(text, last.end)
	added := indentAt(text, last.start) + pair
	if comma >= 0 {
		return s.add(&cut{start: i, end: i, text: added + "," + eolAt(text, i)})
	}
	return s.add(
		&cut{start: last.end, end: last.end, text: ","},
		&cut{start: i, end: i, text: added + eolAt(text, i)},
	)
}

// commaAfter is the offset of the comma behind a pair of an inline table, -1 when
// it has none.
func (x *index) commaAfter(pair *node) int {
	i := pair.end
	for {
		switch c := x.text[i]; c {
		case ',':
			return i
		case '#':
			i = lineEnd(x.text, i)
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return -1
		}
	}
}

// comma is what stands between the pairs of an inline table.
func (x *index) comma(n *node) string {
	if k := len(n.pairs()); k > 1 {
		gap := x.text[n.pairs()[k-2].end:n.pairs()[k-1].start]
		if !strings.Contains(gap, "#") {
			return gap
		}
	}
	if x.text[n.pairs()[0].val-1] == '=' {
		return ","
	}
	return ", "
}

// cutPair is the cuts that remove a pair from its inline table.
func (x *index) cutPair(p *node) []*cut {
	pairs := p.holder.pairs()
	k := 0
	for pairs[k] != p {
		k++
	}
	lines := x.aloneOnLines(p)
	switch {
	case lines != nil && (k == 0 || k+1 < len(pairs) || x.commaAfter(p) >= 0):
		return []*cut{lines}
	case lines != nil:
		i := x.commaAfter(pairs[k-1])
		return []*cut{{start: i, end: i + 1}, lines}
	case len(pairs) == 1 && x.clean(p.holder.val+1, p.start) && x.clean(p.end, p.holder.end-1):
		return []*cut{{start: p.holder.val + 1, end: p.holder.end - 1}}
	case k > 0 && x.clean(pairs[k-1].end, p.start):
		return []*cut{{start: pairs[k-1].end, end: p.end}}
	case k == 0 && len(pairs) > 1 && x.clean(p.end, pairs[1].start):
		return []*cut{{start: p.start, end: pairs[1].start}}
	}
	return x.cutBare(pairs, k)
}

// clean reports whether only blanks, line endings and a comma stand in a range.
func (x *index) clean(start, end int) bool {
	return strings.Trim(x.text[start:end], " \t\r\n,") == ""
}

// aloneOnLines is the cut of the lines of a pair that shares them with nothing
// but its comma and a comment; nil when it does.
func (x *index) aloneOnLines(p *node) *cut {
	start, end := lineStart(x.text, p.start), lineEnd(x.text, p.end)
	comma := x.commaAfter(p)
	i := skipBlanks(x.text, p.end)
	if i == comma {
		i = skipBlanks(x.text, i+1)
	}
	rest := strings.TrimRight(x.text[i:end], "\r\n")
	if comma >= end || skipBlanks(x.text, start) != p.start || rest != "" && rest[0] != '#' {
		return nil
	}
	return &cut{start: start, end: end}
}

// cutBare removes a pair and one comma next to it, and leaves all else.
func (x *index) cutBare(pairs []*node, k int) []*cut {
	cuts := []*cut{{start: pairs[k].start, end: pairs[k].end}}
	i := x.commaAfter(pairs[k])
	if i < 0 && k > 0 {
		i = x.commaAfter(pairs[k-1])
	}
	if i >= 0 {
		cuts = append(cuts, &cut{start: i, end: i + 1})
	}
	return cuts
}
