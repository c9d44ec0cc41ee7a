package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

const (
	ourKey   = "sk-ours-0123456789"
	theirKey = "sk-theirs-0123456789"
)

// permitHome is a Codex home and a policy for https://gate.example, and what may be
// sent of it.
type permitHome struct {
	name   string
	config string // below the provider's base_url
	base   string // default https://gate.example/v1
	key    string // in auth.json
	env    []string
	dotenv string
	layer  string // managed_config.toml

	policy    plan.Delivery // "" for no policy
	header    string        // auth_header
	sets      string        // more of the policy's settings, TOML
	settings  string        // of a policy without a provider, TOML
	byDefault bool          // they are defaults
	secret    string        // of the policy, resolved
	unsolved  bool          // the policy has a secret, not looked up
	applied   string        // the base_url for which the ledger knows ourKey; "" for no ledger
	old       bool          // the ledger is from before hosts were kept

	sent    string // the key that goes out; "-" for one in the fields
	refusal string
	nothing string
	pending bool
}

const (
	gateURL  = "https://gate.example/v1"
	otherURL = "https://other.example/v1"
	gateBase = "[model_providers.g]\nbase_url = \"" + gateURL + "\"\n"
	ownAuth  = "requires_openai_auth = true\n"
)

var permitHomes = []permitHome{
	// Without a policy: what the files say.
	{name: "files", config: ownAuth, key: theirKey, sent: theirKey},
	{name: "files, ours at its host", config: ownAuth, key: ourKey, applied: gateURL, sent: ourKey},
	{name: "files, ours elsewhere", config: ownAuth, base: otherURL, key: ourKey, applied: gateURL, refusal: "led to https://other.example, but the key from auth.json was applied for https://gate.example"},
	{name: "files, ours elsewhere, old ledger", config: ownAuth, base: otherURL, key: ourKey, applied: gateURL, old: true, refusal: "applied for https://gate.example"},
	{name: "files, theirs elsewhere", config: ownAuth, base: otherURL, key: theirKey, applied: gateURL, sent: theirKey},
	{name: "files, ours, same host, other path", config: ownAuth, base: "https://gate.example/v2", key: ourKey, applied: gateURL, sent: ourKey},
	{name: "files, ours, other port", config: ownAuth, base: "https://gate.example:8443/v1", key: ourKey, applied: gateURL, refusal: "led to https://gate.example:8443"},
	{name: "files, ours in clear", config: ownAuth, base: "http://gate.example/v1", key: ourKey, applied: gateURL, refusal: "led to http://gate.example"},
	{name: "files, ours in .env", config: "env_key = \"K\"\n", base: otherURL, dotenv: "K=" + ourKey, applied: gateURL, refusal: "key from env:K was applied for"},
	{name: "files, ours as a bearer", config: "experimental_bearer_token = \"" + ourKey + "\"\n", base: otherURL, applied: gateURL, refusal: "key from bearer"},
	{name: "files, ours in a header", config: "http_headers = {Authorization = \"Bearer " + ourKey + "\"}\n", base: otherURL, applied: gateURL, refusal: "applied for"},
	{name: "files, ours in the query", config: "query_params = {api_key = \"" + ourKey + "\"}\n", base: otherURL, applied: gateURL, refusal: "applied for"},
	{name: "files, theirs in a header", config: "http_headers = {api-key = \"" + theirKey + "\"}\n", sent: "-"},
	{name: "files, no base_url", base: "none", config: ownAuth, key: ourKey, applied: gateURL, refusal: "led to https://api.openai.com, but"},
	{name: "files, empty base_url", base: "empty", config: ownAuth, key: ourKey, applied: gateURL, refusal: "led to no host at all"},
	{name: "files, empty base_url, theirs", base: "empty", config: ownAuth, key: theirKey, nothing: "base_url is empty"},
	{name: "files, led away by a layer", config: ownAuth, key: ourKey, applied: gateURL, layer: "[model_providers.g]\nbase_url = \"" + otherURL + "\"", refusal: "led to https://other.example"},
	{name: "files, our variable elsewhere", config: "env_key = \"OUR_KEY\"\n", base: otherURL, env: []string{"OUR_KEY=" + theirKey}, applied: gateURL, refusal: "variable OUR_KEY was applied for https://gate.example"},

	// With one: its host and its credential.
	{name: "policy, ours", config: ownAuth, key: ourKey, policy: "auth_json", secret: ourKey, sent: ourKey},
	{name: "policy, by the ledger", config: ownAuth, key: ourKey, policy: "auth_json", unsolved: true, applied: gateURL, sent: ourKey},
	{name: "policy, by the ledger, rotated since", config: ownAuth, key: ourKey, policy: "auth_json", secret: "sk-newer-0123456789", applied: gateURL, sent: ourKey},
	{name: "policy, not known yet", config: ownAuth, key: ourKey, policy: "auth_json", unsolved: true, refusal: "not the desired state's", pending: true},
	{name: "policy, theirs", config: ownAuth, key: theirKey, policy: "auth_json", secret: ourKey, applied: gateURL, refusal: "https://gate.example would get the credential from auth.json"},
	{name: "policy without a secret", config: ownAuth, key: theirKey, policy: "auth_json", refusal: "credential from auth.json"},
	{name: "policy, other host", config: ownAuth, base: otherURL, key: ourKey, policy: "auth_json", secret: ourKey, applied: otherURL, refusal: "led to https://other.example, the desired state to https://gate.example"},
	{name: "policy, moved here with its key", config: ownAuth, key: ourKey, policy: "auth_json", secret: ourKey, applied: otherURL, sent: ourKey},
	{name: "policy, key of another host", config: ownAuth, key: ourKey, policy: "auth_json", secret: theirKey, applied: otherURL, refusal: "was applied for https://other.example"},
	{name: "policy, key of another host, not known yet", config: ownAuth, key: ourKey, policy: "auth_json", unsolved: true, applied: otherURL, refusal: "was applied for", pending: true},
	{name: "policy, a bearer wins", config: "experimental_bearer_token = \"" + theirKey + "\"\n", key: ourKey, policy: "auth_json", secret: ourKey, refusal: "from bearer"},
	{name: "policy, a variable wins", config: "env_key = \"K\"\n", env: []string{"K=" + theirKey}, key: ourKey, policy: "auth_json", secret: ourKey, refusal: "from env:K"},
	{name: "policy, a foreign header", config: ownAuth + "http_headers = {x-api-key = \"" + theirKey + "\"}\n", key: ourKey, policy: "auth_json", secret: ourKey, refusal: "would get http_headers x-api-key"},
	{name: "policy, a foreign header by its value", config: ownAuth + "http_headers = {X-Team = \"" + theirKey + "\"}\n", key: ourKey, policy: "auth_json", secret: ourKey, refusal: "http_headers X-Team"},
	{name: "policy, a harmless header", config: ownAuth + "http_headers = {X-Team = \"blue\"}\n", key: ourKey, policy: "auth_json", secret: ourKey, sent: ourKey},
	{name: "policy, a foreign header from a variable", config: ownAuth + "env_http_headers = {api-key = \"K\"}\n", env: []string{"K=" + theirKey}, key: ourKey, policy: "auth_json", secret: ourKey, refusal: "env_http_headers api-key"},
	{name: "policy, its own header", config: ownAuth + "env_http_headers = {api-key = \"K\"}\n", sets: "env_http_headers = {api-key = \"K\"}\n", env: []string{"K=" + theirKey}, key: ourKey, policy: "auth_json", secret: ourKey, sent: ourKey},
	{name: "policy, its header from another variable", config: ownAuth + "env_http_headers = {api-key = \"K2\"}\n", sets: "env_http_headers = {api-key = \"K\"}\n", env: []string{"K2=" + theirKey}, key: ourKey, policy: "auth_json", secret: ourKey, refusal: "env_http_headers api-key"},
	{name: "policy, a foreign parameter", config: ownAuth + "query_params = {code = \"" + theirKey + "\"}\n", key: ourKey, policy: "auth_json", secret: ourKey, refusal: "query_params code"},
	{name: "policy, nothing there", config: ownAuth, policy: "auth_json", secret: ourKey, nothing: "no auth.json"},
	{name: "policy, its variable", config: "env_key = \"OUR_KEY\"\n", env: []string{"OUR_KEY=" + ourKey}, policy: "env_key", sent: ourKey},
	{name: "policy, its variable is not set", config: "env_key = \"OUR_KEY\"\n", policy: "env_key", secret: ourKey, sent: ourKey},
	{name: "policy, its variable is not set, not known yet", config: "env_key = \"OUR_KEY\"\n", policy: "env_key", unsolved: true, nothing: "OUR_KEY is not set", pending: true},
	{name: "policy, its variable in .env", config: "env_key = \"OUR_KEY\"\n", dotenv: "OUR_KEY=" + ourKey, policy: "env_key", secret: ourKey, sent: ourKey},
	{name: "policy, its variable in .env, another value", config: "env_key = \"OUR_KEY\"\n", env: []string{"OUR_KEY=" + ourKey}, dotenv: "OUR_KEY=" + theirKey, policy: "env_key", secret: ourKey, refusal: "what .env in the Codex home sets OUR_KEY to"},
	{name: "policy, its variable in .env, not known yet", config: "env_key = \"OUR_KEY\"\n", dotenv: "OUR_KEY=" + theirKey, policy: "env_key", unsolved: true, refusal: "sets OUR_KEY to", pending: true},
	{name: "policy, its variable in .env, no secret", config: "env_key = \"OUR_KEY\"\n", dotenv: "OUR_KEY=" + theirKey, policy: "env_key", sent: theirKey},
	{name: "policy, its variable emptied in .env", config: "env_key = \"OUR_KEY\"\n", env: []string{"OUR_KEY=" + ourKey}, dotenv: "OUR_KEY=\n", policy: "env_key", secret: ourKey, refusal: "what .env in the Codex home sets OUR_KEY to"},
	{name: "policy, its header emptied in .env", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", env: []string{"OUR_KEY=" + ourKey}, dotenv: "OUR_KEY= \n", policy: "env_key", header: "api-key", secret: ourKey, refusal: "sets OUR_KEY to"},
	{name: "policy, its header emptied in .env, not known yet", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", dotenv: "OUR_KEY=\n", policy: "env_key", header: "api-key", unsolved: true, refusal: "sets OUR_KEY to", pending: true},
	{name: "policy, its header in .env, another value", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", dotenv: "OUR_KEY=" + theirKey, policy: "env_key", header: "api-key", secret: ourKey, refusal: "sets OUR_KEY to"},
	{name: "policy, its header", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", env: []string{"OUR_KEY=" + ourKey}, policy: "env_key", header: "api-key", sent: "-"},
	{name: "policy, its header of no telling name", config: "env_http_headers = {X-Gate = \"OUR_KEY\"}\n", env: []string{"OUR_KEY=" + ourKey}, policy: "env_key", header: "X-Gate", sent: "-"},
	{name: "policy, its header is not set", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", policy: "env_key", header: "api-key", secret: ourKey, sent: "-"},
	{name: "policy, its header is not set, not known yet", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", policy: "env_key", header: "api-key", unsolved: true, nothing: "OUR_KEY is not set", pending: true},
	{name: "policy, its header is not set, no secret", config: "env_http_headers = {api-key = \"OUR_KEY\"}\n", policy: "env_key", header: "api-key", nothing: "OUR_KEY is not set"},
	{name: "policy, its header from another variable", config: "env_http_headers = {api-key = \"K\"}\n", env: []string{"K=" + theirKey}, policy: "env_key", header: "api-key", refusal: "env_http_headers api-key"},
	{name: "policy, its header beside a key", config: ownAuth + "env_http_headers = {api-key = \"OUR_KEY\"}\n", key: theirKey, env: []string{"OUR_KEY=" + ourKey}, policy: "env_key", header: "api-key", refusal: "credential from auth.json"},
	{name: "policy, another variable", config: "env_key = \"K\"\n", env: []string{"K=" + theirKey}, policy: "env_key", secret: ourKey, refusal: "from env:K"},
	{name: "policy, its variable with a key of another host", config: "env_key = \"OUR_KEY\"\n", env: []string{"OUR_KEY=" + ourKey}, policy: "env_key", secret: theirKey, applied: otherURL, refusal: "was applied for https://other.example"},
	{name: "policy, by a command, with a key beside it", config: ownAuth, key: ourKey, policy: "command", secret: ourKey, applied: gateURL, refusal: "from auth.json"},
	{name: "policy, its command", config: "auth = {command = \"codexform\", args = [\"token\"]}\n", policy: "command", secret: ourKey, sent: ourKey},
	{name: "policy, another command", config: "auth = {command = \"codexform\", args = [\"token\", \"-f\", \"x\"]}\n", policy: "command", secret: ourKey, refusal: "from command"},

	// With one that names the host among its settings.
	{name: "settings, theirs", settings: gateBase, config: ownAuth, key: theirKey, refusal: "credential from auth.json"},
	{name: "settings, a bearer", settings: gateBase, config: "experimental_bearer_token = \"" + theirKey + "\"\n", refusal: "from bearer"},
	{name: "settings, a variable", settings: gateBase, config: "env_key = \"K\"\n", env: []string{"K=" + theirKey}, refusal: "from env:K"},
	{name: "settings, a header", settings: gateBase, config: "http_headers = {x-api-key = \"" + theirKey + "\"}\n", refusal: "http_headers x-api-key"},
	{name: "settings, a parameter", settings: gateBase, config: "query_params = {code = \"" + theirKey + "\"}\n", refusal: "query_params code"},
	{name: "settings, their command", settings: gateBase, config: "auth = {command = \"key\"}\n", refusal: "from command"},
	{name: "settings, their own variable", settings: gateBase + "env_key = \"K\"\n", config: "env_key = \"K\"\n", env: []string{"K=" + ourKey}, sent: ourKey},
	{name: "settings, their own header", settings: gateBase + "env_http_headers = {api-key = \"K\"}\n", config: "env_http_headers = {api-key = \"K\"}\n", env: []string{"K=" + ourKey}, sent: "-"},
	{name: "settings, other host", settings: gateBase, base: otherURL, config: "env_key = \"K\"\n", env: []string{"K=" + theirKey}, refusal: "led to https://other.example, the desired state to https://gate.example"},
	{name: "settings, ours elsewhere", settings: gateBase, config: ownAuth, key: ourKey, applied: otherURL, refusal: "was applied for https://other.example"},
	{name: "settings, of another entry", settings: "[model_providers.h]\nbase_url = \"" + otherURL + "\"\n", config: ownAuth, key: theirKey, sent: theirKey},
	{name: "settings, of another entry that they select", settings: "model_provider = \"h\"\n[model_providers.h]\nbase_url = \"" + otherURL + "\"\n", config: ownAuth, key: theirKey, refusal: "the desired state to https://other.example"},
	{name: "settings, an entry of theirs", settings: "model_provider = \"g\"\n", config: ownAuth, key: theirKey, sent: theirKey},
	{name: "settings, nothing of a host", settings: "model = \"m\"\nopenai_base_url = \"" + gateURL + "\"\n", config: ownAuth, key: theirKey, sent: theirKey},
	{name: "settings, OpenAI's address", settings: "model_provider = \"openai\"\nopenai_base_url = \"" + otherURL + "\"\n", config: ownAuth, key: theirKey, refusal: "the desired state to https://other.example"},
	{name: "settings, a default that is there", settings: gateBase, byDefault: true, config: ownAuth, key: theirKey, refusal: "credential from auth.json"},
	{name: "settings, a default that is not there yet", settings: gateBase, byDefault: true, base: "none", config: ownAuth, key: theirKey, refusal: "led to https://api.openai.com, the desired state to https://gate.example"},
	{name: "settings, a default that was changed", settings: gateBase, byDefault: true, base: otherURL, config: ownAuth, key: theirKey, sent: theirKey},

	{name: "policy, led away by a layer", config: ownAuth, key: ourKey, applied: gateURL, policy: "auth_json", secret: ourKey, layer: "[model_providers.g]\nbase_url = \"" + otherURL + "\"", refusal: "led to https://other.example"},
}

func (h permitHome) access(t *testing.T) codex.Access {
	config := "model_provider = \"g\"\n[model_providers.g]\nname = \"Gate\"\n" + h.config
	switch h.base {
	case "none":
	case "empty":
		config += "base_url = \"\"\n"
	case "":
		config += "base_url = \"" + gateURL + "\"\n"
	default:
		config += "base_url = \"" + h.base + "\"\n"
	}
	root := decode(t, config)
	if h.layer != "" {
		root = codex.Layers{{Name: codex.LayerManaged, Root: decode(t, h.layer)}}.Merge(root)
	}
	auth := plan.Auth{}
	if h.key != "" {
		auth = plan.Auth{Exists: true, Key: plan.NewSecret([]byte(h.key))}
	}
	return codex.Effective(root, auth, codex.NewEnvironment(lookup(h.env), []byte(h.dotenv)))
}

func (h permitHome) desired(t *testing.T) plan.Desired {
	if h.settings != "" {
		d := ours(t, h.settings)
		for i := range d.Settings {
			d.Settings[i].Default = h.byDefault
		}
		return d
	}
	if h.policy == "" {
		return plan.Desired{}
	}
	d := ours(t, "[model_providers.g]\n"+h.sets)
	d.Delivery, d.Provider = h.policy, &plan.Provider{ID: "g", BaseURL: gateURL}
	switch h.policy {
	case plan.DeliveryEnvKey:
		d.Provider.EnvKey, d.Provider.AuthHeader = "OUR_KEY", h.header
		if h.header != "" {
			d.Settings = append(d.Settings, ours(t, "[model_providers.g.env_http_headers]\n"+h.header+" = \"OUR_KEY\"").Settings...)
		}
	case plan.DeliveryCommand:
		d.Settings = append(d.Settings, ours(t, "[model_providers.g]\nauth = {command = \"codexform\", args = [\"token\"]}").Settings...)
	}
	if h.secret != "" {
		d.Secret = &plan.Wanted{Ref: "env:X", Value: plan.NewSecret([]byte(h.secret))}
	} else if h.unsolved {
		d.Secret = &plan.Wanted{Ref: "env:X"}
	}
	return d
}

func (h permitHome) ledger() plan.Ledger {
	if h.applied == "" {
		return plan.Ledger{}
	}
	key := []byte("machine")
	e := plan.Entry{
		File: plan.AuthFile, Address: plan.KeyMember, Secret: true,
		Fingerprint: plan.NewSecret([]byte(ourKey)).Fingerprint(key), Host: plan.HostOf(h.applied),
	}
	if h.old {
		e.Host = ""
	}
	return plan.Ledger{FingerprintKey: key, Entries: []plan.Entry{
		{File: plan.ConfigFile, Address: plan.Address{"model_provider"}, Last: plan.Str("g")},
		{File: plan.ConfigFile, Address: plan.Address{"model_providers", "g", "base_url"}, Last: plan.Str(h.applied)},
		{File: plan.ConfigFile, Address: plan.Address{"model_providers", "g", "env_key"}, Last: plan.Str("OUR_KEY")},
		e,
	}}
}

// What is wrong in .env is told with its line: the one that counts.
func TestFixOfDotenv(t *testing.T) {
	for text, line := range map[string]string{
		"OUR_KEY=x":                                  "line 1 of ",
		"\n\n  \n# no\n OUR_KEY=x\n":                 "line 5 of ",
		"A=\"one\ntwo\"\r\nexport OUR_KEY=x\nB=b":    "line 3 of ",
		"OUR_KEY=x\nA=a # why\nOUR_KEY=y\nB=b\n":     "line 3 of ",
		"A=one\\\nB=two\n\nOUR_KEY=x\n":              "line 4 of ",
		"OUR_KEY=x\nOUR_KEY='never closed\nB=b\n":    "line 1 of ",
		"A='it''s'\n# it's\nOUR_KEY=\"a\nb\"\nC=c\n": "line 3 of ",
	} {
		h := permitHome{config: "env_key = \"OUR_KEY\"\n", dotenv: text, policy: "env_key", secret: ourKey}
		got := codex.MaySend(h.desired(t), h.ledger(), h.access(t)).Fix()
		if !strings.HasPrefix(got, "remove "+line) {
			t.Errorf("%q: %q, want %q", text, got, line)
		}
	}
}

// A key goes with its host.
func TestMaySend(t *testing.T) {
	for _, h := range permitHomes {
		t.Run(h.name, func(t *testing.T) {
			p := codex.MaySend(h.desired(t), h.ledger(), h.access(t))
			if p.Allowed() != (h.sent != "") {
				t.Errorf("Allowed is %v: refusal %q, nothing %q", p.Allowed(), p.Refusal(), p.Nothing())
			}
			if got := string(p.Key().Reveal()); got != strings.Trim(h.sent, "-") {
				t.Errorf("sends %q, want %q", got, h.sent)
			}
			for what, pair := range map[string][2]string{"refusal": {p.Refusal(), h.refusal}, "nothing": {p.Nothing(), h.nothing}} {
				if (pair[0] == "") != (pair[1] == "") || !strings.Contains(pair[0], pair[1]) {
					t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
				}
				if strings.Contains(pair[0], ourKey) || strings.Contains(pair[0], theirKey) {
					t.Errorf("%s shows a key: %q", what, pair[0])
				}
			}
			if p.Pending() != h.pending {
				t.Errorf("Pending is %v", p.Pending())
			}
			if h.settings != "" && strings.Contains(p.Refusal(), "would get the credential") && !strings.Contains(p.Fix(), "name it in the desired state") {
				t.Errorf("the fix is %q", p.Fix())
			}
		})
	}
	if p := (codex.Permit{}); p.Allowed() || p.Key().Known() {
		t.Error("the zero Permit allows something")
	}
}

// What stands in a provider's entry that a policy takes over, and whether it has to be
// decided on.
func TestForeignCredential(t *testing.T) {
	const after = "model_provider = \"custom\"\n[model_providers.custom]\nname = \"C\"\nbase_url = \"" + gateURL + "\"\n" + ownAuth
	for _, tc := range []struct {
		line      string
		there     bool // found where the entry was for another host
		here      bool // found where it was for this one
		desired   string
		noSecret  bool
		addresses string
	}{
		{line: `experimental_bearer_token = "x"`, there: true, here: true, addresses: "[model_providers, custom, experimental_bearer_token]"},
		{line: `experimental_bearer_token = "x"`, there: true, noSecret: true},
		{line: `experimental_bearer_token = ""`},
		{line: `http_headers = {api-key = "x"}`, there: true, here: true, addresses: "[model_providers, custom, http_headers, api-key]"},
		{line: `http_headers = {Authorization = "Bearer x"}`, there: true, here: true},
		{line: `http_headers = {X-Team = "blue"}`, there: true},
		{line: `http_headers = {X-Team = "blue"}`, there: true, noSecret: true},
		{line: `http_headers = {User-Agent = "me"}`},
		{line: `http_headers = {X-On = "true", X-Version = "1.2", OpenAI-Beta = "responses=v1"}`},
		{line: `http_headers = {User-Agent = "sk-0123456789abcdef"}`, there: true, here: true},
		{line: `query_params = {api-version = "2025-04-01-preview"}`},
		{line: `query_params = {code = "x"}`, there: true, here: true, addresses: "[model_providers, custom, query_params, code]"},
		{line: `http_headers = {api-key = "x"}`, desired: `http_headers = {api-key = "x"}`},
		{line: `env_key = "K"`}, // leaves with the plan
	} {
		for base, want := range map[string]bool{otherURL: tc.there, gateURL: tc.here} {
			before := "[model_providers.custom]\nname = \"C\"\nbase_url = \"" + base + "\"\n" + tc.line
			c := taken(t, before, after+tc.line)
			if tc.noSecret {
				c.Desired.Secret = nil
			}
			if tc.desired != "" {
				c.Desired.Settings = ours(t, "[model_providers.custom]\n"+tc.desired).Settings
			}
			found := codex.Check(c)
			if got := hasRule(found, "foreign-credential"); got != want {
				t.Errorf("%s at %s: found is %v, want %v: %v", tc.line, base, got, want, found)
			}
			for _, d := range found {
				if d.Rule == "foreign-credential" && (d.Severity != plan.Error || !strings.Contains(d.Fix, tc.addresses) || !strings.Contains(d.Summary, "https://gate.example")) {
					t.Errorf("%s: %+v", tc.line, d)
				}
			}
		}
	}
}

// A base_url among the settings takes an entry over as well.
func TestForeignCredentialBySettings(t *testing.T) {
	const after = "model_provider = \"custom\"\n[model_providers.custom]\nname = \"C\"\nbase_url = \"" + gateURL + "\"\n"
	for _, line := range []string{`experimental_bearer_token = "x"`, `http_headers = {api-key = "x"}`, `query_params = {code = "x"}`} {
		for base, want := range map[string]bool{otherURL: true, gateURL: false} {
			c := taken(t, "[model_providers.custom]\nname = \"C\"\nbase_url = \""+base+"\"\n"+line, after+line)
			c.Desired = ours(t, "[model_providers.custom]\nbase_url = \""+gateURL+"\"\n")
			if got := hasRule(codex.Check(c), "foreign-credential"); got != want {
				t.Errorf("%s at %s: found is %v, want %v", line, base, got, want)
			}
		}
	}
}

// Of whatever keeps Codex from sending something there is something to do, and nobody is
// told to name a secret who has named one.
func TestFixOfNothing(t *testing.T) {
	named := plan.Desired{Secret: &plan.Wanted{Ref: "env:X"}}
	for _, tc := range credentialCases {
		got := codex.Effective(decode(t, tc.config), decodeAuth(t, tc.auth), codex.NewEnvironment(lookup(tc.env), []byte(tc.dotenv)))
		for _, d := range []plan.Desired{{}, named} {
			fix := got.Fix(d)
			if got.Problem != "" && fix == "" {
				t.Errorf("%s: nothing to do about %q", tc.name, got.Problem)
			}
			if d.Secret != nil && (strings.Contains(fix, "codexform init") || strings.Contains(fix, "codex login")) {
				t.Errorf("%s: %q, with a secret in the desired state", tc.name, fix)
			}
			if strings.HasPrefix(fix, "set  ") {
				t.Errorf("%s: %q names no variable", tc.name, fix)
			}
		}
	}
}
