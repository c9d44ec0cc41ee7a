package tomlfile

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// remove takes away a key, or a table with all that is below it.
func (s *state) remove(i int, at plan.Address) error {
	for {
		n, depth := s.index.find(at)
		if depth < len(at) {
			return nil
		}
		pairs := n.inlinePairs()
		if len(pairs) == 0 {
			return s.try(func() bool { return s.removeLines(i, at) })
		}
		if done, err := s.removePair(i, pairs[len(pairs)-1], at, len(pairs) == 1); done || err != nil {
			return err
		}
	}
}

// inlinePairs are the pairs of an inline table that make up a node in it.
func (n *node) inlinePairs() []*node {
	switch n.shape {
	case leaf, inline:
		if n.holder != nil {
			return []*node{n}
		}
	case dotted:
		var pairs []*node
		for _, kid := range n.kids {
			pairs = append(pairs, kid.inlinePairs()...)
		}
		return pairs
	}
	return nil
}

// removePair takes one pair out of an inline table, in a round of its own.
func (s *state) removePair(i int, p *node, at plan.Address, last bool) (bool, error) {
	if len(s.cuts) > 0 {
		return false, s.flush() // the caller comes back with what it finds then
	}
	x := s.index
	hole := x.hole(p)
	before := x.text[hole.start:hole.end]
	cuts := x.cutPair(p)
	s.add(cuts...)
	round, size := s.round, len(x.text)
	if err := s.flush(); err != nil {
		return false, err
	}
	hole.piece.Text, hole.piece.New = before, s.index.text[hole.start:hole.end+len(s.index.text)-size]
	s.note(i, step{at: at, Round: round, Cut: []piece{hole.piece}})
	if last {
		s.drop(at)
	}
	return last, nil
}

// drop takes an address out of the wanted data, with the tables above that only
// it made.
func (s *state) drop(at plan.Address) {
	s.want.remove(at)
	for up := at[:len(at)-1]; len(up) > 0; up = up[:len(up)-1] {
		n, depth := s.index.find(up)
		made := depth == len(up) && n.shape != implied && n.shape != dotted
		if left := s.want.find(up); made || left != nil && !left.empty() {
			return
		}
		s.want.remove(up)
	}
}

// removeLines takes away the lines of a key or table. It reports false when this
// has to wait for the next round.
func (s *state) removeLines(i int, at plan.Address) bool {
	if s.inserts > 0 {
		return false // taking this back needs the neighbours as they are then
	}
	n, _ := s.index.find(at)
	var cuts []*cut
	var pieces []piece
	for _, r := range s.index.runs(n) {
		c, p := s.index.cutRun(r)
		cuts, pieces = append(cuts, c), append(pieces, p)
	}
	if !s.add(cuts...) {
		return false
	}
	s.note(i, step{at: at, Round: s.round, Cut: pieces})
	s.drop(at)
	return true
}

// run is a range of whole lines that go together: pairs, and headers if head is set.
type run struct {
	start, end int
	head       bool
	section    *section // to which its first line belongs; nil when that is a header
}

// runs are the lines of a node, in the order of the file; lines with nothing but
// blank ones between them are one run where a header is among them.
func (x *index) runs(n *node) []run {
	lines := x.linesOf(n, nil)
	slices.SortFunc(lines, func(a, b run) int { return a.start - b.start })
	var runs []run
	for _, l := range lines {
		if k := len(runs) - 1; k >= 0 && x.joins(runs[k], l) {
			runs[k].end, runs[k].head = l.end, runs[k].head || l.head
			continue
		}
		runs = append(runs, l)
	}
	return runs
}

func (x *index) joins(a, b run) bool {
	between := x.text[a.end:b.start]
	return between == "" || (a.head || b.head) && blank(between)
}

func (x *index) linesOf(n *node, lines []run) []run {
	if n.shape == leaf || n.shape == inline {
		return append(lines, run{start: lineStart(x.text, n.start), end: lineEnd(x.text, n.end), section: n.section})
	}
	if n.section != nil {
		sec := n.section
		lines = append(lines, run{start: sec.start, end: sec.end, head: true})
	}
	for _, kid := range n.kids {
		lines = x.linesOf(kid, lines)
	}
	return lines
}

// cutRun is the cut of a run. With a header go the blank lines that set its block
// apart: those above, or at the top of the file those below.
func (x *index) cutRun(r run) (*cut, piece) {
	start, end := r.start, r.end
	if r.head && (end == len(x.text) || blankAt(x.text, end)) {
		for blankAbove(x.text, start) {
			start = lineStart(x.text, start-1)
		}
		for start == 0 && blankAt(x.text, end) {
			end = lineEnd(x.text, end)
		}
	}
	c := x.cutLines(start, end)
	c.apart = r.head
	p := x.piece(start, end)
	if r.section != nil {
		in := r.section.node.address()
		if n, _ := x.find(in); n == r.section.node {
			p.In = &in // an element of an array of tables has no address
		}
	}
	return c, p
}

// cutLines is the cut of whole lines. Where it takes the open last line of a
// file, the line before becomes the open one.
func (x *index) cutLines(start, end int) *cut {
	if end == len(x.text) && openEnd(x.text) {
		start = len(chomp(x.text[:start]))
	}
	return &cut{start: start, end: end, gone: true}
}
