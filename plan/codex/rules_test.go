package codex_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// ours is a policy that manages every key of a TOML text, at line 1, 2, … of
// codex.yaml.
func ours(t testing.TB, text string) plan.Desired {
	t.Helper()
	var d plan.Desired
	var take func(a plan.Address, v plan.Value)
	take = func(a plan.Address, v plan.Value) {
		if v.Kind() != plan.KindTable {
			d.Settings = append(d.Settings, plan.Setting{
				Address: a, Value: v, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: len(d.Settings) + 1, Column: 3}},
			})
			return
		}
		for _, m := range v.Members() {
			take(append(a[:len(a):len(a)], m.Key), m.Value)
		}
	}
	take(nil, decode(t, text))
	return d
}

// withKey adds a secret for auth.json to a policy.
func withKey(d plan.Desired) plan.Desired {
	d.Delivery = plan.DeliveryAuthJSON
	d.Secret = &plan.Wanted{Ref: "env:KEY", Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 99, Column: 3}}}
	return d
}

// gate is a provider without a fault, selected.
const gate = `model_provider = "g"
[model_providers.g]
name = "Gate"
base_url = "https://gate.example/v1"
requires_openai_auth = true
`

// ruleCases are homes with one fault each. The policy manages mine; theirs is the
// rest of config.toml.
var ruleCases = []struct {
	name         string
	mine, theirs string
	auth, before string // auth.json after and before
	key          bool   // the policy writes a key
	with         func(*codex.Checked)

	want []string // severity, rule and place of each finding
	says string   // a part of the first finding
}{
	{name: "nothing", mine: gate, key: true},
	{
		name: "unknown-key", mine: "modle = \"x\"\n" + gate,
		want: []string{"warning unknown-key codex.yaml:1:3"}, says: "did you mean model?",
	},
	{
		name: "unknown-key of the user", theirs: "disable_response_storage = true\n" + gate,
		want: []string{"warning unknown-key config.toml:1:1"}, says: "store: false",
	},
	{
		name: "unknown-key in a provider", mine: gate + "model_catalog_json = \"x.json\"",
		want: []string{"warning unknown-key codex.yaml:5:3"}, says: "top level",
	},
	{
		name: "unknown-key below a table", mine: gate + "[sandbox_workspace_write]\nnetwork_acces = true",
		want: []string{"warning unknown-key codex.yaml:5:3"}, says: "did you mean network_access?",
	},
	{
		name: "unknown-key of a feature", mine: gate + "[features]\nunified_exce = true",
		want: []string{"warning unknown-key codex.yaml:5:3"}, says: "did you mean unified_exec",
	},
	{
		name: "unknown-key that an older Codex knew", mine: "zsh_path = \"/bin/zsh\"\n" + gate,
		want: []string{"warning unknown-key codex.yaml:1:3"}, says: "still did",
	},
	{
		name: "known to an older Codex", mine: "zsh_path = \"/bin/zsh\"\n" + gate,
		with: func(c *codex.Checked) { c.Version = codex.Version{Minor: 120} },
	},
	{
		name: "unknown to an older Codex", mine: "goals = {max_goal_token_budget = 1}\n" + gate,
		with: func(c *codex.Checked) { c.Version = codex.Version{Minor: 120} },
		want: []string{"warning unknown-key codex.yaml:1:3"}, says: " does)",
	},
	{
		name: "unknown-key of a server", mine: gate + "[mcp_servers.docs]\ncommand = \"a\"\ncomand = \"b\"",
		want: []string{"warning unknown-key codex.yaml:6:3"}, says: "did you mean command",
	},
	{
		name: "incomplete-table", mine: gate + "[mcp_servers.docs]\ncomand = \"b\"",
		want: []string{"error incomplete-table codex.yaml:5:3", "warning unknown-key codex.yaml:5:3"}, says: "neither a command nor a url",
	},
	{
		name: "incomplete-table of a list", mine: "hooks.PreToolUse = [{hooks = [{type = \"command\"}]}]\n" + gate,
		want: []string{"error incomplete-table codex.yaml:1:3"}, says: "hooks.PreToolUse[].hooks[] has no command",
	},
	{
		name: "incomplete-table where the rest is not known", mine: gate + "[mcp_servers.docs]\nargs = [\"b\"]",
		with: func(c *codex.Checked) { c.Partial = true },
		want: []string{"warning incomplete-table codex.yaml:5:3"},
	},
	{
		name: "incomplete-table by an absent key", theirs: "mcp_servers = {docs = {args = [\"a\"]}}", mine: gate,
		with: func(c *codex.Checked) {
			c.Before.Config = plan.Config{Exists: true, Root: serverOf("command", "args")}
			c.Desired.Absent = []plan.Removal{{Address: plan.Address{"mcp_servers", "docs", "command"}, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 50, Column: 5}}}}
		},
		want: []string{"error incomplete-table codex.yaml:50:5"},
	},
	{
		name: "delivery-unknown", mine: gate,
		with: func(c *codex.Checked) {
			c.Version = codex.Version{Minor: 98}
			c.Desired.Delivery = plan.DeliveryCommand
			c.Desired.Provider = &plan.Provider{ID: "g", BaseURL: "https://g.example/v1", Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 60, Column: 1}}}
		},
		want: []string{"error delivery-unknown codex.yaml:60:1"},
	},
	{
		name: "layer-unknown", mine: gate,
		with: func(c *codex.Checked) {
			c.Version = codex.Version{Minor: 77}
			c.Desired.System, c.Desired.Facts = true, []plan.Fact{{Path: plan.Address{"layer"}, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 61, Column: 8}}}}
		},
		want: []string{"error layer-unknown codex.yaml:61:8"}, says: "nothing of this policy would count",
	},
	{
		name: "layer-unknown of what is enforced", mine: gate,
		with: func(c *codex.Checked) {
			c.Version = codex.Version{Minor: 155}
			c.Desired.System, c.Desired.Pins = true, []plan.Setting{text("model_provider", "g")}
			c.Desired.Facts = []plan.Fact{{Path: plan.Address{"enforce"}, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 62, Column: 10}}}}
		},
		want: []string{"warning layer-unknown codex.yaml:62:10"}, says: "users may choose another one",
	},
	{
		name: "incomplete-table as it was", theirs: "mcp_servers = {docs = {args = [\"a\"]}}", mine: gate,
		with: func(c *codex.Checked) {
			c.Before.Config = plan.Config{Exists: true, Root: serverOf("args")}
			c.Desired.Absent = []plan.Removal{{Address: plan.Address{"mcp_servers", "docs", "command"}, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 50, Column: 5}}}}
		},
		want: []string{"warning incomplete-table config.toml:1:1"},
	},
	{
		name: "profile-file that loses its provider", mine: gate,
		with: func(c *codex.Checked) {
			c.Before.Config = plan.Config{Exists: true, Root: plan.Table(append(gateOf(), plan.Member{Key: "model_providers", Value: plan.Table(plan.Member{Key: "old", Value: plan.Table(
				plan.Member{Key: "name", Value: plan.Str("o")}, plan.Member{Key: "base_url", Value: plan.Str("https://o.example/v1")})})})...)}
			c.Profiles = codex.Layers{{Name: "work", Path: "work.config.toml", Root: plan.Table(plan.Member{Key: "model_provider", Value: plan.Str("old")})}}
		},
		want: []string{"error profile-file ", "info profile-file codex.yaml:1:3"}, says: "codex --profile work",
	},
	{
		name: "conflicting-keys", mine: gate + "[mcp_servers.docs]\nurl = \"https://docs.example\"\nargs = [\"a\"]",
		want: []string{"error conflicting-keys codex.yaml:6:3"}, says: "args does not go with it",
	},
	{
		name: "what is free to choose", mine: gate + "[desktop]\nx = 1\n[mcp_servers.a]\ncommand = \"a\"\n[mcp_servers.a.env]\nfoo = \"2\"\n[projects.\"/a\"]\ntrust_level = \"trusted\"",
	},
	{
		name: "removed-key", mine: "experimental_thread_store_endpoint = \"x\"\n" + gate,
		want: []string{"error removed-key codex.yaml:1:3"}, says: "no longer supports",
	},
	{
		name: "removed-key of a feature", mine: gate + "[features]\napply_patch_freeform = true",
		want: []string{"warning removed-key codex.yaml:5:3"}, says: "does nothing",
	},
	{
		name: "bad-value of the wrong kind", mine: "model_context_window = \"big\"\n" + gate,
		want: []string{"error bad-value codex.yaml:1:3"}, says: "it takes an integer",
	},
	{
		name: "bad-value of an enumeration", theirs: "approval_policy = \"untrusted\"\n" + gate,
		want: []string{"warning bad-value config.toml:1:1"}, says: `"untrusted": it takes on-failure, on-request, never or a table`,
	},
	{
		name: "bad-value, empty effort", mine: "model_reasoning_effort = \"\"\n" + gate,
		want: []string{"error bad-value codex.yaml:1:3"}, says: "is empty",
	},
	{
		name: "legacy-profile", theirs: "profile = \"work\"\n" + gate,
		want: []string{"warning legacy-profile config.toml:1:1"}, says: "does not start",
	},
	{
		name: "legacy-profile of ours", mine: "profile = \"work\"\n" + gate,
		want: []string{"error legacy-profile codex.yaml:1:3"},
	},
	{
		name: "missing-provider", mine: `model_provider = "G"`, theirs: strings.Replace(gate, "model_provider = \"g\"\n", "", 1),
		want: []string{"error missing-provider codex.yaml:1:3"}, says: `"G"`,
	},
	{
		name: "provider of the system layer", mine: `model_provider = "corp"`,
		with: layer(codex.LayerSystem, "[model_providers.corp]\nname = \"Corp\"\nbase_url = \"https://corp.example/v1\""),
	},
	{
		name: "reserved-provider-id", mine: strings.NewReplacer(`"g"`, `"openai"`, ".g]", ".openai]").Replace(gate),
		want: []string{"error reserved-provider-id codex.yaml:2:3"},
	},
	{
		name: "provider-incomplete", mine: "model_provider = \"g\"\n[model_providers.g]\nrequires_openai_auth = true",
		want: []string{"error provider-incomplete codex.yaml:2:3", "error provider-incomplete codex.yaml:2:3"}, says: "no name",
	},
	{
		name: "wire-api-chat", mine: gate, theirs: "[model_providers.old]\nname = \"Old\"\nbase_url = \"https://old.example/v1\"\nwire_api = \"chat\"",
		want: []string{"warning wire-api-chat config.toml:1:1"}, says: "not even when",
	},
	{
		name: "credential-conflict", mine: gate + "auth = {command = \"x\"}",
		want: []string{"error credential-conflict codex.yaml:4:3"}, says: "both auth and requires_openai_auth",
	},
	{
		name: "codex-action", mine: gate, theirs: "[model_providers.codex-action-responses-proxy]\nname = \"p\"\nbase_url = \"http://127.0.0.1:1/v1\"",
		want: []string{"error codex-action codex.yaml:1:3"}, says: "--for codex-action",
	},
	{
		name: "codex-action, which is to come", theirs: "model_provider = \"ollama\"",
		with: func(c *codex.Checked) { c.CodexAction = true },
		want: []string{"error codex-action "}, says: "stands twice",
	},
	{
		name: "codex-action, and no provider of ours", mine: "model = \"gpt-5.4\"",
		with: func(c *codex.Checked) { c.CodexAction = true },
	},
	{
		name: "provider-name-openai", mine: strings.Replace(gate, "Gate", "OpenAI", 1),
		want: []string{"warning provider-name-openai codex.yaml:2:3"}, says: "model_providers.g.capabilities.remote_compaction",
	},
	{
		name: "provider-name-openai, Azure", mine: strings.Replace(gate, "Gate", "AZURE", 1),
		want: []string{"warning provider-name-openai codex.yaml:2:3"},
	},
	{
		name: "provider named openai", mine: strings.Replace(gate, "Gate", "openai", 1),
	},
	{
		name: "provider-name-openai, cured", mine: strings.Replace(gate, "Gate", "OpenAI", 1) + `capabilities = {remote_compaction = "unsupported"}`,
	},
	{
		name: "base-url-insecure", mine: strings.Replace(gate, "https", "http", 1),
		want: []string{"error base-url-insecure codex.yaml:3:3"}, says: "gate.example in clear",
	},
	{
		name: "http on loopback", mine: strings.Replace(gate, "https://gate.example", "http://127.0.0.1:8080", 1),
	},
	{
		name: "base-url-credentials", mine: strings.Replace(gate, "https://", "https://me:secret@", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "a user name or password",
	},
	{
		name: "base-url-credentials in a query", mine: strings.Replace(gate, "/v1", "/v1?key=x", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "a query",
	},
	{
		name: "base-url-credentials, a call", mine: strings.Replace(gate, "/v1", "/v1/Chat/Completions", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "a call (/Chat/Completions)",
	},
	{
		name: "base-url-credentials, a detour", mine: strings.Replace(gate, "/v1", "/a/%2e%2E/v1", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "takes a detour",
	},
	{
		name: "base-url-credentials, a letter that is sent in two ways", mine: strings.Replace(gate, "/v1", "/a|b/v1", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "write it as %7C",
	},
	{
		name: "base-url-credentials, no name", mine: strings.Replace(gate, "gate.example", "xn--a.example", 1),
		want: []string{"error base-url-credentials codex.yaml:3:3"}, says: "not a name that Codex can look up",
	},
	{
		name: "base-url-credentials, a call of the provider that Codex brings along", mine: `openai_base_url = "https://gate.example/v1/responses"`,
		want: []string{"error base-url-credentials codex.yaml:1:3"}, says: "openai_base_url holds a call (/responses)",
	},
	{
		name: "the same of a user's that is not asked", mine: gate, theirs: `openai_base_url = "http://gate.example/v1/responses"`,
	},
	{
		name: "base-url-insecure, the user's that is asked", theirs: `openai_base_url = "http://gate.example/v1"`,
		want: []string{"warning base-url-insecure config.toml:1:1"}, says: "gate.example in clear",
	},
	{
		name: "base-url-international, the sign for Kelvin", mine: strings.Replace(gate, "gate.example", "\u212a.example", 1),
		want: []string{"warning base-url-international codex.yaml:3:3"}, says: "in ASCII k.example",
	},
	{
		name: "names of a private DNS, which Codex asks as they are", mine: strings.Replace(gate, "gate.example", "-a_b-.ab--c", 1),
	},
	{
		name: "an address of IPv6", mine: strings.Replace(gate, "gate.example", "[2001:DB8::1]:8443", 1),
	},
	{
		name: "base-url-international", mine: strings.Replace(gate, "gate.example", "g\u0430te.example", 1),
		want: []string{"warning base-url-international codex.yaml:3:3"}, says: "in ASCII xn--gte-",
	},
	{
		name: "base-url-international, of letters that are none in the end", mine: strings.Replace(gate, "gate.example", "g\u24d0te.example", 1),
		want: []string{"warning base-url-international codex.yaml:3:3"}, says: "is g\u24d0te.example, in ASCII gate.example",
	},
	{
		name: "base-url-international, in ASCII", mine: strings.Replace(gate, "gate.example", "xn--bcher-kva.example", 1),
		want: []string{"warning base-url-international codex.yaml:3:3"}, says: "is b\u00fccher.example, in ASCII xn--bcher-kva.example",
	},
	{
		name: "base-url-version", mine: strings.Replace(gate, "/v1", "/", 1),
		want: []string{"warning base-url-version codex.yaml:3:3"}, says: "https://gate.example/responses",
	},
	{
		name: "credential-store", mine: gate, key: true, theirs: `cli_auth_credentials_store = "keyring"`,
		want: []string{"warning credential-store config.toml:1:1"}, says: "sends none",
	},
	{
		name: "credential-store of requirements", mine: gate, key: true, with: layer(codex.LayerRequirements, `cli_auth_credentials_store = "ephemeral"`),
		want: []string{"warning credential-store "}, says: "(it stands in /etc/codex/requirements.toml)",
	},
	{
		name: "login-method-conflict", mine: "forced_login_method = \"chatgpt\"\n" + gate, key: true,
		want: []string{"error login-method-conflict codex.yaml:1:3"}, says: "deletes an auth.json",
	},
	{
		name: "chatgpt-login-displaced", mine: gate, key: true,
		auth: `{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-12345678", "tokens": {}}`, before: `{"auth_mode": "chatgpt", "tokens": {}}`,
		want: []string{"warning chatgpt-login-displaced codex.yaml:99:3"}, says: "auth_mode becomes apikey",
	},
	{
		name: "token-would-reach-gateway", mine: gate, auth: `{"auth_mode": "chatgpt", "tokens": {}}`,
		want: []string{"error token-would-reach-gateway codex.yaml:2:3"}, says: "gate.example",
	},
	{
		name: "token-would-reach-gateway of the user", theirs: gate, auth: `{"auth_mode": "chatgpt", "tokens": {}}`,
		want: []string{"warning token-would-reach-gateway config.toml:1:1"},
	},
	{
		name: "token for OpenAI itself", mine: strings.Replace(gate, "gate.example", "api.openai.com", 1), auth: `{"tokens": {}}`,
	},
	{
		name: "auth-file-unused", mine: strings.Replace(gate, "= true", "= false", 1), key: true,
		want: []string{"error auth-file-unused codex.yaml:2:3"}, says: "without one",
	},
	{
		name: "auth-file-unused, env_key of the user", mine: gate, theirs: "[model_providers.g]\nenv_key = \"K\"", key: true,
		want: []string{"warning auth-file-unused config.toml:1:1"}, says: "from env_key",
	},
	{
		name: "env-key-unset", mine: gate, with: func(c *codex.Checked) {
			c.Desired.Provider = &plan.Provider{ID: "g", EnvKey: "GATE_KEY", Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 7, Column: 1}}}
		},
		want: []string{"warning env-key-unset codex.yaml:7:1"}, says: "GATE_KEY is not set",
	},
	{
		name: "environment-wins", mine: gate, key: true, with: func(c *codex.Checked) {
			c.Env = codex.NewEnvironment(lookup([]string{"CODEX_API_KEY=x"}), nil)
		},
		want: []string{"warning environment-wins codex.yaml:99:3"},
	},
	{
		name: "secret-shape", theirs: gate, auth: `{"OPENAI_API_KEY": "Bearer sk-12345678"}`,
		want: []string{"warning secret-shape "}, says: "Bearer",
	},
	{
		name: "secret-shape, line break", theirs: gate, auth: `{"OPENAI_API_KEY": "sk-12345678\n"}`,
		want: []string{"warning secret-shape "}, says: "no Authorization",
	},
	{
		name: "secret-in-file", theirs: gate + "http_headers = {Authorization = \"Bearer x\", X-Team = \"a\"}",
		want: []string{"warning secret-in-file config.toml:1:1"}, says: "http_headers.Authorization",
	},
	{
		name: "secret-in-file, bearer", theirs: gate + `experimental_bearer_token = "x"`,
		want: []string{"warning secret-in-file config.toml:1:1"},
	},
	{
		name: "context-window-clamped", mine: "model = \"gpt-5.4\"\nmodel_context_window = 1000000\nmodel_auto_compact_token_limit = 900000\n" + gate,
		want: []string{"warning context-window-clamped codex.yaml:2:3"}, says: "uses 258400 tokens of gpt-5.4, not 1000000: it does not know gpt-5.4 and takes 272000 for its window; it compacts at 244800, not at 900000",
	},
	{
		name: "context-window-clamped, compaction alone", mine: "model = \"gpt-5.5\"\nmodel_auto_compact_token_limit = 900000\n" + gate,
		want: []string{"warning context-window-clamped codex.yaml:2:3"}, says: "at 244800 tokens, not at 900000",
	},
	{
		name: "a window that the model has", mine: "model = \"gpt-6-sol\"\nmodel_context_window = 872000\n" + gate,
	},
	{
		name: "a catalogue of one's own", mine: "model = \"gpt-5.4\"\nmodel_context_window = 1000000\nmodel_catalog_json = \"c.json\"\n" + gate,
	},
	{
		name: "another-policy", mine: gate, with: func(c *codex.Checked) {
			c.Desired.Paths = []string{"/team/codex.yaml"}
			c.Before.Ledger.Policy = plan.Policy{Paths: []string{"/mine/codex.yaml"}, Time: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
			c.Before.Ledger.Entries = append(c.Before.Ledger.Entries, plan.Entry{File: plan.ConfigFile, Address: plan.Address{"personality"}, Last: plan.Str("friendly")})
		},
		want: []string{"warning another-policy "}, says: "last applied from /mine/codex.yaml on 2026-07-01: personality would be given back",
	},
	{
		name: "session-history", mine: gate, with: func(c *codex.Checked) { c.Hidden = 3 },
		want: []string{"warning session-history codex.yaml:1:3"}, says: "3 sessions",
	},
	{
		name: "overridden", mine: gate, with: layer(codex.LayerManaged, `model_provider = "corp"`+"\n[model_providers.corp]\nname = \"Corp\"\nbase_url = \"https://corp.example/v1\""),
		want: []string{"error overridden codex.yaml:1:3"}, says: "/etc/codex/managed_config.toml sets model_provider",
	},
	{
		name: "the same in a stronger layer", mine: gate, with: layer(codex.LayerManaged, `model_provider = "g"`),
	},
	{
		name: "overridden by requirements", mine: gate, with: func(c *codex.Checked) {
			layer(codex.LayerRequirements, "model_provider = \"corp\"\n[model_providers.corp]\nname = \"Corp\"\nbase_url = \"https://corp.example/v1\"")(c)
		},
		want: []string{"error overridden codex.yaml:1:3"},
	},
	{
		name: "requirements that this version does not know", mine: gate, with: func(c *codex.Checked) {
			c.Version = codex.Version{Minor: 142, Patch: 3}
			layer(codex.LayerRequirements, "model_provider = \"corp\"\nallowed_login_methods = [\"chatgpt\"]\n[model_providers.corp]\nname = \"Corp\"\n")(c)
		},
	},
	{
		name: "a requirement of a wrong kind", mine: gate, with: layer(codex.LayerRequirements, "allowed_sandbox_modes = 5\n"),
		want: []string{"warning layer-stops "}, says: "allowed_sandbox_modes in ",
	},
	{
		name: "a managed value of a wrong kind", mine: gate, with: layer(codex.LayerManaged, "compact_prompt = 5\n"),
		want: []string{"warning layer-stops "}, says: "it stands in ",
	},
	{
		name: "a chosen profile counts before our key", mine: gate, theirs: "profile = \"work\"\n[profiles.work]\nmodel_provider = \"openai\"\n", with: func(c *codex.Checked) {
			c.Version = codex.Version{Minor: 120}
		},
		want: []string{"error overridden codex.yaml:1:3"}, says: "list profile under absent",
	},
	{
		name: "a table of a profile that is a file now", mine: gate, theirs: "[profiles.work]\nmodel_verbosity = \"low\"\n",
		want: []string{"info profile-file config.toml:1:1"}, says: "does not start while config.toml has [profiles.work]",
	},
	{
		name: "limited by requirements", mine: "approval_policy = \"never\"\n" + gate, with: layer(codex.LayerRequirements, `allowed_approval_policies = ["on-request"]`),
		want: []string{"error overridden codex.yaml:1:3"}, says: `allows ["on-request"] for approval_policy`,
	},
	{
		name: "what no requirements forbid", mine: "web_search = \"disabled\"\n" + gate, with: layer(codex.LayerRequirements, `allowed_web_search_modes = ["cached"]`),
	},
	{
		name: "removed here, set elsewhere", mine: gate, with: func(c *codex.Checked) {
			layer(codex.LayerSystem, `model_verbosity = "low"`)(c)
			c.Desired.Absent = []plan.Removal{{Address: plan.Address{"model_verbosity"}, Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 8, Column: 5}}}}
		},
		want: []string{"warning overridden codex.yaml:8:5"}, says: "removing it here has no effect",
	},
	{
		name: "a file that is gone", mine: gate + "\n", theirs: "model_instructions_file = \"gone.md\"\n", with: gone,
		want: []string{"warning missing-file config.toml:1:1"}, says: "is not there",
	},
	{
		name: "layer-unreadable", mine: gate, with: func(c *codex.Checked) {
			c.Layers = codex.Layers{{Name: codex.LayerManaged, Path: "/etc/codex/managed_config.toml", Err: errDenied}}
		},
		want: []string{"warning layer-unreadable "}, says: "permission denied",
	},
}

var errDenied = errorText("permission denied")

type errorText string

func (e errorText) Error() string { return string(e) }

func decodeNow(text string) plan.Value { return decode(&testing.T{}, text) }

// layer puts a layer beside config.toml.
func layer(name, text string) func(*codex.Checked) {
	path := map[string]string{
		codex.LayerManaged: "/etc/codex/managed_config.toml", codex.LayerRequirements: "/etc/codex/requirements.toml", codex.LayerSystem: "/etc/codex/config.toml",
	}[name]
	return func(c *codex.Checked) {
		c.Layers = codex.Layers{{Name: name, Path: path, Root: decodeNow(text)}}
	}
}

// gone is a home without any file beside config.toml.
func gone(c *codex.Checked) {
	c.File = func(string, string) string { return "is not there" }
}

// elsewhere are the rules that Check does not apply; they have tests of their own.
var elsewhere = map[string]bool{
	"load-check": true, "foreign-credential": true, "secret-warning": true, "write-refused": true,
	"policy-writable": true, "policy-closed": true, "placeholder": true, "rarely-meant": true,
	// of changes: plan_harm_test.go of package cli has a case for each
	"new-host": true, "runs-command": true, "opens-sandbox": true, "secret-source": true, "confirm-weakened": true, "rollout-widened": true, "telemetry-target": true, "instructions-file": true,
}

func TestRules(t *testing.T) {
	provoked := map[string]bool{}
	for _, tc := range ruleCases {
		t.Run(tc.name, func(t *testing.T) {
			found := codex.Check(checked(t, tc.mine, tc.theirs, tc.auth, tc.before, tc.key, tc.with))
			var got []string
			for _, d := range found {
				provoked[d.Rule] = true
				got = append(got, string(d.Severity)+" "+d.Rule+" "+d.Origin.String())
				if d.Fix == "" {
					t.Errorf("%s gives no fix", d.Rule)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Fatalf("findings (-want +got):\n%s%v", diff, found)
			}
			if tc.says != "" && !strings.Contains(found[0].Summary+" "+found[0].Fix, tc.says) {
				t.Errorf("the finding says %q, %q; want %q in it", found[0].Summary, found[0].Fix, tc.says)
			}
		})
	}
	for _, r := range codex.Rules() {
		if !provoked[r.ID] && !elsewhere[r.ID] {
			t.Errorf("no case provokes %s", r.ID)
		}
	}
}

// checked is a home whose config.toml holds mine and theirs; what is theirs
// stands in line 1.
func checked(t *testing.T, mine, theirs, auth, before string, key bool, with func(*codex.Checked)) codex.Checked {
	t.Helper()
	c := codex.Checked{
		Desired: ours(t, mine),
		Root:    merge(decode(t, theirs), decode(t, mine)),
		Auth:    decodeAuth(t, auth),
	}
	c.Place = func(a plan.Address) plan.Origin {
		if (plan.Config{Root: c.Root}).Get(a).IsAbsent() {
			return plan.Origin{}
		}
		return plan.Origin{File: "config.toml", Place: plan.Place{Line: 1, Column: 1}}
	}
	c.Before.Auth = decodeAuth(t, before)
	if key {
		c.Desired = withKey(c.Desired)
	}
	if with != nil {
		with(&c)
	}
	return c
}

// gateOf are keys that a home had before.
func gateOf() []plan.Member { return []plan.Member{{Key: "model", Value: plan.Str("x")}} }

// serverOf is a config.toml with an MCP server that has some keys.
func serverOf(keys ...string) plan.Value {
	var members []plan.Member
	for _, key := range keys {
		members = append(members, plan.Member{Key: key, Value: plan.Str("a")})
	}
	docs := plan.Table(plan.Member{Key: "docs", Value: plan.Table(members...)})
	return plan.Table(plan.Member{Key: "mcp_servers", Value: docs})
}

// taken is a home whose provider a policy takes over: what before says and the policy
// does not stays.
func taken(t *testing.T, before, after string) codex.Checked {
	t.Helper()
	c := codex.Checked{Root: decode(t, after)}
	c.Before.Config.Root = decode(t, before)
	id := c.Root.Get("model_provider").Text()
	c.Desired.Provider = &plan.Provider{
		ID: id, BaseURL: c.Root.Get("model_providers").Get(id).Get("base_url").Text(),
		Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 98, Column: 3}},
	}
	c.Desired = withKey(c.Desired)
	return c
}

// merge is a table with another's keys put into it.
func merge(under, over plan.Value) plan.Value {
	return codex.Layers{{Name: codex.LayerManaged, Root: over}}.Merge(under)
}

func hasRule(found []plan.Diagnostic, id string) bool {
	for _, d := range found {
		if d.Rule == id {
			return true
		}
	}
	return false
}
