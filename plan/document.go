package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// FormatVersion is the version of Document. A reader refuses another one.
const FormatVersion = "1"

// Document is a plan as JSON: what `plan --format json` prints and `plan --out`
// stores. docs/reference/plan-json.md describes every member. It holds no secret
// and nothing that a secret could be guessed from: a Secret masks itself (MarshalText in
// secret.go), and what may be one among the user's values is masked before, by Redact.
type Document struct {
	FormatVersion string       `json:"format_version"`
	ToolVersion   string       `json:"tool_version"`
	Created       time.Time    `json:"created"`
	CodexHome     string       `json:"codex_home"`
	Complete      bool         `json:"complete"`
	Interrupted   bool         `json:"interrupted,omitempty"`
	Held          *Held        `json:"held,omitempty"`
	Desired       DocDesired   `json:"desired"`
	Summary       Summary      `json:"summary"`
	Unmanaged     int          `json:"unmanaged"`
	Files         []DocFile    `json:"files"`
	Policy        []DocPolicy  `json:"policy,omitempty"`
	Compared      bool         `json:"compared,omitempty"`
	Confirm       *DocConfirm  `json:"confirm,omitempty"`
	Diagnostics   []Diagnostic `json:"diagnostics"`
	Exact         *DocExact    `json:"exact,omitempty"`
}

// DocDesired names the desired state of a Document.
type DocDesired struct {
	Files  []string `json:"files"`
	Digest string   `json:"digest"`
}

// DocFile is one file of a Document.
type DocFile struct {
	Path       string      `json:"path"`
	Action     Action      `json:"action"`
	Mode       string      `json:"mode,omitempty"`
	ModeBefore string      `json:"mode_before,omitempty"`
	Changes    []DocChange `json:"changes"`
}

// DocChange is one change of a Document.
type DocChange struct {
	Address       string   `json:"address"`
	Path          []string `json:"path"`
	Action        Action   `json:"action"`
	Before        *Value   `json:"before,omitempty"`
	After         *Value   `json:"after,omitempty"`
	Sensitive     bool     `json:"sensitive,omitempty"`
	Source        string   `json:"source,omitempty"`
	BeforeVersion string   `json:"before_version,omitempty"`
	AfterVersion  string   `json:"after_version,omitempty"`
	BeforeID      string   `json:"before_id,omitempty"`
	BeforeStamp   string   `json:"before_stamp,omitempty"`
	Unknown       bool     `json:"unknown,omitempty"`
	Drift         bool     `json:"drift"`
	Default       bool     `json:"default,omitempty"`
	GivesBack     bool     `json:"gives_back,omitempty"`
	Reason        string   `json:"reason,omitempty"`
	Origin        string   `json:"origin,omitempty"`
}

// DocPolicy is one difference between two policies that is no key of a file.
type DocPolicy struct {
	Path   string `json:"path"`
	Before *Value `json:"before,omitempty"`
	After  *Value `json:"after,omitempty"`
	Origin string `json:"origin,omitempty"`
}

// DocConfirm is the request that confirms an apply of the plan.
type DocConfirm struct {
	URL    string   `json:"url"`
	Models []string `json:"models"`
}

// Document is the plan as data for machines, said by a tool of some version at
// some time.
func (p Plan) Document(tool string, created time.Time) Document {
	d := Document{
		FormatVersion: FormatVersion, ToolVersion: tool, Created: created.UTC().Truncate(time.Second),
		CodexHome: p.Home, Complete: p.Complete(), Interrupted: p.Interrupted, Held: p.Held,
		Desired: DocDesired{p.Desired.Files, p.Desired.Digest},
		Summary: p.Summary(), Unmanaged: p.Unmanaged, Diagnostics: p.Diagnostics,
	}
	if url := p.ConfirmURL(); url != "" {
		d.Confirm = &DocConfirm{url, p.Desired.Confirm.Models}
	}
	if d.Diagnostics == nil {
		d.Diagnostics = []Diagnostic{}
	}
	d.Compared = p.Compared
	for _, c := range p.Policy {
		d.Policy = append(d.Policy, DocPolicy{strings.Join(c.Path, "."), given(c.Before), given(c.After), c.Origin.String()})
	}
	d.Files = []DocFile{}
	for _, f := range p.Files {
		d.Files = append(d.Files, docFile(f))
	}
	return d
}

// ConfirmURL is where an apply of the plan would ask for the models, "" when it
// would not ask.
func (p Plan) ConfirmURL() string {
	if p.Desired.Provider == nil || !p.Desired.Confirm.Enabled {
		return ""
	}
	return ModelsURL(p.Desired.Provider.BaseURL)
}

// ModelsURL is the model-list URL of a base URL, as messages name it.
func ModelsURL(base string) string {
	if asked, wrong := Asked(base); wrong == "" {
		base = asked.String()
	}
	base = ShowURL(base)
	for len(base) > 0 && base[len(base)-1] == '/' {
		base = base[:len(base)-1]
	}
	return base + "/models"
}

func docFile(f FileChange) DocFile {
	out := DocFile{Path: f.Path, Action: f.Action, Mode: octal(f.Mode), Changes: []DocChange{}}
	if f.OldMode != f.Mode {
		out.ModeBefore = octal(f.OldMode)
	}
	for _, c := range f.Changes {
		out.Changes = append(out.Changes, docChange(c))
	}
	return out
}

func octal(mode uint32) string {
	if mode == 0 {
		return ""
	}
	return fmt.Sprintf("%04o", mode)
}

func docChange(c Change) DocChange {
	out := DocChange{
		Address: c.Address.String(), Path: c.Address, Action: c.Action,
		Sensitive: c.Sensitive, Source: c.Source, BeforeVersion: c.BeforeVersion, AfterVersion: c.AfterVersion, BeforeID: c.BeforeID,
		Unknown: c.Unknown, Drift: c.Drift, Default: c.Default, GivesBack: c.GivesBack, Reason: c.Reason, Origin: c.Origin.String(),
	}
	if c.BeforeID == "" {
		out.BeforeStamp = c.BeforeStamp
	}
	out.Before, out.After = given(c.Before), given(c.After)
	return out
}

// given is a value for a member that is left out where there is none.
func given(v Value) *Value {
	if v.IsAbsent() {
		return nil
	}
	return &v
}

// ParseDocument reads a stored Document strictly. A format of another version is
// an error that says so.
func ParseDocument(data []byte) (Document, error) {
	var version struct {
		FormatVersion string `json:"format_version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return Document{}, fmt.Errorf("not a saved plan: %v", err)
	}
	if version.FormatVersion != FormatVersion {
		return Document{}, fmt.Errorf("a saved plan of format %q: this codexform reads %q", version.FormatVersion, FormatVersion)
	}
	var d Document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("not a saved plan: %v", err)
	}
	d.takeExact()
	return d, nil
}

// UnmarshalText reads file:line:column.
func (o *Origin) UnmarshalText(text []byte) error {
	fields := bytes.Split(text, []byte(":"))
	if len(fields) < 3 {
		return fmt.Errorf("not a place: %q", text)
	}
	n := len(fields)
	_, err := fmt.Sscanf(string(fields[n-2])+" "+string(fields[n-1]), "%d %d", &o.Line, &o.Column)
	o.File = string(bytes.Join(fields[:n-2], []byte(":")))
	return err
}
