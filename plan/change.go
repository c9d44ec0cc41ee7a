package plan

import "slices"

// Action says what happens to a setting or a file.
type Action string

// The actions.
const (
	NoOp    Action = "noop"
	Create  Action = "create"
	Update  Action = "update"
	Delete  Action = "delete"
	Release Action = "release" // given up: someone changed a key that the policy no longer names
)

// Change is one managed setting, before and after. It is data: a secret shows
// only that it changes and where it comes from.
type Change struct {
	Address Address
	Action  Action
	Before  Value // absent when Action is Create, and for a secret
	After   Value // absent when Action is Delete, and for a secret

	Sensitive     bool   // a secret: no values
	Source        string // of a secret: its reference
	BeforeVersion string // of a secret: the version that we last applied, where its source counts
	AfterVersion  string
	BeforeID      string // of a secret: its fingerprint before, by this machine's key; "" where there is no such key yet
	BeforeStamp   string // of a secret: presence, size, inode and time of its file before
	Unknown       bool   // a secret that was not looked up: known at apply

	Drift     bool   // someone changed it since we applied the same value
	Default   bool   // from defaults
	Displaces bool   // of a secret: one of the user's goes, and is not kept
	Yours     bool   // a default that found another value: it is the user's and stays
	GivesBack bool   // After is the value from before us, or Before goes because it was not there
	Note      Note   // of auth.json's key: the editor's note that takes our earlier edit back; opaque
	Reason    string // a few words for people where the action does not explain itself, else ""
	Origin    Origin // zero when the desired state no longer names the setting
}

// FileChange is one file and its changes, in order.
type FileChange struct {
	Path    string // ConfigFile, AuthFile or PinsFile
	Action  Action // NoOp, Create or Update; Delete when nothing would be left of auth.json
	Mode    uint32 // permission bits after the apply; 0 where files have none
	OldMode uint32 // before; 0 when there is no file, or files have none
	Changes []Change
	// GiveBack and Set are the edits that make the changes: first those that give back
	// what is ours no longer, then upon their outcome the others. Of auth.json they are
	// those of auth_mode.
	GiveBack, Set []Step
}

// Changed reports whether the file's bytes or mode will change. Those of one that a plan
// does not speak of will not.
func (f FileChange) Changed() bool { return f.Action != NoOp && f.Action != "" }

// ModeOnly reports a change of permission bits and of nothing else.
func (f FileChange) ModeOnly() bool { return f.Changed() && !edits(f.Changes) && f.Mode != f.OldMode }

// Severity of a Diagnostic.
type Severity string

// The severities. An error stops plan and apply.
const (
	Error   Severity = "error"
	Review  Severity = "review" // a person should look at it; it stops nothing
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Rank orders severities: 0 is the worst. It is -1 for what is none.
func (s Severity) Rank() int { return slices.Index(Severities, s) }

// Severities are all severities, the worst first.
var Severities = []Severity{Error, Review, Warning, Info}

// Diagnostic is something that the reader of a plan should know: one rule of
// docs/reference/rules.md, found true.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"`
	Summary  string   `json:"summary"`
	Fix      string   `json:"fix,omitempty"`
	Origin   Origin   `json:"origin,omitzero"` // in the desired state, or a place in config.toml
	// Stops reports that Codex does not start because of it, whoever wrote the key.
	Stops bool `json:"-"`
}
