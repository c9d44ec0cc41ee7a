package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// finish reads the written files back, confirms, and commits or undoes.
func (r *run) finish(ctx context.Context, s Sight, t *commit.Switched) error {
	r.result.Notes = append(r.result.Notes, t.Notes()...)
	if t.WeakCAS() {
		r.note("weak-cas: this file system cannot exchange files, so an edit made in the same instant could have been lost")
	}
	written, err := r.readBack(s, t)
	if err != nil {
		return r.undo(ctx, s, t, nil, err)
	}
	if r.Accept != nil {
		if err := r.Accept(ctx); err != nil {
			return r.undo(ctx, s, t, nil, err)
		}
	}
	answer, err := r.confirm(ctx, s, r.accessBefore(written))
	if err != nil {
		return r.undo(ctx, s, t, nil, err)
	}
	var refused *ConfirmError
	if answer != nil && !answer.OK() {
		refused = &ConfirmError{Answer: *answer, Kept: s.Plan.Desired.Confirm.OnFailure == plan.OnFailureKeep}
	}
	if ctx.Err() != nil {
		return r.undo(ctx, s, t, nil, context.Cause(ctx))
	}
	if refused != nil && !refused.Kept {
		return r.undo(ctx, s, t, refused, refused)
	}
	return r.commit(s, t, refused)
}

func (r *run) commit(s Sight, t *commit.Switched, refused *ConfirmError) error {
	err := t.Commit()
	var state *commit.StateError
	if errors.As(err, &state) && state.InForce == commit.New {
		r.note(state.Error())
		err = nil
	}
	if err != nil {
		return err
	}
	r.result.Outcome = Applied
	r.result.KeyChanged = r.result.KeyChanged || keyChanged(s.Plan)
	if displaced(s.Plan) {
		r.note("your present key was replaced, and is not kept")
	}
	if r.crossed(s) {
		return &commit.ConflictError{Path: s.state.Config.Path}
	}
	if refused != nil {
		r.result.Outcome = Kept
		return refused
	}
	return nil
}

// crossed reports that, where the host has changed, the old one or the old key is back:
// a Codex that had read a file before it was replaced was slower than everything.
func (r *run) crossed(s Sight) bool {
	want := r.accessAfter(s.Rendered)
	if r.sameOrigin(s) || !s.Rendered.After.Key.Known() {
		return false
	}
	st, err := r.session.Read()
	if err != nil {
		return false
	}
	got, err := r.read(file(st.Config), file(st.Auth), nil)
	if err != nil {
		return false
	}
	is := r.accessBefore(got)
	return is.Origin() != want.Origin() || !got.Observed.Auth.Key.Equal(s.Rendered.After.Key)
}

func keyChanged(p plan.Plan) bool {
	for _, c := range p.File(plan.AuthFile).Changes {
		if c.Sensitive && c.Action == plan.Update {
			return true
		}
	}
	return false
}

func displaced(p plan.Plan) bool {
	return slices.ContainsFunc(p.File(plan.AuthFile).Changes, func(c plan.Change) bool { return c.Displaces })
}

// readBack reads both files as Codex would, and wants exactly what was planned. It is
// these files that the gateway is asked about.
func (r *run) readBack(s Sight, t *commit.Switched) (got codex.Snapshot, err error) {
	st, err := t.Read()
	if err != nil {
		return got, fmt.Errorf("reading back: %w", err)
	}
	got, err = r.read(file(st.Config), file(st.Auth), nil)
	if err != nil {
		return got, fmt.Errorf("reading back: %w", err)
	}
	for _, c := range s.Plan.File(plan.ConfigFile).Changes {
		if c.Edits() && !got.Observed.Config.Get(c.Address).Equal(s.Rendered.Root.At(c.Address)) {
			return got, &StaleError{Addresses: []plan.Address{c.Address}, Reason: "somebody changed it while it was being written"}
		}
	}
	for _, c := range s.Plan.File(plan.PinsFile).Changes {
		if c.Edits() && !got.Observed.Pins.Get(c.Address).Equal(s.Rendered.Pinned.At(c.Address)) {
			return got, &StaleError{Addresses: []plan.Address{c.Address}, Reason: "somebody changed it while it was being written"}
		}
	}
	if s.Plan.File(plan.AuthFile).Changed() && !got.Observed.Auth.Key.Equal(s.Rendered.After.Key) {
		return got, &StaleError{Addresses: []plan.Address{plan.KeyMember}, Reason: "somebody changed it while it was being written"}
	}
	return got, nil
}
