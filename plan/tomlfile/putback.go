package tomlfile

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// putBack puts removed text back where its neighbours stand, if that gives the
// wanted data.
func (s *state) putBack(i int, at plan.Address, v plan.Value, pieces []piece) (bool, error) {
	if err := s.flush(); err != nil {
		return false, err
	}
	text := s.index.text
	if !s.insertAll(at, v, pieces) {
		s.lose(pieces)
		if s.index.text == text && !s.renewed {
			return false, nil
		}
		return false, s.become(text) // something new is in the way
	}
	s.want.set(at, v)
	s.begin()
	s.note(i, step{at: at, Round: s.round, New: true})
	return true, nil
}

// insertAll inserts pieces and reports whether the file then says what it said, with
// a value at an address.
func (s *state) insertAll(at plan.Address, v plan.Value, pieces []piece) bool {
	local := true // only sections read again can say anything else
	for _, p := range pieces {
		c, ok := s.index.insert(p)
		if !ok {
			return false
		}
		before, after, ok := s.splice(c)
		if !ok {
			return false
		}
		local = local && after != nil
		if after != nil && !unchanged(before, after, at) {
			return false
		}
	}
	if !local {
		want := &data{value: s.want.whole()}
		want.set(at, v)
		return s.index.root.is(want.whole())
	}
	n, depth := s.index.find(at)
	return depth == len(at) && n.is(v)
}

// splice makes one cut. The sections before and after are nil when the whole text
// was read.
func (s *state) splice(c *cut) (before, after []*section, ok bool) {
	old := s.index.text
	text := old[:c.start] + c.text + old[c.end:]
	if s.own {
		s.renewed = true
		if before, after, ok = s.index.renew(text, []*cut{c}, []int{len(c.text)}); ok {
			return before, after, true
		}
	}
	return nil, nil, s.become(text) == nil
}

// unchanged reports whether sections say the same as others, but for what is at an
// address or leads there.
func unchanged(before, after []*section, at plan.Address) bool {
	return slices.EqualFunc(besides(before, at), besides(after, at), func(m, n *node) bool {
		return sameName(m, n) && m.decoded().Equal(n.decoded())
	})
}

// besides are the headers and pairs of sections that do not belong to an address.
// Of a table it is the header alone.
func besides(sections []*section, at plan.Address) []*node {
	var all []*node
	for _, sec := range sections {
		if a := sec.node.address(); !a.HasPrefix(at) && !at.HasPrefix(a) {
			all = append(all, &node{key: sec.node.key, parent: sec.node.parent, shape: header})
		}
		all = pairsBesides(all, sec.pairs, at)
	}
	return all
}

func pairsBesides(all, pairs []*node, at plan.Address) []*node {
	for _, p := range pairs {
		switch a := p.address(); {
		case a.HasPrefix(at):
		case p.shape == inline && at.HasPrefix(a):
			all = pairsBesides(all, p.pairs(), at)
		default:
			all = append(all, p)
		}
	}
	return all
}

func sameName(m, n *node) bool {
	for m.parent != nil && n.parent != nil && m.key == n.key {
		m, n = m.parent, n.parent
	}
	return m.parent == nil && n.parent == nil
}
