package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

const (
	// tries bounds how often a home that keeps moving is planned again.
	tries = 8
	// limit bounds a whole run, but for the time that a person takes to answer.
	limit = 90 * time.Second
	// confirmUsual is what a confirmation takes at most where nobody asks for more.
	confirmUsual = 30 * time.Second
	// settle is how long a new host has to stay before its key comes. Codex writes
	// config.toml less than a millisecond after it has read it, if it is let run.
	settle = 100 * time.Millisecond
)

var errLimit = fmt.Errorf("gave up: the run took longer than %s", limit)

// run is one apply under way.
type run struct {
	looker
	result   Result
	locked   bool
	worked   time.Duration // of limit
	reviewed *plan.Plan
	probed   bool
	left     []string // what is to be said of what an undo left
}

func (r *run) run(ctx context.Context) error {
	var err error
	if r.session, err = commit.Open(r.place()); err != nil {
		return err
	}
	defer r.session.Close()
	if r.session.Interrupted() {
		if err := r.working(ctx, r.lock); err != nil {
			return err
		}
	}
	for range tries {
		done, err := r.attempt(ctx)
		var conflict *commit.ConflictError
		if errors.As(err, &conflict) {
			continue
		}
		if done && err == nil && r.Purge {
			return r.working(ctx, r.purge)
		}
		if done || err != nil {
			return err
		}
	}
	if r.result.Outcome == Applied {
		return &StaleError{Reason: "written, but another writer keeps bringing the old host back"}
	}
	return &StaleError{Reason: "another writer kept changing the files; nothing of ours was written"}
}

// patience is what confirm.timeout asks for beyond the usual: a gateway is asked twice.
func (r *run) patience() time.Duration {
	if r.NoConfirm || !r.Desired.Confirm.Enabled {
		return 0
	}
	return 2 * max(0, r.Desired.Confirm.Timeout-confirmUsual)
}

// working does a piece of the run in what is left of its limit.
func (r *run) working(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit+r.patience()-r.worked, errLimit)
	defer cancel()
	start := time.Now()
	defer func() { r.worked += time.Since(start) }()
	return do(ctx)
}

// attempt goes once through the steps. It is not done when the home moved on the
// way, or was not locked yet.
func (r *run) attempt(ctx context.Context) (done bool, err error) {
	var s Sight
	err = r.working(ctx, func(ctx context.Context) (err error) {
		s, err = r.look(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	r.result.Plan = s.Plan
	if err := r.permit(ctx, s); err != nil {
		return false, err
	}
	err = r.working(ctx, func(ctx context.Context) (err error) {
		done, err = r.carryOut(ctx, s)
		return err
	})
	return done, err
}

// carryOut makes what was looked at so, or gets the lock for it.
func (r *run) carryOut(ctx context.Context, s Sight) (done bool, err error) {
	if s.Quiet() {
		return r.unchanged(ctx, s)
	}
	if !r.locked {
		return false, r.lock(ctx)
	}
	if err := r.probe(ctx, s); err != nil {
		return false, err
	}
	if r.Writing != nil {
		r.Writing(ctx)
	}
	r.Progress("writing")
	change, err := r.change(s)
	if err != nil {
		return false, err
	}
	switched, err := r.session.Switch(ctx, change)
	if err != nil {
		return false, err
	}
	return true, r.finish(ctx, s, switched)
}

// lock takes the lock and ends what an interrupted run left.
func (r *run) lock(ctx context.Context) error {
	r.Progress("waiting for the lock")
	if err := r.session.Lock(ctx); err != nil {
		return err
	}
	r.locked = true
	found, err := r.session.Recover(ctx)
	if err != nil || !found.Found {
		return err
	}
	switch found.Result {
	case commit.New:
		r.note("an earlier run was interrupted; it was finished: its files are in force")
	case commit.Old:
		r.note("an earlier run was interrupted; it was undone: the files are as they were before it")
	default:
		r.note("an earlier run was interrupted; what it had left beside the files was removed")
	}
	for _, path := range found.Kept {
		r.note("two edits met there, so one was kept aside: " + path)
	}
	return nil
}

func (r *run) note(text string) { r.result.Notes = append(r.result.Notes, text) }

// permit stops at a saved plan that no longer fits, at what speaks against the plan,
// and at a no.
func (r *run) permit(ctx context.Context, s Sight) error {
	if r.Saved != nil {
		if err := stale(*r.Saved, s); err != nil {
			return err
		}
	}
	if err := s.Err(); err != nil {
		return err
	}
	if s.Quiet() && !(r.Purge && r.session.HasState()) || r.Review == nil || r.reviewed != nil && sameChanges(*r.reviewed, s.Plan) {
		return nil
	}
	r.reviewed = &s.Plan
	return r.Review(ctx, s.Plan)
}

// sameChanges reports whether two plans say the same. Mostly they are one: nothing had
// moved when the lock was held.
func sameChanges(a, b plan.Plan) bool {
	if len(a.Files) > 0 && len(a.Files) == len(b.Files) && &a.Files[0] == &b.Files[0] {
		return true
	}
	x, _ := json.Marshal(a.Document("", time.Time{}).Files)
	y, _ := json.Marshal(b.Document("", time.Time{}).Files)
	return string(x) == string(y)
}

// unchanged ends a run that has nothing to write but, perhaps, what it remembers.
func (r *run) unchanged(ctx context.Context, s Sight) (bool, error) {
	r.result.Outcome = Unchanged
	if s.Spent != nil {
		r.note("the secret was not asked for anew, as there is nothing to do: " + s.Spent.Error())
	}
	if s.Remembers() {
		if !r.locked {
			return false, r.lock(ctx)
		}
		ledger, err := codex.EncodeLedger(s.Rendered.Ledger)
		if err != nil {
			return false, err
		}
		if err := r.session.WriteStateFiles(ctx, commit.StateFiles{Ledger: ledger}); err != nil {
			return false, err
		}
	}
	answer, err := r.confirm(ctx, s, r.accessAfter(s.Rendered))
	if err == nil && answer != nil && !answer.OK() {
		err = &ConfirmError{Answer: *answer, Kept: true}
	}
	return true, err
}
