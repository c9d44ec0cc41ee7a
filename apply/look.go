package apply

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Sight is what one look at a Codex home saw, and what an apply would make of it.
// Whatever plan says and whatever apply does stands on the same Sight.
type Sight struct {
	Snapshot codex.Snapshot
	// Plan holds the findings too, refused files among them.
	Plan     plan.Plan
	Rendered codex.Rendered
	// Secret is why the secret could not be had, nil when it could, or was not needed.
	Secret error
	// Spent says that the secret opens once and was opened before. The plan is Quiet: the key
	// in place is the one that was applied.
	Spent error
	// Refusals are why an apply of the plan would not write.
	Refusals []*commit.RefusedError
	// Closed are the places that nobody may write to, whether the plan would or not.
	Closed []*commit.RefusedError

	state   commit.State
	keep    string // the name under which a damaged config.toml is kept
	next    int    // number of the next record, where something would be written
	pastErr error  // why history cannot be continued
	afresh  bool   // history is damaged, and a new one begins
}

// Look looks at a Codex home as an apply with the same Options would, and plans. It
// writes nothing, takes no lock and asks no gateway. The Sight is of use after an
// error too: it has what was seen until then. Beside Home and Desired it heeds Make,
// Resolve, Repair, Check, Simulated, ReplaceDamaged and what is said about the home.
func Look(ctx context.Context, o Options) (Sight, error) {
	l := looker{Options: o.orDefault()}
	if o.Simulated != nil {
		return l.plan(ctx, Sight{Snapshot: *o.Simulated})
	}
	if o.Home == "" {
		return Sight{}, o.lacks()
	}
	var err error
	if l.session, err = commit.Open(l.place()); err != nil {
		return closed(Sight{}, err), err
	}
	defer l.session.Close()
	s, err := l.look(ctx)
	s.Plan.Interrupted = l.session.Interrupted()
	return s, err
}

// Quiet reports whether no file would be written.
func (s Sight) Quiet() bool { return s.Plan.Empty() }

// Remembers reports whether the ledger would change. A rollback that changes no file
// leaves no record, and so it changes nothing of what the records say either.
func (s Sight) Remembers() bool {
	return !(s.Plan.Rollback && s.Quiet()) && !s.Rendered.Ledger.Equal(s.Snapshot.Observed.Ledger)
}

// Err is why an apply of this plan would end before it asks anybody, nil when it
// would not: a *DiagnosticError, a *commit.RefusedError, a *codex.FileError about the
// history, or what Resolve said.
func (s Sight) Err() error {
	if bad := s.errors(); len(bad) > 0 {
		return &DiagnosticError{bad}
	}
	if len(s.Refusals) > 0 {
		return s.Refusals[0]
	}
	return cmp.Or(s.pastErr, s.Secret)
}

func (s Sight) errors() []plan.Diagnostic {
	var bad []plan.Diagnostic
	for _, d := range s.Plan.Errors() {
		if d.Rule != RuleRefused {
			bad = append(bad, d)
		}
	}
	return bad
}

// RuleRefused is the rule of a finding about a place that must not be written to.
const RuleRefused = "write-refused"

// looker looks, any number of times, with one secret and one key.
type looker struct {
	Options
	session  *commit.Session
	resolved *plan.Desired // with its secret, once that was had
	key      []byte        // for fingerprints where a home has none yet; nil: none
	files    codex.Decoder // reads each state of the files once
	last     *Sight        // what was worked out last, before anything was refused
}

// place is the home as the commit layer wants it named.
func (l *looker) place() commit.Options {
	return commit.Options{
		Home: l.Home, State: l.State, UserHome: l.UserHome, Confine: l.Confine,
		AllowGitWorkTree: l.AllowGitWorkTree, LockTimeout: l.LockTimeout, Now: l.Now,
		Origin: l.originIn, Settle: settle,
	}
}

// look reads both files and plans.
func (l *looker) look(ctx context.Context) (Sight, error) {
	var s Sight
	var err error
	if s.state, err = l.session.Read(); err != nil {
		return closed(s, err), err
	}
	s = closed(s, s.state.Config.Refusal, s.state.Auth.Refusal)
	if l.last != nil && l.last.state.Same(s.state) {
		return l.again(s)
	}
	if s.Snapshot, s.keep, err = l.decode(s.state); err != nil {
		return s, err
	}
	if len(s.Snapshot.Observed.Ledger.FingerprintKey) == 0 {
		s.Snapshot.Observed.Ledger.FingerprintKey = l.key
	}
	l.catchUp(&s.Snapshot.Observed)
	if s, err = l.plan(ctx, s); err != nil {
		return s, err
	}
	l.last = &s
	return l.refused(l.remembered(s)), nil
}

