package export

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// Client is what another program is told about the gateway.
type Client struct {
	Desired plan.Desired
	Key     plan.Secret // Known only where it is to be written
	// Program and Policies are how the client's machine runs `codexform token -f …`.
	Program  string
	Policies []string
	Windows  bool // for shell lines: PowerShell's instead of a POSIX shell's
}

// Text is what a client takes, and what a person has to know of it.
type Text struct {
	Body  []byte
	Notes []string // one sentence each
}

// Clients are the clients that can be exported to, with the function of each.
var Clients = []struct {
	Name  string
	About string
	Make  func(Client) (Text, error)
}{
	{"cursor", "what to type into Cursor's settings", cursor},
	{"cline", "~/.cline/data/settings/providers.json", cline},
	{"cherry-studio", "an import link for Cherry Studio", cherryStudio},
	{"env", "shell lines for any OpenAI-compatible client", variables},
	{"opencode", "~/.config/opencode/opencode.json", opencode},
	{"claude-code", "~/.claude/settings.json", claudeCode},
}

// ForClient is the export for one of Clients.
func ForClient(name string, c Client) (Text, error) {
	if c.Desired.Provider == nil {
		return Text{}, ErrNoProvider
	}
	for _, client := range Clients {
		if client.Name == name {
			return client.Make(c)
		}
	}
	return Text{}, fmt.Errorf("no client is called %q", name)
}

func (c Client) baseURL() string { return strings.TrimRight(c.Desired.Provider.BaseURL, "/") }

// models are the policy's models, the main one first.
func (c Client) models() []string {
	var out []string
	for _, name := range []string{"model", "review_model"} {
		for _, s := range c.Desired.Settings {
			if s.Address.Equal(plan.Address{name}) && s.Value.Kind() == plan.KindString && !slices.Contains(out, s.Value.Text()) {
				out = append(out, s.Value.Text())
			}
		}
	}
	return out
}

func (c Client) model() string {
	if models := c.models(); len(models) > 0 {
		return models[0]
	}
	return ""
}

// ref names the secret for people, never its value.
func (c Client) ref() string {
	if c.Desired.Secret == nil {
		return "the key of this gateway"
	}
	return "the key from " + c.Desired.Secret.Ref
}

func cursor(c Client) (Text, error) {
	if c.Key.Known() {
		return Text{}, fmt.Errorf("cursor: its card is for a person to read: the key is pasted from where it is kept, not printed")
	}
	var b strings.Builder
	b.WriteString("Cursor: Settings, Models, API Keys\n\n")
	fmt.Fprintf(&b, "  Override OpenAI Base URL   %s\n", c.baseURL())
	fmt.Fprintf(&b, "  OpenAI API Key             %s\n", c.ref())
	for _, model := range c.models() {
		fmt.Fprintf(&b, "  Add model                  %s\n", model)
	}
	t := Text{Body: []byte(b.String()), Notes: []string{
		"Cursor's own servers call the gateway: it has to be reachable from the internet, and the key passes through them.",
		"Only chat uses this; tab completion stays with Cursor's own models.",
	}}
	if host := hostOf(c.baseURL()); !public(host) {
		t.Notes = append(t.Notes, host+" is not reachable from the internet: Cursor cannot use this gateway.")
	}
	return t, nil
}

// cline writes the file as Cline itself does. A file that it cannot read it replaces,
// with every other provider in it: so the bytes are exact, and the time is a fixed one.
func cline(c Client) (Text, error) {
	type settings struct {
		Provider string `json:"provider"`
		APIKey   string `json:"apiKey,omitempty"`
		Model    string `json:"model,omitempty"`
		BaseURL  string `json:"baseUrl"`
	}
	type entry struct {
		Settings    settings `json:"settings"`
		UpdatedAt   string   `json:"updatedAt"`
		TokenSource string   `json:"tokenSource"`
	}
	const id = "openai-compatible"
	body := indented(struct {
		Version          int              `json:"version"`
		LastUsedProvider string           `json:"lastUsedProvider"`
		Modes            struct{}         `json:"modes"`
		Providers        map[string]entry `json:"providers"`
	}{1, id, struct{}{}, map[string]entry{id: {
		settings{id, string(c.Key.Reveal()), c.model(), c.baseURL()}, "2026-01-01T00:00:00.000Z", "manual",
	}}})
	t := Text{Body: body, Notes: []string{
		"It is ~/.cline/data/settings/providers.json (mode 0600) as a whole: it replaces every provider that is in there. For a fresh home or a CI job.",
	}}
	if !c.Key.Known() {
		t.Notes = append(t.Notes, "Cline takes the key from OPENAI_API_KEY: set it to "+c.ref()+".")
	}
	return t, nil
}

func cherryStudio(c Client) (Text, error) {
	if !c.Key.Known() {
		return Text{}, fmt.Errorf("cherry-studio: an import link is nothing without the key, and a placeholder would be stored as one: give --with-secret")
	}
	name := c.Desired.Provider.Name
	return Text{Body: []byte(CherryLink("codexform-"+slug(name), c.baseURL(), string(c.Key.Reveal()), name) + "\n"), Notes: []string{
		"The link holds the key: whoever opens it leaves it in the history of a shell or a browser. Open it once, then delete it.",
		"Importing again after a rotation adds a second key: delete the old one in Cherry Studio.",
		"Models cannot be imported: press Manage in Cherry Studio and add " + strings.Join(c.models(), ", ") + ".",
	}}, nil
}

