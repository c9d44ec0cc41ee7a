package apply

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

const (
	// tries bounds how often a home that keeps moving is planned again.
	tries = 8
	// limit bounds a whole run, but for the time that a person takes to answer.
	limit = 90 * time.Second
	// settle is how long a new host has to stay before its key comes. Codex writes
	// config.toml less than a millisecond after it has read it, if it is let run.
	settle = 100 * time.Millisecond
)

var errLimit = fmt.Errorf("gave up: the run took longer than %s", limit)

// run is one apply under way.
type run struct {
	Options
	result  Result
	session *commit.Session
	locked  bool
	worked  time.Duration // of limit
	// resolved is the desired state with its secret, once it was needed.
	resolved *plan.Desired
	reviewed *plan.Plan
	probed   bool
	key      []byte // see newKey
}

// sight is what one look at the home gave.
type sight struct {
	state    commit.State
	snapshot codex.Snapshot
	plan     plan.Plan
	rendered codex.Rendered
	keep     string // the name under which a damaged config.toml is kept
}

// quiet reports whether there is nothing to write.
func (s sight) quiet() bool { return s.plan.Empty() }

func (r *run) run(ctx context.Context) error {
	session, err := commit.Open(commit.Options{
		Home: r.Home, UserHome: r.UserHome, Confine: r.Confine,
		AllowGitWorkTree: r.AllowGitWorkTree, LockTimeout: r.LockTimeout, Now: r.Now,
		Origin: r.originIn, Settle: settle,
	})
	if err != nil {
		return err
	}
	r.session = session
	defer session.Close()
	if session.Interrupted() {
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
		if done || err != nil {
			return err
		}
	}
	if r.result.Outcome == Applied {
		return &StaleError{Reason: "written, but another writer keeps bringing the old host back"}
	}
	return &StaleError{Reason: "another writer kept changing the files; nothing of ours was written"}
}

// working does a piece of the run in what is left of its limit.
func (r *run) working(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit-r.worked, errLimit)
	defer cancel()
	start := time.Now()
	defer func() { r.worked += time.Since(start) }()
	return do(ctx)
}

