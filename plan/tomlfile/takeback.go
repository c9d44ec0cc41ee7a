package tomlfile

import "slices"

// inverse is an edit that takes back another.
type inverse struct {
	i       int // of the edit
	edit    Edit
	records []record
	frames  []frame // that go with it: no later inverse has them
}

// first is the last record of what the inverse takes back: the first to go.
func (inv *inverse) first() record { return inv.records[len(inv.records)-1] }

// restores reports whether the inverse puts removed text back.
func (inv *inverse) restores() bool {
	return !inv.edit.Value.IsAbsent() && len(inv.first().Cut) > 0
}

// takeBack makes the edits that have an Undo.
func (s *state) takeBack(edits []Edit) error {
	var late []inverse
	for _, inv := range inverses(edits) {
		s.back = inv.records
		done, err := s.invert(inv)
		if err != nil {
			return err
		}
		if !done {
			late = append(late, inv) // perhaps what comes back next is what it misses
		}
		s.taken[inv.i] = done
	}
	s.back = nil
	for _, inv := range late {
		done, err := s.restore(inv)
		if err != nil {
			return err
		}
		s.taken[inv.i] = done
	}
	return s.flush()
}

// inverses are the edits with an Undo, the latest taken back first.
func inverses(edits []Edit) []inverse {
	var all []inverse
	for i, e := range edits {
		if records := parseUndo(e); len(records) > 0 {
			all = append(all, inverse{i: i, edit: e, records: records})
		}
	}
	slices.SortStableFunc(all, order)
	seen := map[string]bool{}
	for k := len(all) - 1; k >= 0; k-- {
		all[k].takeFrames(seen)
	}
	return all
}

// order puts inverses into the order in which they find the file as what they
// take back has left it: the rounds backwards, and within a round first all that
// is no removed text, backwards; then removed text, from the top.
func order(a, b inverse) int {
	first, second := a.first(), b.first()
	switch {
	case first.Round != second.Round:
		return second.Round - first.Round
	case !a.restores() && !b.restores():
		return second.Seq - first.Seq
	case a.restores() && b.restores() && len(first.Cut) > 0 && len(second.Cut) > 0:
		return first.Cut[0].Offset - second.Cut[0].Offset
	case b.restores():
		return -1
	}
	return 1
}

// takeFrames claims the frames of an inverse that none made after it has.
func (inv *inverse) takeFrames(seen map[string]bool) {
	for _, r := range inv.records {
		for _, f := range r.Frames {
			if name := f.name(); !seen[name] {
				seen[name] = true
				inv.frames = append(inv.frames, f)
			}
		}
	}
	slices.SortFunc(inv.frames, func(a, b frame) int { return b.At.Compare(a.At) })
}

// invert makes one edit that takes back another. It reports false when removed
// text could not be put back.
func (s *state) invert(inv inverse) (bool, error) {
	if inv.restores() {
		return s.restore(inv)
	}
	if err := s.assign(inv.i, inv.edit.Address, inv.edit.Value); err != nil {
		return false, err
	}
	if !inv.edit.Value.IsAbsent() || len(inv.frames) == 0 {
		return true, nil
	}
	return true, s.unframe(inv.frames)
}

// pieces is the removed text that an inverse puts back, what went last first.
func (inv *inverse) pieces() []piece {
	records := slices.Clone(inv.records)
	slices.SortStableFunc(records, func(a, b record) int { return b.Round - a.Round })
	var pieces []piece
	for _, r := range records {
		pieces = append(pieces, r.Cut...)
	}
	return pieces
}

// restore puts removed text back where its neighbours stand, if that gives the
// wanted data.
func (s *state) restore(inv inverse) (bool, error) {
	if err := s.flush(); err != nil {
		return false, err
	}
	x, e := s.index, inv.edit
	if _, depth := x.find(e.Address); depth == len(e.Address) {
		return false, nil
	}
	for _, p := range inv.pieces() {
		text, ok := x.insert(p)
		if !ok {
			return false, nil
		}
		var err error
		if x, err = read(text, x.marked); err != nil {
			return false, nil // something new is in the way
		}
	}
	want := with(s.want, e.Address, e.Value)
	if !x.root.is(want) {
		return false, nil
	}
	s.index, s.want = x, want
	s.round++
	s.note(inv.i, record{at: e.Address, New: true})
	return true, nil
}
