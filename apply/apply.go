// Package apply carries a plan out: it is the only package that changes the
// machine. Its Run reads, plans, asks, probes, writes both files as one
// transaction, confirms with a model-list call, and undoes what the gateway refuses.
package apply

import (
	"context"
	"time"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
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
)

// Result is what an apply came to. It is of use after an error too.
type Result struct {
	Plan    plan.Plan
	Outcome Outcome
	Confirm *gateway.Answer // nil when nothing was asked
	// Credential says which credential the confirmation sent: "auth.json", "env:NAME", …
	Credential string
	// Notes are sentences for people: weak-cas, a broken hard link, a repaired run.
	Notes []string
	// KeyChanged reports that auth.json's key is another one now: running Codex
	// processes keep the old one until they are restarted.
	KeyChanged bool
	Elapsed    time.Duration
}

// ConfirmError is a gateway that did not confirm. Kept reports that the files are
// as written; otherwise they are as before.
type ConfirmError struct {
	Answer gateway.Answer
	Kept   bool
}

// StaleError is a disk that moved: a saved plan no longer fits, or another writer
// kept changing our keys. Nothing of ours was written.
type StaleError struct {
	Addresses []plan.Address // the managed keys that moved, where that is known
	Reason    string
}

// DeclinedError is a person who answered no.
type DeclinedError struct{}

// UndoError is an apply that was written, not confirmed, and could not be undone.
type UndoError struct{ Cause error }

// DiagnosticError is a plan with findings of severity error.
type DiagnosticError struct{ Diagnostics []plan.Diagnostic }

// Review shows a plan and asks; it returns a *DeclinedError for no.
type Review func(ctx context.Context, p plan.Plan) error
