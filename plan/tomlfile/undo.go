package tomlfile

import (
	"encoding/json"
	"slices"

	"github.com/codexform/codexform/plan"
)

// record is how to take back what one edit did at one address. It names keys,
// and it holds text only of what stood at that address.
type record struct {
	at     plan.Address
	Below  plan.Address `json:"below,omitempty"` // at, without the edit's own address
	New    bool         `json:"new,omitempty"`   // the key was not there
	Frames []frame      `json:"frames,omitempty"`
	Old    *string      `json:"old,omitempty"` // the spelling of the old value
	Cut    []piece      `json:"cut,omitempty"`
}

// frame is what we put around new keys, to go when nothing stands in it any more:
// a header or an inline table, blank lines.
type frame struct {
	At     plan.Address `json:"at,omitempty"` // of the table; empty for the first root keys
	Above  bool         `json:"above,omitempty"`
	Below  bool         `json:"below,omitempty"`
	Open   bool         `json:"open,omitempty"`   // the file had no final newline
	Inline bool         `json:"inline,omitempty"` // we made the inline table At
	Gap    *string      `json:"gap,omitempty"`    // what stood in the empty inline table At
}

// piece is text that was removed, and between what it stood.
type piece struct {
	Text   string   `json:"text"`
	Eol    string   `json:"eol,omitempty"` // it was the open end of the file, behind this
	Before []string `json:"before"`        // the units before it, nearest first
	After  []string `json:"after"`
	Offset int      `json:"offset"`
	Round  int      `json:"round,omitempty"`
	// For a pair of an inline table: the table, and what stood in the place of Text
	// once the pair was gone. Before and After name the pairs beside it.
	Table *plan.Address `json:"table,omitempty"`
	New   string        `json:"left,omitempty"`
}

func (s *state) note(i int, r record) { s.records[i] = append(s.records[i], r) }

