package status

import "slices"

// Code says why a machine is in state error: one token of a closed list.
// docs/reference/errors/ has a page for each.
type Code string

// The codes.
const (
	Policy     Code = "E_POLICY"     // the desired state or the command line is wrong
	Rule       Code = "E_RULE"       // a rule of severity error stops the plan
	Secret     Code = "E_SECRET"     // the secret could not be had
	HTTP401    Code = "E401"         // the gateway does not know the key
	HTTP403    Code = "E403"         // the gateway forbids it
	HTTP404    Code = "E404"         // there is no model list at this URL
	HTTP429    Code = "E429"         // the gateway wants to be asked less often
	HTTP5XX    Code = "E5XX"         // the gateway has a fault
	Net        Code = "E_NET"        // the gateway cannot be reached
	TLS        Code = "E_TLS"        // its certificate is not trusted
	Redirect   Code = "E_REDIRECT"   // it sends us elsewhere
	NotList    Code = "E_NOTLIST"    // its answer is not a model list
	Model      Code = "E_MODEL"      // it has no such model
	Conflict   Code = "E_CONFLICT"   // another writer, or a key and a host that do not belong together
	Lock       Code = "E_LOCK"       // another codexform is at work
	Damaged    Code = "E_DAMAGED"    // a file cannot be read as Codex would
	Refusal    Code = "E_REFUSED"    // a file that must not be written
	Permission Code = "E_PERM"       // not allowed to read or write
	Disk       Code = "E_DISK"       // full, read-only, or faulty
	Load       Code = "E_LOAD"       // Codex would not start
	Overridden Code = "E_OVERRIDDEN" // a stronger layer decides
	Clock      Code = "E_CLOCK"      // the clock cannot be right
	Undo       Code = "E_UNDO"       // written, not confirmed, and not undone
	Bug        Code = "E_BUG"        // a bug in codexform
)

// Codes are all of them, in the order of their pages.
var Codes = []Code{
	Policy, Rule, Secret, HTTP401, HTTP403, HTTP404, HTTP429, HTTP5XX, Net, TLS, Redirect, NotList, Model,
	Conflict, Lock, Damaged, Refusal, Permission, Disk, Load, Overridden, Clock, Undo, Bug,
}

// Transient reports whether the next run may well succeed with nothing changed.
func (c Code) Transient() bool {
	return slices.Contains([]Code{HTTP429, HTTP5XX, Net, Lock}, c)
}
