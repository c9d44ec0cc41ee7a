package tomlfile

import "slices"

// insert puts a piece back where its neighbours stand.
func (x *index) insert(p piece) (string, bool) {
	if p.Table != nil {
		return x.insertPair(p)
	}
	i, ok := x.locate(p)
	if !ok {
		return "", false
	}
	lines, eol := p.Text, eolAt(x.text, i)
	if openEnd(lines) {
		return x.insertOpen(i, p)
	}
	return x.text[:i] + fit(x.text, i, lines, eol) + x.text[i:], true
}

// swallowed reports the open last line of a file with a blank line in front of it:
// once the piece was gone, the blank line was the open one, and so is no line any more.
func (p piece) swallowed() bool { return p.Eol != "" && len(p.Before) > 0 && p.Before[0] == "" }

// insertOpen puts back the open last line of a file.
func (x *index) insertOpen(i int, p piece) (string, bool) {
	switch {
	case i == len(x.text) && (openEnd(x.text) || p.swallowed()):
		return x.text + p.Eol + p.Text, true
	case x.text == "":
		return p.Text, true
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
		h.piece.Before = []string{pairs[k-1].address().String()}
	}
	if k+1 < len(pairs) {
		h.end = pairs[k+1].start
		h.piece.After = []string{pairs[k+1].address().String()}
	}
	return h
}

func (x *index) holeBetween(n *node, before, after []string) (hole, bool) {
	h := hole{start: n.val + 1, end: n.end - 1}
	for k := 0; k <= len(n.pairs); k++ {
		var left, right []string
		if k > 0 {
			h.start = n.pairs[k-1].end
			left = []string{n.pairs[k-1].address().String()}
		}
		h.end = n.end - 1
		if k < len(n.pairs) {
			h.end = n.pairs[k].start
			right = []string{n.pairs[k].address().String()}
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
