package apply

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
)

// ConfirmError is a gateway that did not confirm.
type ConfirmError struct {
	Answer gateway.Answer
	Kept   bool // the files are as written; otherwise they are as before
}

func (e *ConfirmError) Error() string {
	tried := ""
	if e.Answer.Attempts > 1 {
		tried = fmt.Sprintf(" (%d attempts)", e.Answer.Attempts)
	}
	return fmt.Sprintf("confirming %s: %s%s", cmp.Or(e.Answer.URL, "the gateway"), e.Answer.Detail, tried)
}

// StaleError is a disk that moved: a saved plan no longer fits, or another writer
// kept changing our keys. Nothing of ours was written.
type StaleError struct {
	Addresses []plan.Address // the managed keys that moved, where that is known
	Reason    string
}

func (e *StaleError) Error() string {
	if len(e.Addresses) == 0 {
		return e.Reason
	}
	names := make([]string, len(e.Addresses))
	for i, a := range e.Addresses {
		names[i] = a.String()
	}
	return e.Reason + ": " + strings.Join(names, ", ")
}

// UndoError is an apply that was written, not confirmed, and could not be undone.
// The next run repairs what it left.
type UndoError struct {
	Confirm *ConfirmError // why it had to be undone; nil for another reason
	Cause   error
}

func (e *UndoError) Error() string { return fmt.Sprintf("undoing: %v", e.Cause) }

func (e *UndoError) Unwrap() error { return e.Cause }

// DiagnosticError is a plan with findings of severity error; nothing was changed.
type DiagnosticError struct{ Diagnostics []plan.Diagnostic }

func (e *DiagnosticError) Error() string {
	if len(e.Diagnostics) == 1 {
		return e.Diagnostics[0].Summary
	}
	return fmt.Sprintf("%d findings stop the plan", len(e.Diagnostics))
}
