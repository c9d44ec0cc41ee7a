package apply

import (
	"context"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// undo gives our keys their values from before this run back. The error is why it
// had to, or an *UndoError when it could not.
func (r *run) undo(ctx context.Context, s Sight, t *commit.Switched, refused *ConfirmError, why error) error {
	r.Progress("undoing")
	err := t.Undo(context.WithoutCancel(ctx), func(now commit.State) (commit.Change, error) {
		return r.undoing(ctx, s, now)
	})
	if err != nil {
		return &UndoError{Confirm: refused, Cause: err}
	}
	r.result.Outcome = RolledBack
	r.result.Notes = append(r.result.Notes, r.left...)
	return why
}

// undoing is the change that takes our keys back out of files that somebody else
// has edited since.
func (r *run) undoing(ctx context.Context, s Sight, now commit.State) (commit.Change, error) {
	snap, err := r.read(file(now.Config), file(now.Auth), nil)
	if err != nil {
		return commit.Change{}, err
	}
	snap.Observed.Ledger = s.Rendered.Ledger
	p := codex.StandingUndo(s.Snapshot.Observed, snap.Observed, r.around(context.WithoutCancel(ctx), snap), func(now plan.Observed) plan.Plan {
		return plan.Undo(s.Plan, s.Snapshot.Observed, now, s.Rendered.Note)
	})
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
	r.left = kept(p)
	if r.Check != nil {
		for _, d := range r.Check(context.WithoutCancel(ctx), snap, p, rendered) {
			if d.Stops {
				r.left = append(r.left, "with what is left: "+d.Summary)
			}
		}
	}
	return c, nil
}

// kept is what an undo could not give back: somebody else's writing needs it.
func kept(p plan.Plan) (notes []string) {
	for _, c := range p.File(plan.ConfigFile).Changes {
		if c.Reason != "" {
			notes = append(notes, c.Address.String()+": "+c.Reason)
		}
	}
	return notes
}
