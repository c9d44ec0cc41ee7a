package vault

import "errors"

// Kind is one situation in which the secret could not be had: a stable word.
type Kind string

// The kinds, from the desired state to the value. docs/reference/vault-errors.md
// explains each.
const (
	KindConfig      Kind = "vault_config"       // the vault: part cannot be right
	KindCredential  Kind = "vault_credential"   // a parameter of the login is not there
	KindGitHub      Kind = "vault_github"       // the runner gives no identity token
	KindUnreachable Kind = "vault_unreachable"  // no connection
	KindTLS         Kind = "vault_tls"          // no trust
	KindTimeout     Kind = "vault_timeout"      // no answer in time
	KindCanceled    Kind = "vault_canceled"     // we were told to stop
	KindRedirected  Kind = "vault_redirected"   // sent elsewhere, not followed
	KindStandby     Kind = "vault_standby"      // a node that stands by, and does not forward
	KindTooLarge    Kind = "vault_too_large"    // an answer over 1 MiB
	KindProtocol    Kind = "vault_protocol"     // not an answer of Vault
	KindServer      Kind = "vault_server"       // Vault itself failed
	KindSealed      Kind = "vault_sealed"       // or not initialised
	KindRateLimited Kind = "vault_rate_limited" // a quota
	KindNamespace   Kind = "vault_namespace"    // a server without namespaces, or no such namespace
	KindSpent       Kind = "vault_spent"        // a wrapping token that was opened before, or is expired
	KindWrapped     Kind = "vault_wrapped"      // one that holds something else than it should
	KindLogin       Kind = "vault_login"        // the login was refused
	KindToken       Kind = "vault_token"        // the token was refused
	KindDenied      Kind = "vault_denied"       // a policy does not allow it
	KindMount       Kind = "vault_mount"        // no such mount, or another engine
	KindPath        Kind = "vault_path"         // no secret there
	KindVersion     Kind = "vault_version"      // no such version, deleted or destroyed
	KindField       Kind = "vault_field"        // no such field, or not a text
	KindValue       Kind = "vault_value"        // what is there cannot be a key
)

// Error is a secret that could not be had. No part of it is a value or a server's
// words; names from the desired state are in it.
type Error struct {
	Kind      Kind
	Message   string // what happened and where, lower case, no full stop
	Hint      string // what to do about it
	Policy    string // the line of a policy that would allow it, "" when that would not help
	Status    int    // of Vault's answer, 0 when there was none
	Retryable bool   // trying again later may help
	cause     error  // context.Canceled or context.DeadlineExceeded, else nil
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Unwrap is context.Canceled or context.DeadlineExceeded where that was the cause.
func (e *Error) Unwrap() error { return e.cause }

// isKind reports whether err is an *Error of the kind k.
func isKind(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}
