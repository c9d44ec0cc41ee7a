package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/cmd/codexform/users"
	"github.com/codexform/codexform/sources"
)

// The exit codes. docs/reference/exit-codes.md is the promise to users.
const (
	exitDone         = 0
	exitFailed       = 1
	exitChanges      = 2
	exitUsage        = 3
	exitSecret       = 4
	exitNotConfirmed = 5
	exitStale        = 6
	exitLocked       = 7
	exitUndo         = 8
	exitBug          = 70
	exitInterrupted  = 130
)

// exits says for each code the word that machines get, and what it means.
var exits = []struct {
	code  int
	word  string
	means string
}{
	{exitDone, "done", "done, or nothing to do"},
	{exitFailed, "failed", "failed; nothing was changed"},
	{exitChanges, "changes", "with --detailed-exitcode: there are changes; doctor: something keeps this setup from working; status: drift"},
	{exitUsage, "invalid", "wrong usage, or the desired state is invalid; plan: or a finding is as bad as --fail-on says; apply: or a finding, or the load check, stops it"},
	{exitSecret, "secret", "the secret could not be had"},
	{exitNotConfirmed, "not_confirmed", "not confirmed; the message says whether the files are as before or as written"},
	{exitStale, "stale", "the files changed: a saved plan is stale, or another writer kept changing our keys"},
	{exitLocked, "locked", "another codexform holds the lock"},
	{exitUndo, "undo_failed", "written, not confirmed, and undoing failed; the message says what to do, the next run repairs"},
	{exitBug, "bug", "a bug in codexform"},
	{exitInterrupted, "interrupted", "interrupted; nothing half-done is left"},
}

// exitHelp is the part of a command's help that lists its exit codes. Code 1, a
// bug and an interruption are possible everywhere.
func exitHelp(codes ...int) string { return exitHelpWith(nil, codes...) }

// exitHelpWith is exitHelp of a command where some codes mean something of their own.
func exitHelpWith(own map[int]string, codes ...int) string {
	var b strings.Builder
	b.WriteString("Exit codes:")
	for _, e := range exits {
		if slices.Contains(codes, e.code) {
			code := strconv.Itoa(e.code)
			means, _, _ := strings.Cut(e.means, "; doctor: ") // their own help says it
			means, _, _ = strings.Cut(means, "; plan: ")
			means = cmp.Or(own[e.code], means)
			b.WriteString("\n  " + code + strings.Repeat(" ", 5-len(code)) + means)
		}
	}
	return b.String()
}

// halfWay is what code 8 means to a command that asks no gateway.
const halfWay = "stopped half-way, and undoing failed; the message says what to do, the next run repairs"

// usageError is a wrong use of a command.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// parseError is a command line that was not understood.
type parseError struct {
	message string
	near    []string // what may have been meant
	command string   // as far as it was understood
	here    string   // what it is called here, "" where nobody knows
}

func (e *parseError) Error() string { return e.message }

// newParseError takes cobra's complaint apart: its first line, then the near names.
func newParseError(err error, cmd *cobra.Command, args []string) *parseError {
	message, near, _ := strings.Cut(err.Error(), "\n")
	_, near, _ = strings.Cut(near, "Did you mean this?")
	return &parseError{message, strings.Fields(near), cmd.CommandPath(), habit(args, cmd)}
}

// saidError is an error that the command's own answer has told already.
type saidError struct{ err error }

func (e *saidError) Error() string { return e.err.Error() }
func (e *saidError) Unwrap() error { return e.err }

// said marks an error as told; nil stays nil.
func said(err error) error {
	if err == nil {
		return nil
	}
	return &saidError{err}
}

// exitCode is the code that an error ends the program with. Where several things are
// behind an error, the first one of these counts.
func exitCode(err error) int {
	halfDone := as[*apply.UndoError](err) || as[*commit.StateError](err)
	switch {
	case err == nil:
		return exitDone
	case as[*bugError](err):
		return exitBug
	case as[*worstError](err):
		var worst *worstError
		errors.As(err, &worst)
		return worst.code
	case errors.Is(err, context.Canceled) && !halfDone:
		return exitInterrupted
	case halfDone:
		return exitUndo
	case as[*commit.LockedError](err):
		return exitLocked
	case as[*apply.StaleError](err), as[*commit.ConflictError](err):
		return exitStale
	case as[*parseError](err), as[*usageError](err), as[*sources.UntrustedError](err), as[*apply.DiagnosticError](err), len(sources.Problems(err)) > 0, wrongAccount(err):
		return exitUsage
	case as[*apply.ConfirmError](err):
		return exitNotConfirmed
	case as[*sources.Error](err):
		return exitSecret
	case errors.Is(err, errChanges):
		return exitChanges
	}
	return exitFailed
}

// wrongAccount reports an account that no work is done for, and root on another
// account's home.
func wrongAccount(err error) bool {
	var refused *commit.RefusedError
	return as[*users.AccountError](err) || errors.As(err, &refused) && refused.Reason == commit.ReasonAccount
}

// stopped is err, or ctx's own error where somebody stopped the run: what failed
// because of that is no failure of its own.
func stopped(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return err
}

// as reports whether there is an error of a type behind err.
func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// failure is what people and machines get to know of an error, nil of none.
func failure(err error) *ui.Failure {
	if err == nil {
		return nil
	}
	f := &ui.Failure{Exit: exitCode(err), Message: err.Error()}
	for _, e := range exits {
		if e.code == f.Exit {
			f.Code = e.word
		}
	}
	var refused *apply.ConfirmError
	if errors.As(err, &refused) && refused.Answer.Class == gateway.NotAsked {
		f.Code = "E_CONFLICT"
	}
	if base := (*baseError)(nil); f.Exit != exitInterrupted && errors.As(err, &base) {
		f.SetHints("nothing is said of the policy at hand: plan it alone with --base none")
		f.Message = base.message()
		return f
	}
	for _, p := range sources.Problems(err) {
		f.Problems = append(f.Problems, ui.Problem(p))
	}
	switch n := len(f.Problems); {
	case f.Exit == exitInterrupted:
		f.Message = "interrupted"
	case n == 1:
		f.Message = "the desired state has 1 problem"
	case n > 1:
		f.Message = fmt.Sprintf("the desired state has %d problems", n)
	}
	var secret *sources.Error
	if errors.As(err, &secret) {
		f.Kind, f.Retryable = secret.Kind, secret.Retryable
	}
	f.SetHints(hints(err)...)
	return f
}
