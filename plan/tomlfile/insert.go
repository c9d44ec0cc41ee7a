package tomlfile

// Where in the text a new key goes. In which order new keys come is not decided here:
// plan.Desired.Settings has it, which settings in package sources makes, and Apply takes
// the edits as they come.

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

func line(key plan.Address, v plan.Value) string { return key.TOML() + " = " + v.TOML() }

// addLine adds a key to the root or to a table with a header.
func (s *state) addLine(n *node, at plan.Address, v plan.Value, r *step) bool {
	text := s.line(at, at[len(at)-1:], v)
	if s.extend(blockOf(at[:len(at)-1]), text, r) {
		return true
	}
	x := s.index
	sec := n.section
	b := &block{name: blockOf(at[:len(at)-1]), lines: []string{text}}
	if n == x.root && len(sec.pairs) == 0 {
		return s.insertApart(x.beforeTables(), b, nil, r) != nil
	}
	i := sec.end
	b.indent = indentAt(x.text, sec.start)
	if len(sec.pairs) > 0 {
		last := sec.pairs[len(sec.pairs)-1]
		i, b.indent = lineEnd(x.text, last.end), indentAt(x.text, last.start)
	}
	if n == x.root {
		i = x.afterGlued(i)
	}
	return s.add(&cut{start: x.outside(i, false), end: x.outside(i, false), block: b})
}

// addDotted adds a key to a table that is spelt with dotted keys: behind the last
// of them, in the same section.
func (s *state) addDotted(n *node, at plan.Address, v plan.Value) bool {
	x := s.index
	last := n.lastPair()
	from := len(last.section.node.address())
	name := blockName{table: at[:len(at)-1].TOML(), dotted: n.address().TOML()}
	text := s.line(at, at[from:], v)
	if s.extend(name, text, nil) {
		return true
	}
	i := x.outside(lineEnd(x.text, last.end), false)
	b := &block{name: name, indent: indentAt(x.text, last.start), lines: []string{text}}
	return s.add(&cut{start: i, end: i, block: b})
}

// lastPair is the last pair below a dotted table, as the file stands.
func (n *node) lastPair() *node {
	var last *node
	for _, kid := range n.kids {
		p := kid
		if kid.shape == dotted {
			p = kid.lastPair()
		} else if kid.shape != leaf && kid.shape != inline {
			continue
		}
		if last == nil || p.start > last.start {
			last = p
		}
	}
	return last
}

// addHeader adds a table with a header, and the key in it.
func (s *state) addHeader(n *node, at plan.Address, v plan.Value, r *step) bool {
	table, lines := at[:len(at)-1], []string{s.line(at, at[len(at)-1:], v)}
	if v.Kind() == plan.KindTable {
		table, lines = at, nil
	} else if s.extend(blockOf(table), lines[0], r) {
		return true
	}
	own := len(n.address()) == len(table)
	b := &block{name: blockOf(table), header: "[" + table.TOML() + "]", lines: lines}
	if s.link(n, b, table, r) {
		return true
	}
	c := s.insertApart(s.index.place(n, own), b, table, r)
	if c != nil && !own {
		s.row = row{node: n, last: b, tables: map[string]*block{}}
		s.row.cover(table, b)
	}
	return c != nil
}

// extend adds a line to a block of this round.
func (s *state) extend(name blockName, text string, r *step) bool {
	b := s.blocks[name]
	if b == nil {
		return false
	}
	b.lines = append(b.lines, text)
	if r != nil {
		r.Frames = b.frames
	}
	return true
}

// insertApart inserts a block that blank lines set apart from its neighbours, and
// notes what is to go with its last line. Nil is for the next round.
func (s *state) insertApart(i int, b *block, table plan.Address, r *step) *cut {
	text := s.index.text
	b.above = i > 0 && !blankAbove(text, i)
	b.below = i < len(text) && !blankAt(text, i)
	if b.header != "" || b.above || b.below {
		b.frames = []frame{{At: table, Above: b.above, Below: b.below, Open: openEnd(text)}}
	}
	c := &cut{start: i, end: i, block: b}
	if !s.add(c) {
		return nil
	}
	r.Frames = b.frames
	return c
}

// place is where a new header goes: for a table that so far is implied above the
// first header below it, else behind the last block below the closest relative.
func (x *index) place(n *node, own bool) int {
	if n == x.root {
		return x.outside(len(x.text), true)
	}
	if own {
		return x.outside(x.aboveComment(n.head().start), true)
	}
	return x.outside(x.afterGlued(x.tail(n).last(x.text)), true)
}

// head is the first section of a table or below it.
func (n *node) head() *section {
	first := n.ownSection()
	for _, kid := range n.kids {
		if sec := kid.head(); sec != nil && (first == nil || sec.start < first.start) {
			first = sec
		}
	}
	return first
}

// ownSection is the section that a node's header opens, nil when it has none.
func (n *node) ownSection() *section {
	if n.shape == header || n.shape == element {
		return n.section
	}
	return nil
}

// tail is the last section of a table or below it.
func (x *index) tail(n *node) *section {
	if x.tails[n] == nil {
		if x.tails == nil {
			x.tails = map[*node]*section{}
		}
		x.tails[n] = n.tail()
	}
	return x.tails[n]
}

func (n *node) tail() *section {
	last := n.ownSection()
	for _, kid := range n.kids {
		if sec := kid.tail(); sec != nil && (last == nil || sec.start >= last.start) {
			last = sec
		}
	}
	return last
}

// extend, forget and tidy keep what tail knows true while sections are read again:
// the last of a node is then the last one read.
func (x *index) extend(sec *section) {
	for n := sec.node; n != nil && len(x.tails) > 0; n = n.parent {
		if last, known := x.tails[n]; known && (last == nil || sec.start >= last.start) {
			x.tails[n] = sec
		}
	}
}

func (x *index) forget(sec *section) {
	for n := sec.node; n != nil && len(x.tails) > 0; n = n.parent {
		if x.tails[n] == sec {
			x.tails[n] = nil
			x.untailed = append(x.untailed, n)
		}
	}
}

// tidy forgets the nodes for which no section came again, and with several regions
// all, since their last section may stand between them.
func (x *index) tidy(regions int) {
	for _, n := range x.untailed {
		if x.tails[n] == nil || regions > 1 {
			delete(x.tails, n)
		}
	}
	x.untailed = nil
}

// last is the end of the last line of a section that is no comment and not blank.
func (sec *section) last(text string) int {
	if len(sec.pairs) == 0 {
		return sec.end
	}
	return lineEnd(text, sec.pairs[len(sec.pairs)-1].end)
}

// beforeTables is where the first root key goes: above the first header and the
// comment glued to it, below all else; a schema line stays the first.
func (x *index) beforeTables() int {
	if len(x.sections) == 1 {
		return x.outside(len(x.text), false)
	}
	i := x.aboveComment(x.sections[1].start)
	if i == 0 && strings.HasPrefix(x.text, "#:schema") {
		i = lineEnd(x.text, 0)
	}
	return x.outside(i, false)
}

// aboveComment is the beginning of the comment glued above the line at i.
func (x *index) aboveComment(i int) int {
	for i > 0 && commentAt(x.text, lineStart(x.text, i-1)) {
		i = lineStart(x.text, i-1)
	}
	return i
}

// afterGlued is the end of the comment lines glued below the line that ends at i,
// or i when they are glued to what follows too.
func (x *index) afterGlued(i int) int {
	end := i
	for end < len(x.text) && commentAt(x.text, end) {
		end = lineEnd(x.text, end)
	}
	if end == len(x.text) || blankAt(x.text, end) {
		return end
	}
	return i
}
