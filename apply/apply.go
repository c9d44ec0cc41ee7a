// Package apply carries a plan out: it is the only package that changes the
// machine. Run reads, plans, asks, probes, writes both files as one transaction,
// confirms with a model-list call, and undoes what the gateway refuses. How files
// are written is the business of package commit, below.
package apply

import (
	"context"
	"errors"
	"time"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// Outcome says in one word what an apply came to.
type Outcome string

// The outcomes.
const (
	Applied    Outcome = "applied"     // written, and confirmed where that was wanted
	Unchanged  Outcome = "unchanged"   // there was nothing to do
	Refused    Outcome = "refused"     // the gateway said no before anything was written
	RolledBack Outcome = "rolled_back" // written, refused, undone
	Kept       Outcome = "kept"        // written, refused, left as written
	Failed     Outcome = "failed"
	Held       Outcome = "held" // the policy is not for this machine yet: nothing was done
)

// Options say what to apply, where, and by whose leave. Home and Desired are needed,
// and Gateway where Desired wants a confirmation; the rest has a default.
type Options struct {
	Home     string // the Codex home
	UserHome string
	// State is set where Home is the folder of the machine's own layer: the folder for
	// what is remembered of it. There is a requirements.toml then, and no auth.json.
	State   string
	Confine bool // refuse every link that leaves UserHome: the work was ordered by another user

	// Desired is what should be; its secret is not resolved. Resolve gives it with its
	// secret; it is called once at most, and only when the secret is needed.
	Desired plan.Desired
	Resolve func(context.Context) (plan.Desired, error)
	// Make makes the plan; nil is plan.Make. A rollback brings its own.
	Make func(plan.Desired, plan.Observed) plan.Plan
	// Repair adds what the policy's rules make of the user's own keys; nil adds nothing.
	Repair func(context.Context, plan.Desired, plan.Observed) plan.Desired
	// Around is what Codex puts around a config.toml; nil is nothing. It is asked where keys
	// are given back: what Codex does not start without stays.
	Around func(context.Context, codex.Snapshot) codex.Around
	// Check gives the findings about a plan; nil finds nothing.
	Check func(context.Context, codex.Snapshot, plan.Plan, codex.Rendered) []plan.Diagnostic
	// Review shows a plan and asks; nil goes on without asking. It is called again
	// when the plan has changed since.
	Review func(context.Context, plan.Plan) error
	// Simulated is looked at instead of the disk, by Look alone: a home as it would be
	// after another apply, or a copy of one. Nothing is refused there.
	Simulated *codex.Snapshot
	// Compared says that Simulated is where another policy stands: the plan compares
	// two policies.
	Compared bool
	// Saved is a stored plan that must be applied exactly; nil for none.
	Saved *plan.Document

	// Writing is told before the first file is written, and Accept asked once all are in
	// place: what it says no to is undone. nil is nobody.
	Writing func(context.Context)
	Accept  func(context.Context) error

	// Asked is told each answer of the gateway as it comes, and which credential it is
	// about; nil is nobody.
	Asked func(a gateway.Answer, credential string)

	Gateway   Gateway
	Access    func(root plan.Value, auth plan.Auth) codex.Access // nil: Codex's rules over an empty environment
	NoConfirm bool

	Purge            bool // with Destroy: the state folder goes too
	ReplaceDamaged   bool // instead of refusing a damaged file
	AllowGitWorkTree bool
	LockTimeout      time.Duration
	Command          string // for history: apply (default), rollback, Destroy
	Tool             string // codexform's version, for history
	Now              func() time.Time
	Progress         func(step string) // told before each slow step; nil for nobody
	Large            func(bytes int)   // told how large config.toml is before it is worked on; nil for nobody
}

// Result is what an apply came to. It is of use after an error too.
type Result struct {
	Plan    plan.Plan
	Outcome Outcome
	Confirm *gateway.Answer // nil when nobody was asked
	// Credential says which credential the confirmation sent: "auth.json", "env:NAME", …
	Credential string
	// Notes are sentences for people: an interrupted run that was repaired, a hard
	// link that was broken, a file system without exchange.
	Notes []string
	// KeyChanged reports that auth.json's key is another one now: running Codex
	// processes keep the old one until they are restarted.
	KeyChanged bool
	Elapsed    time.Duration
}

// Run applies a desired state to a Codex home. Whatever the error, the Result says
// what came of it; the error's type says what to do: *StaleError, *ConfirmError,
// *UndoError, *DiagnosticError, *commit.LockedError, *commit.RefusedError,
// *codex.FileError, whatever Review and Resolve return, or ctx.Err.
func Run(ctx context.Context, o Options) (Result, error) {
	if err := o.lacks(); err != nil {
		return Result{Outcome: Failed}, err
	}
	r := &run{looker: looker{Options: o.orDefault(), key: newKey()}}
	start := r.Now()
	err := r.run(ctx)
	r.result.Elapsed = r.Now().Sub(start)
	if r.result.Outcome == "" {
		r.result.Outcome = Failed
	}
	return r.result, err
}

// Destroy is the Command that gives everything back. A damaged history stops it least of
// all: it needs none, and begins a new one.
const Destroy = "destroy"

// lacks is what Options cannot do without, nil when it is all there.
func (o Options) lacks() error {
	switch {
	case o.Home == "":
		return errors.New("apply.Options: Home is missing")
	case o.Gateway == nil && o.Desired.Confirm.Enabled && !o.NoConfirm:
		return errors.New("apply.Options: Gateway is missing, and the desired state wants a confirmation")
	}
	return nil
}

func (o Options) orDefault() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Make == nil {
		o.Make = plan.Make
	}
	if o.Command == "" {
		o.Command = "apply"
	}
	if o.Repair == nil {
		o.Repair = func(_ context.Context, d plan.Desired, _ plan.Observed) plan.Desired { return d }
	}
	if o.Around == nil {
		o.Around = func(context.Context, codex.Snapshot) codex.Around { return codex.Around{} }
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Access == nil {
		o.Access = func(root plan.Value, auth plan.Auth) codex.Access {
			return codex.Effective(root, auth, codex.Environment{})
		}
	}
	return o
}
