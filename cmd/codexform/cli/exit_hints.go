package cli

import (
	"cmp"
	"errors"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/sources"
)

// hints is advice for people about an error, the likeliest way out first. What a
// package knows to advise it says itself; the rest stands here.
func hints(err error) []string {
	var (
		parse   *parseError
		secret  *sources.Error
		refused *apply.ConfirmError
		undo    *apply.UndoError
		state   *commit.StateError
		locked  *commit.LockedError
		file    *codex.FileError
		stale   *apply.StaleError
		stuck   *stall.Stuck
	)
	switch {
	case errors.As(err, &parse) && parse.here != "":
		return []string{parse.here}
	case errors.As(err, &parse):
		if len(parse.near) > 0 {
			return []string{"did you mean " + strings.Join(parse.near, " or ") + "?"}
		}
		return []string{parse.command + " --help tells how it is used"}
	case errors.As(err, &secret):
		return some(cmp.Or(secret.Hint, secretHints[secret.Kind], "codexform doctor tries the source by itself"))
	case errors.As(err, &undo), errors.As(err, &state):
		return []string{"run codexform apply again: it first repairs what this run left"}
	case errors.As(err, &refused):
		return refused.Answer.Hint()
	case errors.As(err, &locked) && locked.Codex:
		return []string{"wait until Codex has logged in or out, then apply again"}
	case errors.As(err, &locked):
		return []string{"wait for it to end, or give it more time with --lock-timeout"}
	case errors.As(err, &file):
		return some(file.Fix)
	case errors.As(err, &stale):
		return []string{"plan again, and look at what moved"}
	case errors.As(err, &stuck):
		return []string{"is it on a network drive or another mount that is gone? mount it again, or unmount it"}
	}
	return nil
}

// secretHints is advice for a kind of failure where the source has none of its own.
var secretHints = map[string]string{
	sources.KindMissing:    "put the key there, or name another source under secret",
	sources.KindEmpty:      "put the key there; a CI system hands no secret to a job that is not given it, or to a pull request from a fork",
	sources.KindShape:      "store the bare key there: no quotes, no Bearer, no second line",
	sources.KindUnreadable: "let the account that codexform runs as read it",
	sources.KindTimeout:    "run it by hand: it may be asking for something, or waiting for the network",
}

func some(hint string) []string {
	if hint == "" {
		return nil
	}
	return []string{hint}
}
