package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
)

// What is half done counts before what it came from, and is said by its own code.
func TestExitCodes(t *testing.T) {
	cause := errors.New("no space left on device")
	for _, c := range []struct {
		err  error
		want int
	}{
		{cause, exitFailed},
		{&commit.StateError{InForce: commit.HalfWay, Err: cause}, exitUndo},
		{fmt.Errorf("applying: %w", &commit.StateError{InForce: commit.HalfWay, Err: &commit.ConflictError{}}), exitUndo},
		{&commit.StateError{InForce: commit.HalfWay, Err: context.Canceled}, exitUndo},
		{&apply.UndoError{Cause: cause}, exitUndo},
		{&apply.UndoError{Confirm: &apply.ConfirmError{}, Cause: cause}, exitUndo},
		{&commit.RefusedError{Reason: commit.ReasonAccount}, exitUsage},
		{&commit.RefusedError{Reason: commit.ReasonOwner}, exitFailed},
		{&commit.LockedError{}, exitLocked},
		{&commit.ConflictError{}, exitStale},
		{context.Canceled, exitInterrupted},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%T %v ends with %d, want %d", c.err, c.err, got, c.want)
		}
	}
}
