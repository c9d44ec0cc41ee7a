package commit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
)

// Recovered says what Recover found and did.
type Recovered struct {
	Found  bool     // an earlier run was interrupted
	Result InForce  // Old or New of that run, "" when it had not come far enough
	Kept   []string // files kept aside because two people's edits met there
}

// Recover ends what an earlier run left: it finishes that run or undoes it, and
// may itself be interrupted. It needs Lock.
func (s *Session) Recover(ctx context.Context) (Recovered, error) {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	stall.Halfway(true)
	var r Recovered
	for _, at := range []phase{done, staging, switching} {
		t, err := s.load(at)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if at == staging && damaged(err) { // a power cut: nothing had been touched
			r.Found, err = true, s.state.remove(string(staging))
			if err == nil {
				continue
			}
		}
		if err == nil {
			r.Found = true
			r.Result, err = t.recover(ctx)
		}
		if err != nil {
			return r, err
		}
		r.Kept = append(r.Kept, t.kept...)
	}
	for _, sweep := range []func() (bool, error){s.sweep, s.sweepBeside} {
		found, err := sweep()
		r.Found = r.Found || found
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

func damaged(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Reason == ReasonDamaged
}

// sweep removes what a run left that was killed before its intent was in place.
func (s *Session) sweep() (found bool, err error) {
	names, err := s.names()
	if err != nil {
		return false, fmt.Errorf("reading %s: %w", s.state.path, err)
	}
	for _, name := range names {
		if !loose(name) {
			continue
		}
		if err := s.state.remove(name); err != nil {
			return found, fmt.Errorf("removing %s: %w", filepath.Join(s.state.path, name), err)
		}
		found = true
	}
	return found, nil
}

// recover ends one interrupted transaction.
func (t *transaction) recover(ctx context.Context) (InForce, error) {
	result, err := Old, error(nil)
	switch t.at {
	case switching:
		unlock, e := t.lockCodex(ctx)
		if e != nil {
			return HalfWay, e
		}
		defer unlock()
		if in, e := t.inForce(); in || e != nil {
			result, err = t.finish(e, done, New)
		} else {
			result, err = t.conclude()
		}
	case done:
		result, err = New, t.tidy()
	default:
		err = t.tidy()
	}
	if err != nil {
		err = &StateError{result, fmt.Errorf("putting an interrupted run right: %w", err)}
	}
	return result, err
}
