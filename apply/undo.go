package apply

import (
	"context"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
)

// undo gives our keys their values from before this run back. The error is why it
// had to, or an *UndoError when it could not.
func (r *run) undo(ctx context.Context, s Sight, t *commit.Switched, refused *ConfirmError, why error) error {
	r.Progress("undoing")
	err := t.Undo(context.WithoutCancel(ctx), func(now commit.State) (commit.Change, error) {
		return r.undoing(s, now)
	})
	if err != nil {
		return &UndoError{Confirm: refused, Cause: err}
	}
	r.result.Outcome = RolledBack
	return why
}

// undoing is the change that takes our keys back out of files that somebody else
// has edited since.
func (r *run) undoing(s Sight, now commit.State) (commit.Change, error) {
	snap, err := r.read(file(now.Config), file(now.Auth), nil)
	if err != nil {
		return commit.Change{}, err
	}
	p := plan.Undo(s.Plan, s.Snapshot.Observed, snap.Observed, s.Rendered.Note)
	rendered, err := snap.Render(p, r.Now())
	if err != nil {
		return commit.Change{}, err
	}
	c := commit.Change{Before: now, Order: commit.NewOrigin}
	if p.File(plan.ConfigFile).Changed() {
		c.Config = written(rendered.Config)
	}
	if p.File(plan.AuthFile).Changed() {
		c.Auth = written(rendered.Auth)
	}
	if p.File(plan.PinsFile).Changed() {
		c.Auth = written(rendered.Pins)
	}
	return c, nil
}