// undo is the records as the texts of Result.
func (s *state) undo(edits []Edit) ([]string, error) {
	texts := make([]string, len(s.records))
	for i, records := range s.records {
		if len(records) == 0 {
			continue
		}
		for j := range records {
			records[j].Below = records[j].at[len(edits[i].Address):]
		}
		text, err := json.Marshal(records)
		if err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// parseUndo is the records of an edit that takes back another, by address. A text
// that is not ours counts as none.
func parseUndo(e Edit) map[string]record {
	var records []record
	if e.Undo == "" || json.Unmarshal([]byte(e.Undo), &records) != nil {
		return nil
	}
	back := make(map[string]record, len(records))
	for _, r := range records {
		r.at = append(slices.Clone(e.Address), r.Below...)
		if old, ok := back[r.at.Key()]; ok {
			r.Cut = append(old.Cut, r.Cut...)
		}
		back[r.at.Key()] = r
	}
	return back
}

func hasPieces(back map[string]record) bool {
	for _, r := range back {
		if len(r.Cut) > 0 {
			return true
		}
	}
	return false
}

// unframe removes the frames of the keys that were taken back, where nothing is
// left in them.
func (s *state) unframe(edits []Edit, alone bool) error {
	if !alone {
		return nil
	}
	var frames []frame
	for _, e := range edits {
		if !e.Value.IsAbsent() {
			continue
		}
		for _, r := range parseUndo(e) {
			frames = append(frames, r.Frames...)
		}
	}
	slices.SortFunc(frames, func(a, b frame) int { return b.At.Compare(a.At) })
	for _, f := range frames {
		if s.unframeOne(f); len(s.cuts) > 0 {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *state) unframeOne(f frame) {
	n, depth := s.index.find(f.At)
	switch {
	case depth < len(f.At):
	case f.Inline && n.shape == inline && len(n.pairs) == 0 && n.holder != nil:
		s.add(s.index.cutPair(n)...)
		s.drop(f.At)
	case f.Gap != nil && n.shape == inline && len(n.pairs) == 0:
		s.add(&cut{start: n.val + 1, end: n.end - 1, text: *f.Gap})
	case f.Inline || f.Gap != nil || n.section < 0:
	case len(s.index.sections[n.section].pairs) > 0:
	case n == s.index.root:
		s.unframeRoot(f)
	case n.shape == header:
		s.unframeHeader(f, n)
	}
}

// unframeRoot removes the blank lines around what were the first root keys.
func (s *state) unframeRoot(f frame) {
	text := s.index.text
	end := s.index.beforeTables()
	if f.Open && f.Above && end == len(text) {
		s.add(&cut{start: len(chomp(text)), end: end}) // the blank line is the open one now
		return
	}
	start := end
	for _, there := range []bool{f.Below, f.Above} {
		if there && blankAbove(text, start) {
			start = lineStart(text, start-1)
		}
	}
	if start < end {
		s.add(s.index.cutLines(start, end))
	}
}

func (s *state) unframeHeader(f frame, n *node) {
	x := s.index
	sec := x.sections[n.section]
	start, end := sec.start, sec.end
	if f.Above && blankAbove(x.text, start) {
		start = lineStart(x.text, start-1)
	}
	if f.Below && blankAt(x.text, end) {
		end = lineEnd(x.text, end)
	}
	s.add(x.cutLines(start, end))
	if len(n.kids) == 0 {
		s.drop(f.At)
	}
}

// restore puts removed text back: all of it together, since pieces are found by
// their neighbours, or where that fails each edit as if it took nothing back.
func (s *state) restore(edits []Edit, which []int) error {
	if len(which) == 0 {
		return nil
	}
	if s.restored(edits, which) {
		return nil
	}
	for _, i := range which {
		s.back = nil
		if err := s.assign(i, edits[i].Address, edits[i].Value); err != nil {
			return err
		}
	}
	return s.flush()
}

func (s *state) restored(edits []Edit, which []int) bool {
	var pieces []piece
	want := s.want
	for _, i := range which {
		for _, r := range parseUndo(edits[i]) {
			pieces = append(pieces, r.Cut...)
		}
		want = with(want, edits[i].Address, edits[i].Value)
	}
	slices.SortStableFunc(pieces, func(a, b piece) int {
		if a.Round != b.Round {
			return b.Round - a.Round
		}
		return a.Offset - b.Offset
	})
	x := s.index
	for _, p := range pieces {
		text, ok := x.insert(p)
		if !ok {
			return false
		}
		var err error
		if x, err = read(text, x.marked); err != nil {
			return false
		}
	}
	if !x.root.is(want) {
		return false
	}
	s.index, s.want = x, want
	for _, i := range which {
		s.note(i, record{at: edits[i].Address, New: true})
	}
	return true
}

// insert puts a piece back where its neighbours stand.
func (x *index) insert(p piece) (string, bool) {
	if p.Table != nil {
		return x.insertPair(p)
	}
	units := x.units()
	at, ok := locate(units, p)
	if !ok {
		return "", false
	}
	i := len(x.text)
	if at < len(units) {
		i = units[at].start
	}
	lines, eol := p.Text, eolAt(x.text, i)
	if openEnd(lines) {
		return x.insertOpen(i, p)
	}
	return x.text[:i] + fit(x.text, i, lines, eol) + x.text[i:], true
}

// insertOpen puts back the open last line of a file. Where a blank line was in
// front of it, that one has become the open line.
func (x *index) insertOpen(i int, p piece) (string, bool) {
	units := x.units()
	swallowed := len(p.Before) > 0 && p.Before[0] == "" && len(units) > 0 && units[len(units)-1].kind != ""
	switch {
	case x.text == "":
		return p.Text, true
	case i == len(x.text) && (openEnd(x.text) || swallowed):
		return x.text + p.Eol + p.Text, true
	}
	return x.text[:i] + p.Text + p.Eol + x.text[i:], true
}

// insertPair puts a pair back into its inline table.
func (x *index) insertPair(p piece) (string, bool) {
	n, depth := x.find(*p.Table)
	if depth < len(*p.Table) || n.shape != inline {
		return "", false
	}
	h, ok := x.holeBetween(n, p.Before, p.After)
	if !ok || x.text[h.start:h.end] != p.New {
		return "", false
	}
	return x.text[:h.start] + p.Text + x.text[h.end:], true
}

// hole is the place of a pair in an inline table: all between its neighbours.
type hole struct {
	start, end int
	piece      piece
}

func (x *index) hole(p *node) hole {
	table := p.holder.address()
	h := hole{start: p.holder.val + 1, end: p.holder.end - 1, piece: piece{Table: &table}}
	pairs := p.holder.pairs
	k := slices.Index(pairs, p)
	if k > 0 {
		h.start = pairs[k-1].end
		h.piece.Before = []string{pairs[k-1].address().Key()}
	}
	if k+1 < len(pairs) {
		h.end = pairs[k+1].start
		h.piece.After = []string{pairs[k+1].address().Key()}
	}
	return h
}

func (x *index) holeBetween(n *node, before, after []string) (hole, bool) {
	h := hole{start: n.val + 1, end: n.end - 1}
	for k := 0; k <= len(n.pairs); k++ {
		var left, right []string
		if k > 0 {
			h.start = n.pairs[k-1].end
			left = []string{n.pairs[k-1].address().Key()}
		}
		h.end = n.end - 1
		if k < len(n.pairs) {
			h.end = n.pairs[k].start
			right = []string{n.pairs[k].address().Key()}
		}
		if slices.Equal(left, before) && slices.Equal(right, after) {
			return h, true
		}
	}
	return h, false
}

// piece is the removed text of a range of lines.
func (x *index) piece(start, end int) piece {
	p := piece{Text: x.text[start:end], Offset: start}
	if end == len(x.text) && openEnd(x.text) {
		p.Eol = eolAt(x.text, start)
	}
	units := x.units()
	k, _ := slices.BinarySearchFunc(units, start, func(u unit, i int) int { return u.start - i })
	for j := k - 1; j >= 0 && j >= k-reach; j-- {
		p.Before = append(p.Before, units[j].kind)
	}
	for ; k < len(units) && units[k].start < end; k++ {
	}
	for j := k; j < len(units) && j < k+reach; j++ {
		p.After = append(p.After, units[j].kind)
	}
	return p
}