// attempt goes once through the steps. It is not done when the home moved on the
// way, or was not locked yet.
func (r *run) attempt(ctx context.Context) (done bool, err error) {
	var s sight
	err = r.working(ctx, func(ctx context.Context) (err error) {
		s, err = r.look(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	r.result.Plan = s.plan
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
func (r *run) carryOut(ctx context.Context, s sight) (done bool, err error) {
	if s.quiet() {
		return r.settle(ctx, s)
	}
	if !r.locked {
		return false, r.lock(ctx)
	}
	if err := r.probe(ctx, s); err != nil {
		return false, err
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
	state := "undone: the files are as they were before it"
	if found.Result == commit.New {
		state = "finished: its files are in force"
	}
	r.note("an earlier run was interrupted; it was " + state)
	for _, path := range found.Kept {
		r.note("two edits met there, so one was kept aside: " + path)
	}
	return nil
}

func (r *run) note(text string) { r.result.Notes = append(r.result.Notes, text) }

// look reads both files and plans.
func (r *run) look(ctx context.Context) (sight, error) {
	var s sight
	var err error
	if s.state, err = r.session.Read(); err != nil {
		return s, err
	}
	if s.snapshot, s.keep, err = r.decode(s.state); err != nil {
		return s, err
	}
	if len(s.snapshot.Observed.Ledger.FingerprintKey) == 0 {
		s.snapshot.Observed.Ledger.FingerprintKey = r.newKey()
	}
	desired, err := r.desired(ctx, s.snapshot.Observed)
	if err != nil {
		return s, err
	}
	s.plan = r.Make(desired, s.snapshot.Observed)
	if s.rendered, err = s.snapshot.Render(s.plan, r.Now()); err != nil {
		return s, err
	}
	if r.Check != nil {
		s.plan.Diagnostics = r.Check(ctx, s.snapshot, s.plan, s.rendered)
	}
	return s, nil
}

// newKey is the key for fingerprints of a home that has none yet. It is the same for
// the whole run: two looks at the same home give the same plan.
func (r *run) newKey() []byte {
	if r.key == nil {
		r.key = make([]byte, 32)
		rand.Read(r.key)
	}
	return r.key
}

// desired is the desired state, with its secret where the plan needs it.
func (r *run) desired(ctx context.Context, o plan.Observed) (plan.Desired, error) {
	if r.resolved != nil {
		return *r.resolved, nil
	}
	if r.Resolve == nil || !plan.NeedsSecret(r.Desired, o) {
		return r.Desired, nil
	}
	return r.resolve(ctx)
}

func (r *run) resolve(ctx context.Context) (plan.Desired, error) {
	r.Progress("getting the secret")
	d, err := r.Resolve(ctx)
	if err != nil {
		return plan.Desired{}, err
	}
	r.resolved = &d
	return d, nil
}

// permit stops at findings, at files that must not be written, at a saved plan
// that no longer fits, and at a no.
func (r *run) permit(ctx context.Context, s sight) error {
	if err := r.refusal(s); err != nil {
		return err
	}
	if bad := s.plan.Errors(); len(bad) > 0 {
		return &DiagnosticError{bad}
	}
	if r.Saved != nil {
		if err := stale(*r.Saved, s); err != nil {
			return err
		}
	}
	if s.quiet() || r.Review == nil || r.reviewed != nil && sameChanges(*r.reviewed, s.plan) {
		return nil
	}
	r.reviewed = &s.plan
	return r.Review(ctx, s.plan)
}

// refusal is why a file that the plan changes must not be written.
func (r *run) refusal(s sight) error {
	if s.plan.File(plan.ConfigFile).Changed() && s.state.Config.Refusal != nil {
		return s.state.Config.Refusal
	}
	if s.plan.File(plan.AuthFile).Changed() && s.state.Auth.Refusal != nil {
		return s.state.Auth.Refusal
	}
	if s.plan.PutsKey() {
		return r.session.RefusesKey(s.state)
	}
	return nil
}

func sameChanges(a, b plan.Plan) bool {
	x, _ := json.Marshal(a.Document("", time.Time{}).Files)
	y, _ := json.Marshal(b.Document("", time.Time{}).Files)
	return string(x) == string(y)
}

// settle ends a run that has nothing to write but, perhaps, what it remembers.
func (r *run) settle(ctx context.Context, s sight) (bool, error) {
	r.result.Outcome = Unchanged
	if !s.rendered.Ledger.Equal(s.snapshot.Observed.Ledger) {
		if !r.locked {
			return false, r.lock(ctx)
		}
		ledger, err := codex.EncodeLedger(s.rendered.Ledger)
		if err != nil {
			return false, err
		}
		if err := r.session.WriteRecords(ctx, commit.Records{Ledger: ledger}); err != nil {
			return false, err
		}
	}
	answer, err := r.confirm(ctx, s.plan, s.rendered.Root, s.rendered.After)
	if err == nil && answer != nil && !answer.OK() {
		err = &ConfirmError{Answer: *answer, Kept: true}
	}
	return true, err
}

// probe asks the gateway before anything is written. What it refuses is not written.
func (r *run) probe(ctx context.Context, s sight) error {
	if r.probed {
		return nil
	}
	answer, err := r.confirm(ctx, s.plan, s.rendered.Root, s.rendered.After)
	if err != nil || answer == nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if answer.OK() || s.plan.Desired.Confirm.OnFailure == plan.OnFailureKeep && !answer.Definite() {
		r.probed = true
		return nil
	}
	r.result.Outcome = Refused
	return &ConfirmError{Answer: *answer}
}

// confirm asks for the models as Codex would with such files; nil when the plan
// wants no confirmation.
func (r *run) confirm(ctx context.Context, p plan.Plan, root plan.Value, auth plan.Auth) (*gateway.Answer, error) {
	d := p.Desired
	if r.NoConfirm || p.ConfirmURL() == "" {
		return nil, nil
	}
	access := r.Access(root, auth)
	key, err := r.keyFor(ctx, d, access)
	if err != nil {
		return nil, err
	}
	r.Progress("asking " + plan.ModelsURL(access.BaseURL))
	answer := Confirm(ctx, r.Gateway, Confirmation{Access: access, Key: key, Wanted: d.Confirm})
	r.result.Confirm, r.result.Credential = &answer, access.Credential
	return &answer, nil
}

// keyFor is the key that stands in for what Codex would fetch at run time.
func (r *run) keyFor(ctx context.Context, d plan.Desired, access codex.Access) (plan.Secret, error) {
	if d.Secret == nil || d.Delivery == plan.DeliveryAuthJSON || access.Secret.Known() {
		return plan.Secret{}, nil
	}
	if r.resolved == nil && r.Resolve != nil {
		if _, err := r.resolve(ctx); err != nil {
			return plan.Secret{}, err
		}
	}
	if r.resolved == nil {
		return plan.Secret{}, nil
	}
	return r.resolved.Secret.Value, nil
}

// finish reads the written files back, confirms, and commits or undoes.
func (r *run) finish(ctx context.Context, s sight, t *commit.Switched) error {
	r.result.Notes = append(r.result.Notes, t.Notes()...)
	if t.WeakCAS() {
		r.note("weak-cas: this file system cannot exchange files, so an edit made in the same instant could have been lost")
	}
	if err := r.readBack(s, t); err != nil {
		return r.undo(ctx, s, t, nil, err)
	}
	answer, err := r.confirmWritten(ctx, s, t)
	if err != nil {
		return r.undo(ctx, s, t, nil, err)
	}
	var refused *ConfirmError
	if answer != nil && !answer.OK() {
		refused = &ConfirmError{Answer: *answer, Kept: s.plan.Desired.Confirm.OnFailure == plan.OnFailureKeep}
	}
	if ctx.Err() != nil {
		return r.undo(ctx, s, t, nil, context.Cause(ctx))
	}
	if refused != nil && !refused.Kept {
		return r.undo(ctx, s, t, refused, refused)
	}
	return r.commit(s, t, refused)
}

func (r *run) commit(s sight, t *commit.Switched, refused *ConfirmError) error {
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
	r.result.KeyChanged = r.result.KeyChanged || keyChanged(s.plan)
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
func (r *run) crossed(s sight) bool {
	want := r.Access(s.rendered.Root, s.rendered.After)
	if r.sameOrigin(s) || !s.rendered.After.Key.Known() {
		return false
	}
	st, err := r.session.Read()
	if err != nil {
		return false
	}
	got, err := codex.Decode(r.Home, file(st.Config), file(st.Auth), nil)
	if err != nil {
		return false
	}
	is := r.Access(got.Observed.Config.Root, got.Observed.Auth)
	return is.Origin() != want.Origin() || !got.Observed.Auth.Key.Equal(s.rendered.After.Key)
}

func keyChanged(p plan.Plan) bool {
	for _, c := range p.File(plan.AuthFile).Changes {
		if c.Sensitive && c.Action == plan.Update {
			return true
		}
	}
	return false
}
