package plan

import (
	"time"
)

// Desired is what the YAML asks for, with every default filled in. Package
// sources makes it; it holds no secret until sources has resolved one.
type Desired struct {
	Files    []string     // the YAML files, as they were named
	Paths    []string     // and where they lie; empty where they are no files, or nobody knows
	Digest   string       // "sha256:…" over the meaning of the files; equal for equal policies
	Delivery Delivery     // how Codex gets the key
	Provider *Provider    // nil when the policy manages no provider
	Settings []Setting    // every key of config.toml that we manage, in the order of new ones, which settings in package sources makes
	Absent   []Removal    // keys and tables of config.toml that must not be there
	Repair   []RepairRule // rules whose fix is applied to the user's own keys
	Repairs  []Repair     // what that comes to in one home; package plan/codex works it out
	System   bool         // it is for the machine's own layer, not for a Codex home
	Pins     []Setting    // of requirements.toml, for the machine's own layer alone
	Facts    []Fact       // what the policy says beside them
	Secret   *Wanted      // nil when the policy names no secret
	Confirm  Confirm
}

// Origin is the place in the desired state that asks for something. The zero
// Origin is no place.
type Origin struct {
	File string
	Place
}

// String is file:line:column, the file alone for a place without a line, or "" for the zero Origin.
func (o Origin) String() string {
	switch {
	case o.File == "":
		return ""
	case o.Line == 0:
		return o.File
	}
	return o.File + ":" + o.Place.String()
}

// MarshalText is String.
func (o Origin) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Setting is one key of config.toml and the value that it must have.
type Setting struct {
	Address Address
	Value   Value
	Default bool // from defaults: written only while nobody has chosen another value
	Implied bool // not in the YAML itself: a value that was there before us stays
	Origin  Origin
}

// Removal is one key or table of config.toml that must not be there.
type Removal struct {
	Address Address
	Origin  Origin
}

// Delivery says how Codex gets the key.
type Delivery string

// The deliveries.
const (
	DeliveryAuthJSON Delivery = "auth_json" // in auth.json, in clear, mode 0600
	DeliveryEnvKey   Delivery = "env_key"   // from a variable of Codex's environment
	DeliveryCommand  Delivery = "command"   // Codex runs codexform token
)

// Provider is the entry of Codex's model_providers that the policy manages.
type Provider struct {
	ID      string
	Name    string
	BaseURL string
	EnvKey  string // the variable of delivery env_key, else ""
	// AuthHeader is the header in which delivery env_key sends the key, "" for
	// Authorization: Bearer.
	AuthHeader string
	Origin     Origin // of base_url
}

// Wanted is the secret that the desired state names.
type Wanted struct {
	Ref     string // where it comes from, for people: "env:ROUTESCOPE_API_KEY"; names, never a value
	Value   Secret // not Known until resolved
	Version string // the version that the source gave, "" when it has none
	Pinned  string // the version that the desired state asks for, "" for the newest
	Skipped bool   // not resolved on purpose: it will be known at apply
	Unknown string // why it could not be had, in a few words; "" otherwise
	Origin  Origin
}

// OnFailure says what becomes of the files when the gateway refuses what they say.
type OnFailure string

// The choices of OnFailure.
const (
	OnFailureRollback OnFailure = "rollback"
	OnFailureKeep     OnFailure = "keep"
)

// Confirm says how an apply is confirmed.
type Confirm struct {
	Enabled   bool
	Models    []string      // that the gateway must list
	Timeout   time.Duration // of one attempt
	Attempts  int
	OnFailure OnFailure
}

// WithoutSecret is d with a secret that nobody knows; why says so for people, "" where
// it was left out on purpose.
func (d Desired) WithoutSecret(why string) Desired {
	if d.Secret == nil {
		return d
	}
	wanted := *d.Secret
	wanted.Value, wanted.Skipped, wanted.Unknown = Secret{}, why == "", why
	d.Secret = &wanted
	return d
}

// WithKeyInPlace is d with the key that auth.json has, for where that is what was applied
// (Observed.KeyAsApplied) and the secret cannot be asked for again.
func (d Desired) WithKeyInPlace(o Observed) Desired {
	e, _ := o.Ledger.Find(AuthFile, KeyMember)
	wanted := *d.Secret
	wanted.Value, wanted.Version, wanted.Skipped, wanted.Unknown = o.Auth.Key, e.Version, false, ""
	d.Secret = &wanted
	return d
}
