package tomlfile

import "slices"

// insert is the cut that puts a piece back where its neighbours stand.
func (x *index) insert(p piece) (*cut, bool) {
	if p.Table != nil {
		return x.insertPair(p)
	}
	i, ok := x.locate(p)
	if !ok {
		return nil, false
	}
	if openEnd(p.Text) {
		return x.insertOpen(i, p), true
	}
	return &cut{start: i, end: i, text: fit(x.text, i, p.Text, eolAt(x.text, i))}, true
}

// swallowed reports the open last line of a file with a blank line in front of it:
// once the piece was gone, the blank line was the open one, and so is no line any more.
func (p piece) swallowed() bool { return p.Eol != "" && len(p.Before) > 0 && p.Before[0] == "" }

// insertOpen puts back the open last line of a file.
func (x *index) insertOpen(i int, p piece) *cut {
	switch {
	case i == len(x.text) && (openEnd(x.text) || p.swallowed()):
		return &cut{start: i, end: i, text: p.Eol + p.Text}
	case x.text == "":
		return &cut{text: p.Text}
	}
	return &cut{start: i, end: i, text: p.Text + p.Eol}
}

// insertPair puts a pair back into its inline table.
func (x *index) insertPair(p piece) (*cut, bool) {
	n, depth := x.find(*p.Table)
	if depth < len(*p.Table) || n.shape != inline {
		return nil, false
	}
	h, ok := x.holeBetween(n, p.Before, p.After)
	if !ok || x.text[h.start:h.end] != p.New {
		return nil, false
	}
	return &cut{start: h.start, end: h.end, text: p.Text}, true
}

// hole is the place of a pair in an inline table: all between its neighbours.
type hole struct {
	start, end int
	piece      piece
}

func (x *index) hole(p *node) hole {
	table := p.holder.address()
	h := hole{start: p.holder.val + 1, end: p.holder.end - 1, piece: piece{Table: &table}}
	pairs := p.holder.pairs()
	k := slices.Index(pairs, p)
	if k > 0 {
		h.start = pairs[k-1].end
		h.piece.Before = []string{pairs[k-1].address().TOML()}
	}
	if k+1 < len(pairs) {
		h.end = pairs[k+1].start
		h.piece.After = []string{pairs[k+1].address().TOML()}
	}
	return h
}

func (x *index) holeBetween(n *node, before, after []string) (hole, bool) {
	h := hole{start: n.val + 1, end: n.end - 1}
	for k := 0; k <= len(n.pairs()); k++ {
		var left, right []string
		if k > 0 {
			h.start = n.pairs()[k-1].end
			left = []string{n.pairs()[k-1].address().TOML()}
		}
		h.end = n.end - 1
		if k < len(n.pairs()) {
			h.end = n.pairs()[k].start
			right = []string{n.pairs()[k].address().TOML()}
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
	k, j := x.unitAt(start)
	for d := 1; d <= reach; d++ {
		if kind, ok := x.kind(k, j-d); ok {
			p.Before = append(p.Before, kind)
		}
	}
	k, j = x.unitAt(end)
	for d := range reach {
		if kind, ok := x.kind(k, j+d); ok {
			p.After = append(p.After, kind)
		}
	}
	return p
}
