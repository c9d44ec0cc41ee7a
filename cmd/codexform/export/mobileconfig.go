package export

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"howett.net/plist"

	"github.com/codexform/codexform/plan"
)

// Form is how a profile carries managed preferences.
type Form string

// The forms. Consoles that refuse a payload type of their own want MCX.
const (
	Plain Form = "plain"
	MCX   Form = "mcx"
)

// Profile says what a configuration profile is called, and what goes into it.
type Profile struct {
	Identifier   string // reverse domain name; the same one replaces the profile
	Organization string
	Form         Form
	// Config adds config.toml itself. As a managed preference it is the strongest
	// layer of all: it beats the user's file and the flags of Codex.
	Config bool
}

// domain is Codex's preference domain.
const domain = "com.openai.codex"

type payload struct {
	Description  string `plist:"PayloadDescription,omitempty"`
	DisplayName  string `plist:"PayloadDisplayName"`
	Identifier   string `plist:"PayloadIdentifier"`
	Organization string `plist:"PayloadOrganization,omitempty"`
	Type         string `plist:"PayloadType"`
	UUID         string `plist:"PayloadUUID"`
	Version      int    `plist:"PayloadVersion"`

	Scope           string `plist:"PayloadScope,omitempty"`
	RemovalDisallow bool   `plist:"PayloadRemovalDisallowed,omitempty"`
	Content         any    `plist:"PayloadContent,omitempty"`

	Requirements string `plist:"requirements_toml_base64,omitempty"`
	Config       string `plist:"config_toml_base64,omitempty"`
}

type preferences struct {
	Requirements string `plist:"requirements_toml_base64"`
	Config       string `plist:"config_toml_base64,omitempty"`
}

// Mobileconfig is an Apple configuration profile that pins the policy's provider. It
// is unsigned; its UUIDs come from its identifier, so that equal policies give equal
// bytes.
func Mobileconfig(d plan.Desired, p Profile) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	requirements, err := Requirements(d)
	if err != nil {
		return nil, err
	}
	prefs := preferences{Requirements: base64.StdEncoding.EncodeToString(requirements)}
	if p.Config {
		config, err := configOf(d)
		if err != nil {
			return nil, err
		}
		prefs.Config = base64.StdEncoding.EncodeToString(config)
	}
	outer := payload{
		Description:  "Sends Codex to " + d.Provider.Name + " (" + d.Provider.BaseURL + "). It holds no key.",
		DisplayName:  "Codex settings", // Fleet knows a profile by it too
		Identifier:   p.Identifier,
		Organization: p.Organization,
		Type:         "Configuration",
		UUID:         uuid(p.Identifier, "profile"),
		Version:      1,
		Scope:        "System",
		Content:      []payload{p.inner(prefs)},
	}
	var b bytes.Buffer
	e := plist.NewEncoder(&b)
	e.Indent("\t")
	if err := e.Encode(outer); err != nil {
		return nil, fmt.Errorf("writing the profile: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// names are what Apple takes for an identifier: a reverse domain name of at most 200
// characters. They are compiled where they are asked: every command would pay for it.
var names = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`) })

func (p Profile) check() error {
	if !names().MatchString(p.Identifier) || len(p.Identifier) > 200 {
		return fmt.Errorf("the identifier %q is not a reverse domain name such as com.example.codex: letters, digits, dots and dashes", p.Identifier)
	}
	if i := strings.IndexFunc(p.Organization, unicode.IsControl); i >= 0 || !utf8.ValidString(p.Organization) {
		return fmt.Errorf("the organization %q has a character that no profile can hold", p.Organization)
	}
	return nil
}

func (p Profile) inner(prefs preferences) payload {
	in := payload{
		DisplayName: "Codex",
		Identifier:  p.Identifier + ".codex",
		UUID:        uuid(p.Identifier, "codex"),
		Version:     1,
	}
	if p.Form != MCX {
		in.Type, in.Requirements, in.Config = domain, prefs.Requirements, prefs.Config
		return in
	}
	in.Type = "com.apple.ManagedClient.preferences"
	in.Content = map[string]any{domain: map[string]any{
		"Forced": []any{map[string]any{"mcx_preference_settings": prefs}},
	}}
	return in
}

// namespaceURL is RFC 9562's namespace for UUIDs of addresses.
var namespaceURL = [16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

// uuid is a UUID of version 5, in the capitals that Apple's tools write.
func uuid(identifier, role string) string {
	sum := sha1.Sum(append(namespaceURL[:], "codexform:"+identifier+"/"+role...))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
