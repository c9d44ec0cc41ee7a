package sources

import (
	"context"
	"errors"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources/vault"
)

// Source is one place that a secret comes from. How to add one: .github/CONTRIBUTING.md,
// "A source of secrets".
type Source interface {
	// Ref names the source and the secret in it for people: "env:ROUTESCOPE_API_KEY",
	// "vault:secret/codex#api_key". Names, never a value.
	Ref() Ref
	// Fetch gets the secret, checked by plan.ParseSecret. Whatever goes wrong is an
	// *Error, and its text holds no part of the value or of what a server said.
	Fetch(ctx context.Context) (Fetched, error)
}

// Ref is the text that names a secret in a source.
type Ref string

// Fetched is what a source gave.
type Fetched struct {
	Secret   plan.Secret
	Version  string   // where the source counts versions, else ""
	Ref      Ref      // the source that answered, where it is not the one that was asked
	Warnings []string // what people should know, such as a file that others may read
}

// Error is a secret that could not be had.
type Error struct {
	Kind      string // a stable word, one per situation: "missing", "empty", "denied", "sealed", …
	Ref       Ref
	Message   string // what happened, lower case, no full stop: "the variable is not set"
	Hint      string // what to do about it, "" when there is nothing to say
	Retryable bool   // trying again later may help
}

// Error is "ref: message".
func (e *Error) Error() string { return string(e.Ref) + ": " + e.Message }

// Spent reports that what opens once was opened before, as it is after every apply.
func (e *Error) Spent() bool { return e.Kind == string(vault.KindSpent) }

// The kinds of an Error that several sources share. Package vault has more.
const (
	KindMissing     = "missing"     // there is nothing of that name
	KindEmpty       = "empty"       // there is, and it is empty
	KindShape       = "shape"       // what was found is no key
	KindUnavailable = "unavailable" // this machine has no such source
	KindLocked      = "locked"      // there is such a source, and it did not open
	KindPermissions = "permissions" // a file that others may write
	KindUnreadable  = "unreadable"  // a file that cannot be read
	KindField       = "field"       // the file has no such field, or it is no text
	KindHelper      = "helper"      // a program failed
	KindTimeout     = "timeout"
	KindCanceled    = "canceled"
)

// fetched judges what a source found.
func fetched(ref Ref, raw []byte, warnings ...string) (Fetched, error) {
	secret, err := plan.ParseSecret(raw)
	switch {
	case errors.Is(err, plan.ErrNoSecret):
		return Fetched{}, &Error{Kind: KindEmpty, Ref: ref, Message: err.Error()}
	case err != nil:
		return Fetched{}, &Error{Kind: KindShape, Ref: ref, Message: err.Error()}
	}
	return Fetched{Secret: secret, Warnings: warnings}, nil
}
