package tomlfile

import "github.com/codexform/codexform/plan"

// passage is a part of a file that can be decoded by itself, and what it has to say.
type passage struct {
	text string
	want func() plan.Value
}

// long is how much of a file an independent decoder gets at once: what it makes of a file
// takes forty times the room. Our own reading, which has seen the whole, answers for what
// goes beyond a passage: that no table stands in two of them.
const long = 64 << 10

// passages are the passages of a file: sections that together are long, or the whole,
// which says what is wanted, where it is short or has arrays of tables.
func (x *index) passages(want plan.Value) []passage {
	if len(x.text) < 2*long || x.root.hasArrays() {
		return []passage{{x.text, func() plan.Value { return want }}}
	}
	var all []passage
	for first := 0; first < len(x.sections); {
		next := first + 1
		for next < len(x.sections) && x.sections[next].start-x.sections[first].start < long {
			next++
		}
		sections := x.sections[first:next]
		all = append(all, passage{x.text[sections[0].start:x.sectionEnd(next-1)], func() plan.Value { return said(sections) }})
		first = next
	}
	return all
}

// said is what sections say.
func said(sections []*section) plan.Value {
	d := &data{value: plan.Table()}
	for _, sec := range sections {
		if at := sec.node.address(); len(at) > 0 && d.find(at) == nil {
			d.set(at, plan.Table())
		}
		for _, p := range sec.pairs {
			d.set(p.address(), p.decoded())
		}
	}
	return d.whole()
}

// hasArrays reports whether there are arrays of tables below a node.
func (n *node) hasArrays() bool {
	if n.shape == tables {
		return true
	}
	for _, kid := range n.kids {
		if kid.hasArrays() {
			return true
		}
	}
	return false
}
