package sources

import (
	"context"

	"github.com/codexform/codexform/plan"
)

// Source is one place that a secret comes from.
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
