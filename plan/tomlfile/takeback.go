package tomlfile

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

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
		done, err := s.invert(inv)
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
// take back has left it: the turns backwards, in a turn the rounds backwards, and
// within a round first all that is no removed text, backwards; then removed text,
// from the top.
func order(a, b inverse) int {
	first, second := a.first(), b.first()
	switch {
	case first.Turn != second.Turn:
		return second.Turn - first.Turn
	case first.Round != second.Round:
		return second.Round - first.Round
	case !a.restores() && !b.restores():
		return second.Seq - first.Seq
	case a.restores() && b.restores():
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
	done := true
	steps := inv.steps()
	for _, step := range steps {
		ok, err := s.invertAt(inv.i, step, lookup(inv.edit.Value, step[0].Below))
		if err != nil {
			return false, err
		}
		done = done && ok
	}
	whole := len(steps) == 1 && len(steps[0][0].Below) == 0
	if err := s.unframe(inv.frames); err != nil || !done || whole {
		return done, err
	}
	return true, s.assign(inv.i, inv.edit.Address, inv.edit.Value)
}

// steps are the records of an inverse, the latest first, those in a row of one
// address together.
func (inv *inverse) steps() [][]record {
	var steps [][]record
	for _, r := range slices.Backward(inv.records) {
		if k := len(steps) - 1; k >= 0 && steps[k][0].at.Equal(r.at) {
			steps[k] = append(steps[k], r)
			continue
		}
		steps = append(steps, []record{r})
	}
	return steps
}

// invertAt gives one address the value that it had.
func (s *state) invertAt(i int, records []record, v plan.Value) (bool, error) {
	var pieces []piece
	for _, r := range records {
		pieces = append(pieces, r.Cut...)
	}
	if at := records[0].at; v.IsAbsent() || len(pieces) == 0 {
		return true, s.assign(i, at, v)
	}
	return s.restore(i, records[0].at, v, pieces)
}

// restore puts removed text back where its neighbours stand, if that gives the
// wanted data.
func (s *state) restore(i int, at plan.Address, v plan.Value, pieces []piece) (bool, error) {
	if err := s.flush(); err != nil {
		return false, err
	}
	x := s.index
	for _, p := range pieces {
		text, ok := x.insert(p)
		if !ok {
			return false, nil
		}
		var err error
		if x, err = read(text, x.marked); err != nil {
			return false, nil // something new is in the way
		}
	}
	want := with(s.want, at, v)
	if !x.root.is(want) {
		return false, nil
	}
	s.index, s.want = x, want
	s.round++
	s.note(i, record{at: at, Round: s.round, New: true})
	return true, nil
}
