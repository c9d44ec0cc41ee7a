package tomlfile

import (
	"slices"

	"github.com/codexform/codexform/plan/editor"
)

// region is a range of sections that a round changes.
type region struct {
	first, last int
	start, end  int // in the text before
	delta       int // what the cuts in it add to its length
}

// renew brings the index to the text that cuts, in order, make of its own. Only
// the sections that they touch are read again; all that is behind moves. It reports
// false, and leaves the index unusable, where that could differ from reading the
// whole text: with errors, with arrays of tables, with tables in several spellings.
// The sections before and after are those of the regions.
func (x *index) renew(text string, cuts []*cut, lengths []int) (before, after []*section, ok bool) {
	regions := x.regions(cuts, lengths)
	if !x.separable(text, regions) {
		return nil, nil, false
	}
	for _, r := range regions {
		before = append(before, x.sections[r.first:r.last+1]...)
	}
	if !x.detach(before) {
		return nil, nil, false
	}
	x.move(regions)
	x.text = text
	sections, next, delta := make([]*section, 0, len(x.sections)+1), 0, 0
	for _, r := range regions {
		sections = append(sections, x.sections[next:r.first]...)
		next = r.last + 1
		if err := x.readRegion(r, delta); err != nil || x.knotty {
			return nil, nil, false
		}
		sections, after = append(sections, x.fresh...), append(after, x.fresh...)
		delta += r.delta
	}
	x.sections = append(sections, x.sections[next:]...)
	x.tidy(len(regions))
	return before, after, true
}

// regions are the sections that cuts touch, those of a place where two of them meet
// included.
func (x *index) regions(cuts []*cut, lengths []int) []region {
	var all []region
	for i, c := range cuts {
		first, last, delta := x.sectionAt(c.start), x.sectionAt(c.end), lengths[i]-(c.end-c.start)
		if k := len(all) - 1; k >= 0 && first <= all[k].last {
			all[k].last, all[k].delta = max(all[k].last, last), all[k].delta+delta
			continue
		}
		all = append(all, region{first: first, last: last, delta: delta})
	}
	for i := range all {
		all[i].start, all[i].end = x.sections[all[i].first].start, x.sectionEnd(all[i].last)
	}
	return all
}

// separable reports whether the regions can be read by themselves: none has to do
// with an array of tables, and each ends with a line.
func (x *index) separable(text string, regions []region) bool {
	delta := 0
	for _, r := range regions {
		for _, sec := range x.sections[r.first : r.last+1] {
			if sec.node.inArray() {
				return false
			}
		}
		delta += r.delta
		if end := r.end + delta; end > 0 && end < len(text) && text[end-1] != '\n' {
			return false
		}
	}
	return true
}

func (n *node) inArray() bool {
	for ; n != nil; n = n.parent {
		if n.shape == element {
			return true
		}
	}
	return false
}

func (x *index) readRegion(r region, delta int) error {
	var root *section
	if r.first == 0 {
		root = &section{node: x.root}
		x.root.section = root
	}
	start := r.start + delta
	passage := x.text[start : r.end+delta+r.delta]
	return x.read(string([]byte(passage)), start, root) // a copy: what stays must not hold the whole text
}

// detach takes what sections say out of the tree. It reports false where a table
// would stay that has lost the pairs that spelt it.
func (x *index) detach(sections []*section) bool {
	var touched [editor.MaxDepth + 1][]*node
	touch := func(n *node) {
		if d := min(n.depth(), editor.MaxDepth); !slices.Contains(touched[d][max(0, len(touched[d])-1):], n) {
			touched[d] = append(touched[d], n)
		}
	}
	for _, sec := range sections {
		for _, p := range sec.pairs {
			p.gone = true
			touch(p.parent)
		}
		x.forget(sec)
		if sec.node != x.root {
			sec.node.shape, sec.node.section = implied, nil
			touch(sec.node)
		}
	}
	for d := editor.MaxDepth; d >= 0; d-- {
		for _, n := range touched[d] {
			switch n.prune(); {
			case n == x.root || n.gone:
			case len(n.kids) == 0 && (n.shape == implied || n.shape == dotted):
				n.gone = true
				touch(n.parent)
			case n.shape == dotted:
				return false
			}
		}
	}
	return true
}

// prune takes kids that are gone out of a node.
func (n *node) prune() {
	for _, kid := range n.kids {
		if kid.gone && n.more != nil && n.more.byKey != nil {
			delete(n.more.byKey, kid.key)
		}
	}
	n.kids = slices.DeleteFunc(n.kids, func(kid *node) bool { return kid.gone })
}

func (n *node) depth() int {
	d := 0
	for ; n.parent != nil; n = n.parent {
		d++
	}
	return d
}

// move shifts the sections outside of the regions to where they are then.
func (x *index) move(regions []region) {
	for i, delta := 0, 0; i < len(regions); i++ {
		next := len(x.sections)
		if i+1 < len(regions) {
			next = regions[i+1].first
		}
		if delta += regions[i].delta; delta == 0 {
			continue
		}
		for _, sec := range x.sections[regions[i].last+1 : next] {
			sec.start, sec.end = sec.start+delta, sec.end+delta
			for _, p := range sec.pairs {
				p.move(delta)
			}
		}
	}
}

func (n *node) move(delta int) {
	n.at, n.start, n.val, n.end = n.at+delta, n.start+delta, n.val+delta, n.end+delta
	for _, p := range n.pairs() {
		p.move(delta)
	}
}