// catchUp tells a ledger that came back from before a later apply what that one did, as far as
// history has it. One that is damaged tells nothing.
func (l *looker) catchUp(o *plan.Observed) {
	if !o.Behind() {
		return
	}
	data, err := l.session.History()
	if err != nil {
		return
	}
	if past, err := plan.ParseHistory(data); err == nil {
		o.Ledger = o.CaughtUp(past)
	}
}

// again is the last look, where nothing has changed since: what was shown is what is met,
// and is not worked out twice.
func (l *looker) again(now Sight) (Sight, error) {
	s := *l.last
	now.state.Config.Data = s.state.Config.Data // one copy is enough
	s.state, s.Closed = now.state, now.Closed
	s.Plan.Diagnostics = slices.Clip(s.Plan.Diagnostics)
	return l.refused(l.remembered(s)), nil
}

// remembered adds what was applied so far.
func (l *looker) remembered(s Sight) Sight {
	if !s.Quiet() {
		s.next, s.pastErr = l.history()
		if s.pastErr != nil && l.Command == Destroy {
			s.next, s.pastErr, s.afresh = 1, nil, true
		}
	}
	return s
}

// history is the number of the next line of it, which has to follow on what is there.
func (l *looker) history() (int, error) {
	data, err := l.session.History()
	if err != nil {
		return 0, err
	}
	next, err := plan.NextN(data)
	if err != nil {
		return 0, codex.DamagedHistory(err)
	}
	return next, nil
}

// plan works out what would become of what was seen, and what is to be said of it.
func (l *looker) plan(ctx context.Context, s Sight) (Sight, error) {
	desired, err := l.desired(ctx, &s)
	if err != nil {
		return s, err
	}
	if s.spent(desired) {
		if quiet, err := l.planned(ctx, s, desired.WithKeyInPlace(s.Snapshot.Observed)); err != nil || quiet.Quiet() {
			quiet.Spent, quiet.Secret = s.Secret, nil
			return quiet, err
		}
	}
	return l.planned(ctx, s, desired)
}

// planned is the plan of a desired state for what was seen.
func (l *looker) planned(ctx context.Context, s Sight, desired plan.Desired) (Sight, error) {
	var err error
	desired = l.Repair(ctx, desired, s.Snapshot.Observed)
	s.Plan = codex.Standing(s.Snapshot.Observed, l.around(ctx, s.Snapshot), func(o plan.Observed) plan.Plan { return l.Make(desired, o) })
	s.Plan.Compared = l.Compared
	if known := s.Snapshot.Observed.Ledger.Facts; known != nil && (desired.Facts != nil || l.Compared) {
		s.Plan.Policy = plan.PolicyChanges(known, desired.Facts)
	}
	if s.Rendered, err = s.Snapshot.Render(s.Plan, l.Now()); err != nil {
		return s, err
	}
	if l.Check != nil {
		s.Plan.Diagnostics = l.Check(ctx, s.Snapshot, s.Plan, s.Rendered)
	}
	return s, ctx.Err()
}

// around is asked where it may matter, and once for a plan.
func (l *looker) around(ctx context.Context, s codex.Snapshot) func() codex.Around {
	return sync.OnceValue(func() codex.Around { return l.Around(ctx, s) })
}

// newKey makes the key for fingerprints of a home that has none yet. It is the same
// for a whole run: two looks at the same home give the same plan.
func newKey() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

// refused adds why the commit layer would not write what the plan wants written.
func (l *looker) refused(s Sight) Sight {
	var found []error
	if s.Plan.File(plan.ConfigFile).Changed() {
		found = append(found, s.state.Config.Refusal)
	}
	if s.Plan.File(plan.AuthFile).Changed() || s.Plan.File(plan.PinsFile).Changed() {
		found = append(found, s.state.Auth.Refusal)
	}
	if s.Plan.PutsKey() {
		found = append(found, l.session.RefusesKey(s.state))
	}
	if !s.Quiet() || s.Remembers() {
		found = append(found, l.session.RefusesRun())
	}
	found = append(found, l.session.RefusesLayer(s.state))
	s.Refusals = places(found...)
	for _, r := range s.Refusals {
		s.Plan.Diagnostics = append(s.Plan.Diagnostics, plan.Diagnostic{
			Severity: plan.Error, Rule: RuleRefused,
			Summary: "apply refuses to write: " + r.Path + " " + r.Detail, Fix: r.Fix,
		})
	}
	return s
}

// closed notes the places among errors that nobody may write to.
func closed(s Sight, errs ...error) Sight {
	s.Closed = places(errs...)
	return s
}

// places are the refusals among errors, each once.
func places(errs ...error) []*commit.RefusedError {
	var out []*commit.RefusedError
	seen := map[commit.RefusedError]bool{}
	for _, err := range errs {
		var r *commit.RefusedError
		if errors.As(err, &r) && !seen[*r] {
			seen[*r] = true
			out = append(out, r)
		}
	}
	return out
}