// CherryLink is the link that adds a provider to Cherry Studio, 1.x and 2.x.
func CherryLink(id, baseURL, key, name string) string {
	data, err := json.Marshal(struct {
		ID      string `json:"id"`
		BaseURL string `json:"baseUrl"`
		APIKey  string `json:"apiKey"`
		Name    string `json:"name"`
		Type    string `json:"type"`
	}{id, baseURL + "/", key, name, "openai"})
	if err != nil {
		panic("a provider that JSON cannot hold: " + err.Error())
	}
	// 1.x mangles these three on the way.
	text := strings.NewReplacer("'", `\u0027`, "(", `\u0028`, ")", `\u0029`).Replace(string(data))
	return "cherrystudio://providers/api-keys?v=1&data=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(text)))
}

func variables(c Client) (Text, error) {
	line := func(name, value string) string {
		if c.Windows {
			return "$env:" + name + " = '" + strings.ReplaceAll(value, "'", "''") + "'\n"
		}
		return "export " + name + "=" + ShellWord(value) + "\n"
	}
	var b strings.Builder
	b.WriteString(line("OPENAI_BASE_URL", c.baseURL()))
	b.WriteString(line("OPENAI_API_BASE", c.baseURL()))
	t := Text{}
	if c.Key.Known() {
		b.WriteString(line("OPENAI_API_KEY", string(c.Key.Reveal())))
	} else {
		b.WriteString("# OPENAI_API_KEY: " + c.ref() + "\n")
		t.Notes = append(t.Notes, "The key is not among them: set OPENAI_API_KEY to "+c.ref()+".")
	}
	t.Body = []byte(b.String())
	return t, nil
}

func opencode(c Client) (Text, error) {
	type options struct {
		BaseURL string `json:"baseURL"`
		APIKey  string `json:"apiKey"`
	}
	type provider struct {
		NPM     string              `json:"npm"`
		Name    string              `json:"name"`
		Options options             `json:"options"`
		Models  map[string]struct{} `json:"models"`
	}
	key, notes := c.opencodeKey()
	id := c.Desired.Provider.ID
	models := map[string]struct{}{}
	for _, m := range c.models() {
		models[m] = struct{}{}
	}
	body := struct {
		Schema   string              `json:"$schema"`
		Model    string              `json:"model,omitempty"`
		Provider map[string]provider `json:"provider"`
	}{Schema: "https://opencode.ai/config.json", Provider: map[string]provider{
		id: {"@ai-sdk/openai-compatible", c.Desired.Provider.Name, options{c.baseURL(), key}, models},
	}}
	if c.model() != "" {
		body.Model = id + "/" + c.model()
	}
	return Text{Body: indented(body), Notes: append(notes,
		"It is ~/.config/opencode/opencode.json; a project's own file and opencode.jsonc win over it.")}, nil
}

// opencodeKey is how opencode's file names the key, and what is to be said of it.
func (c Client) opencodeKey() (key string, notes []string) {
	source, place, _ := strings.Cut(c.secretRef(), ":")
	switch {
	case c.Key.Known():
		return string(c.Key.Reveal()), nil
	case source == "env":
		return "{env:" + place + "}", nil
	case source == "file" && !strings.ContainsAny(place, "#}"): // where its reference would end
		return "{file:" + place + "}", nil
	}
	return "{env:OPENAI_API_KEY}", []string{"opencode takes the key from OPENAI_API_KEY: set it to " + c.ref() + "."}
}

func (c Client) secretRef() string {
	if c.Desired.Secret == nil {
		return ""
	}
	return c.Desired.Secret.Ref
}

func claudeCode(c Client) (Text, error) {
	if c.Key.Known() {
		return Text{}, fmt.Errorf("claude-code: it needs no secret: apiKeyHelper runs codexform token")
	}
	if len(c.Policies) == 0 {
		return Text{}, fmt.Errorf("claude-code: apiKeyHelper runs codexform again, which cannot read this standard input: give the policy as a file")
	}
	words := []string{ShellWord(c.Program), "token"}
	for _, file := range c.Policies {
		words = append(words, "-f", ShellWord(file))
	}
	body := struct {
		Env    map[string]string `json:"env"`
		Helper string            `json:"apiKeyHelper"`
		Model  string            `json:"model,omitempty"`
	}{map[string]string{"ANTHROPIC_BASE_URL": strings.TrimSuffix(c.baseURL(), "/v1")}, strings.Join(words, " "), c.model()}
	return Text{Body: indented(body), Notes: []string{
		"It is ~/.claude/settings.json, which takes no comments; the gateway has to speak /v1/messages.",
	}}, nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// public reports whether a host may be reachable from the internet, as far as its
// name tells.
func public(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
	}
	return host != "localhost" && strings.Contains(host, ".") &&
		!strings.HasSuffix(host, ".local") && !strings.HasSuffix(host, ".internal") && !strings.HasSuffix(host, ".lan")
}

// slug is a name in small letters, digits and single dashes.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "gateway"
}

// ShellWord is text as one word of a POSIX shell.
func ShellWord(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_@%+=:,./-", r))
	}) < 0
	if plain && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
