package tomlfile

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/codexform/codexform/plan"
)

// state is a file on its way from what it was to what it shall be. Edits become
// cuts against the text as it was read; when one needs to see the outcome of
// another, the cuts so far are made and the text is read again: a round.
type state struct {
	index   *index
	own     bool   // the index is ours to change: no Document has it
	renewed bool   // it was not read as a whole
	want    *data  // what the file must decode to in the end
	cuts    []*cut // of this round, in the order of the text
	blocks  map[blockName]*block
	removes int // how many of the cuts take lines away
	inserts int // how many only insert
	round   int
	steps   [][]step // by edit: how to take it back
	taken   []bool   // by edit: it has been made, by taking back another
	turn    int      // of this Apply
	frames  frames   // around keys of ours that stand
	framed  int      // the number of the latest of them
	taking  []step   // what the edit at hand takes back
	row     row      // of the new tables of this round
	lost    map[string]tail
}

// cut is a range of the text and what takes its place.
type cut struct {
	start, end int
	text       string
	block      *block // instead of text: new lines
	gone       bool   // whole lines that go
	folds      bool   // a value of several lines that becomes one of one line
	apart      bool   // with a header among them, or blank lines around it
}

// blockName tells the blocks of a round apart: by the table whose keys they add, and
// where its keys are dotted, by the table below whose header or root they stand.
type blockName struct{ table, dotted string }

// blockOf is the name of a block of a table with a header, or of the root.
func blockOf(table plan.Address) blockName { return blockName{table: table.TOML()} }

// block is a group of new lines that belong to one table.
type block struct {
	name         blockName
	header       string // its new header, if it gets one
	lines        []string
	indent       string
	above, below bool // a blank line sets the block apart
	frames       []frame
	next         *block // in a row
}

func newState(x *index, root plan.Value, edits int) *state {
	return &state{
		index: x, want: &data{value: root}, steps: make([][]step, edits), taken: make([]bool, edits),
		blocks: map[blockName]*block{}, frames: frames{},
	}
}

// run makes all edits. Where none is in the way of another, all are checked before
// the first cut; else each is made and checked on its own.
func (s *state) run(edits []Edit) error {
	if independent(edits) {
		return s.runTogether(edits)
	}
	if err := s.takeBackFirst(edits); err != nil {
		return err
	}
	for i, e := range edits {
		if s.taken[i] {
			continue
		}
		if err := s.refuse(e); err != nil {
			return err
		}
		if err := s.assign(i, e.Address, e.Value); err != nil {
			return err
		}
		if err := s.flush(); err != nil {
			return err
		}
	}
	return nil
}

// takeBackFirst makes those edits that take others back and that no other is in the way
// of.
func (s *state) takeBackFirst(edits []Edit) error {
	edits = slices.Clone(edits)
	for i, e := range edits {
		if e.TakeBack == "" {
			continue
		}
		for k, o := range edits {
			if i != k && (e.Address.HasPrefix(o.Address) || o.Address.HasPrefix(e.Address)) {
				edits[i].TakeBack = ""
			}
		}
		if err := s.index.refuse(e.Address, e.Value); err != nil {
			edits[i].TakeBack = ""
		}
	}
	return s.takeBack(edits)
}

// refuse is the conflict of an edit with the file as it is now.
func (s *state) refuse(e Edit) error {
	err := s.index.refuse(e.Address, e.Value)
	if err == nil || !s.renewed {
		return err
	}
	if err := s.become(s.index.text); err != nil { // for the right place
		return err
	}
	return s.index.refuse(e.Address, e.Value)
}

// runTogether makes first the edits that take others back, the latest of them
// first, so that each finds the file as it left it; then the rest in order.
func (s *state) runTogether(edits []Edit) error {
	for _, e := range edits {
		if err := s.index.refuse(e.Address, e.Value); err != nil {
			return err
		}
	}
	if err := s.takeBack(edits); err != nil {
		return err
	}
	for i, e := range edits {
		if s.taken[i] {
			continue
		}
		if err := s.assign(i, e.Address, e.Value); err != nil {
			return err
		}
	}
	return s.flush()
}

