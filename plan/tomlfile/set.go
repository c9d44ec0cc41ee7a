package tomlfile

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// assign makes an address have a value, whatever kinds both are.
func (s *state) assign(i int, at plan.Address, v plan.Value) error {
	switch {
	case v.IsAbsent():
		return s.remove(i, at)
	case v.Kind() == plan.KindTable:
		return s.assignTable(i, at, v)
	}
	return s.try(func() bool { return s.set(i, at, v) })
}

// assignTable sets the members of a table one by one and removes all others.
func (s *state) assignTable(i int, at plan.Address, v plan.Value) error {
	if err := s.flush(); err != nil {
		return err
	}
	if n, depth := s.index.find(at); depth == len(at) {
		for _, kid := range n.others(v) {
			if err := s.remove(i, child(at, kid.key)); err != nil {
				return err
			}
		}
	}
	for _, m := range v.Members() {
		if err := s.assign(i, child(at, m.Key), m.Value); err != nil {
			return err
		}
	}
	return s.assignEmpty(i, at, v)
}

// assignEmpty makes sure of a table that no member brings about.
func (s *state) assignEmpty(i int, at plan.Address, v plan.Value) error {
	if len(v.Members()) > 0 {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if _, depth := s.index.find(at); depth == len(at) {
		return nil
	}
	return s.try(func() bool { return s.set(i, at, v) })
}

func child(at plan.Address, key string) plan.Address {
	return append(append(make(plan.Address, 0, len(at)+1), at...), key)
}

// set gives a key a scalar, a list or, where nothing is yet, an empty table. It
// reports false when this has to wait for the next round.
func (s *state) set(i int, at plan.Address, v plan.Value) bool {
	n, depth := s.index.find(at)
	if depth == len(at) {
		return s.replace(i, n, at, v)
	}
	if s.removes > 0 {
		return false // the neighbours of new lines, and their line ends, may be about to go
	}
	r := step{at: at, Round: s.round, New: true}
	var done bool
	switch {
	case n.shape == inline:
		done = s.addPair(n, at[depth:], 0, v, &r)
	case n.shape == dotted && n.lastPair().holder != nil:
		table := n.lastPair().holder
		from := len(table.address())
		done = s.addPair(table, at[from:], depth-from, v, &r)
	case n.shape == dotted:
		done = s.addDotted(n, at, v)
	case depth == len(at)-1 && n.section != nil && v.Kind() != plan.KindTable:
		done = s.addLine(n, at, v, &r)
	default:
		done = s.addHeader(n, at, v, &r)
	}
	if done {
		s.share(&r)
		s.note(i, r)
		s.want.set(at, v)
	}
	return done
}

// replace changes the value of a key that is there.
func (s *state) replace(i int, n *node, at plan.Address, v plan.Value) bool {
	if n.decoded().Equal(v) {
		return true
	}
	old := s.index.text[n.val:n.end]
	c := &cut{start: n.val, end: n.end, text: s.spell(at, v, old)}
	c.folds = strings.Contains(old, "\n")
	if !s.add(c) {
		return false
	}
	s.note(i, step{at: at, Round: s.round, Old: &old})
	s.want.set(at, v)
	return true
}

// spell is a value as it is to be written in place of an old one: as it was
// before the edit that is taken back, in single quotes where the old one is,
// canonical else.
func (s *state) spell(at plan.Address, v plan.Value, old string) string {
	for _, r := range s.taking {
		if r.at.Equal(at) && r.Old != nil && decodes(*r.Old, v) {
			return *r.Old
		}
	}
	single := strings.HasPrefix(old, "'") && !strings.HasPrefix(old, "'''")
	if single && v.Kind() == plan.KindString && literal(v.Text()) {
		return "'" + v.Text() + "'"
	}
	return v.TOML()
}

// literal reports whether single quotes can hold a text.
func literal(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r == '\'' || r < ' ' && r != '\t' || r == 0x7f })
}

// decodes reports whether a spelling is that of a value.
func decodes(spelling string, v plan.Value) bool {
	x, err := read("v = "+spelling, false)
	return err == nil && len(x.root.kids) == 1 && len(x.sections) == 1 && x.root.kids[0].decoded().Equal(v)
}
