package tomlfile

import (
	"cmp"
	"slices"

	"github.com/codexform/codexform/plan"
)

// taker is an edit that takes back another.
type taker struct {
	i      int // of the edit
	edit   Edit
	steps  []step
	frames []frame // that go with it: no later taker has them
}

// first is the last step of what the taker takes back: the first to go.
func (t *taker) first() step { return t.steps[len(t.steps)-1] }

// putsBack reports whether the taker puts removed text back.
func (t *taker) putsBack() bool {
	return !t.edit.Value.IsAbsent() && len(t.first().Cut) > 0
}

// takeBack makes the edits that have a TakeBack.
func (s *state) takeBack(edits []Edit) error {
	var late []*taker
	for _, t := range takers(edits) {
		s.taking = t.steps
		done, err := s.takeBackOne(t)
		if err != nil {
			return err
		}
		if !done {
			late = append(late, t) // perhaps what comes back next is what it misses
		}
		s.taken[t.i] = done
	}
	s.taking = nil
	for _, t := range late {
		done, err := s.takeBackOne(t)
		if err != nil {
			return err
		}
		s.taken[t.i] = done
	}
	return s.flush()
}

// takers are the edits with a TakeBack, the latest taken back first.
func takers(edits []Edit) []*taker {
	var all []*taker
	for i, e := range edits {
		if steps := stepsOf(e); len(steps) > 0 {
			all = append(all, &taker{i: i, edit: e, steps: steps})
		}
	}
	slices.SortFunc(all, func(a, b *taker) int { return cmp.Or(order(a, b), a.i-b.i) }) // the common order, backwards, costs it least
	seen := map[frameName]bool{}
	for k := len(all) - 1; k >= 0; k-- {
		all[k].takeFrames(seen)
	}
	return all
}

// order puts takers into the order in which they find the file as what they
// take back has left it: the turns backwards, in a turn the rounds backwards, and
// within a round first all that is no removed text, backwards; then removed text,
// from the top.
func order(a, b *taker) int {
	first, second := a.first(), b.first()
	switch {
	case first.Turn != second.Turn:
		return second.Turn - first.Turn
	case first.Round != second.Round:
		return second.Round - first.Round
	case !a.putsBack() && !b.putsBack():
		return second.Seq - first.Seq
	case a.putsBack() && b.putsBack():
		return first.Cut[0].Offset - second.Cut[0].Offset
	case b.putsBack():
		return -1
	}
	return 1
}

// takeFrames claims the frames of a taker that none made after it has.
func (t *taker) takeFrames(seen map[frameName]bool) {
	for _, r := range t.steps {
		for _, f := range r.Frames {
			if name := f.name(); !seen[name] {
				seen[name] = true
				t.frames = append(t.frames, f)
			}
		}
	}
	slices.SortFunc(t.frames, func(a, b frame) int { return b.At.Compare(a.At) })
}

// takeBackOne makes one edit that takes back another. It reports false when removed
// text could not be put back.
func (s *state) takeBackOne(t *taker) (bool, error) {
	done := true
	steps := t.byAddress()
	for _, group := range steps {
		ok, err := s.takeBackAt(t.i, group, lookup(t.edit.Value, group[0].Below))
		if err != nil {
			return false, err
		}
		done = done && ok
	}
	whole := len(steps) == 1 && len(steps[0][0].Below) == 0
	if err := s.unframe(t.frames); err != nil || !done || whole {
		return done, err
	}
	return true, s.assign(t.i, t.edit.Address, t.edit.Value)
}

// byAddress are the steps of a taker, the latest first, those in a row of one
// address together.
func (t *taker) byAddress() [][]step {
	var steps [][]step
	for _, r := range slices.Backward(t.steps) {
		if k := len(steps) - 1; k >= 0 && steps[k][0].at.Equal(r.at) {
			steps[k] = append(steps[k], r)
			continue
		}
		steps = append(steps, []step{r})
	}
	return steps
}

// takeBackAt gives one address the value that it had.
func (s *state) takeBackAt(i int, steps []step, v plan.Value) (bool, error) {
	var pieces []piece
	for _, r := range steps {
		pieces = append(pieces, r.Cut...)
	}
	if at := steps[0].at; v.IsAbsent() || len(pieces) == 0 {
		return true, s.assign(i, at, v)
	}
	return s.putBack(i, steps[0].at, v, pieces)
}