// independent reports whether no edit's address is, or lies below, another's.
func independent(edits []Edit) bool {
	addresses := make([]plan.Address, len(edits))
	for i, e := range edits {
		addresses[i] = e.Address
	}
	slices.SortFunc(addresses, plan.Address.Compare)
	for i := 1; i < len(addresses); i++ {
		if addresses[i].HasPrefix(addresses[i-1]) {
			return false
		}
	}
	return true
}

// try carries out a move of an edit: within this round, or else of a new one.
func (s *state) try(move func() bool) error {
	if move() {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if !move() {
		return errors.New("tomlfile: cuts of one edit overlap")
	}
	return nil
}

// add takes cuts into the round, all or none: none when one of them touches what
// the round changes already.
func (s *state) add(cuts ...*cut) bool {
	for _, c := range cuts {
		for k := s.after(c.start); k < len(s.cuts) && s.cuts[k].start <= c.end; k++ {
			if c.touches(s.cuts[k]) {
				return false
			}
		}
	}
	for _, c := range cuts {
		s.take(c)
	}
	return true
}

// after is the first cut of the round that ends at an offset or behind.
func (s *state) after(i int) int {
	return sort.Search(len(s.cuts), func(k int) bool { return s.cuts[k].end >= i })
}

func (s *state) take(c *cut) {
	k := sort.Search(len(s.cuts), func(k int) bool { return s.cuts[k].start > c.start })
	s.cuts = slices.Insert(s.cuts, k, c)
	if c.block != nil {
		s.blocks[c.block.name] = c.block
	}
	if c.removes() {
		s.removes++
	}
	if c.inserts() {
		s.inserts++
	}
}

func (c *cut) touches(o *cut) bool {
	if c.gone && o.gone && !c.apart && !o.apart {
		return c.start < o.end && o.start < c.end
	}
	return c.start <= o.end && o.start <= c.end
}

func (c *cut) removes() bool { return c.gone || c.folds }
func (c *cut) inserts() bool { return c.start == c.end }

// flush makes the cuts of the round and takes in the outcome.
func (s *state) flush() error {
	if len(s.cuts) == 0 {
		return nil
	}
	var b strings.Builder
	text, done, lengths := s.index.text, 0, make([]int, len(s.cuts))
	b.Grow(len(text) + 1024)
	for i, c := range s.cuts {
		b.WriteString(text[done:c.start])
		before := b.Len()
		b.WriteString(c.replacement(text))
		done, lengths[i] = c.end, b.Len()-before
	}
	b.WriteString(text[done:])
	cuts := s.cuts
	s.begin()
	if s.own {
		s.renewed = true
		if _, _, ok := s.index.renew(b.String(), cuts, lengths); ok {
			return nil
		}
	}
	return s.become(b.String())
}

// begin begins a new round.
func (s *state) begin() {
	s.cuts, s.removes, s.inserts = nil, 0, 0
	clear(s.blocks)
	s.row = row{}
	s.round++
}

// become reads a text as a whole.
func (s *state) become(text string) error {
	x, err := read(text, s.index.marked)
	if err != nil {
		return fmt.Errorf("tomlfile: the edited file would not be readable: %w", bug(err))
	}
	s.index, s.own, s.renewed = x, true, false
	return nil
}

// bug hides the type of an error that says nothing about the file as it is.
func bug(err error) error { return errors.New(err.Error()) }

func (c *cut) replacement(text string) string {
	if c.block == nil {
		return c.text
	}
	eol := eolAt(text, c.start)
	return fit(text, c.start, c.block.text(eol), eol)
}

func (b *block) text(eol string) string {
	var t strings.Builder
	for each := b; each != nil; each = each.next {
		each.write(&t, eol)
	}
	if b.below {
		t.WriteString(eol)
	}
	return t.String()
}

func (b *block) write(t *strings.Builder, eol string) {
	if b.above {
		t.WriteString(eol)
	}
	if b.header != "" {
		t.WriteString(b.header + eol)
	}
	for _, line := range b.lines {
		t.WriteString(b.indent + line + eol)
	}
}

// fit is whole lines made ready for an insertion at i: at the end of a file whose
// last line is open they begin with a line ending instead of ending in one.
func fit(text string, i int, lines, eol string) string {
	if i == len(text) && openEnd(text) {
		return eol + chomp(lines)
	}
	return lines
}
