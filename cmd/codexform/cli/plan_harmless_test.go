package cli_test

import (
	"strings"
	"testing"
)

// harmlessBase has something of everything that a finding can be about.
const harmlessBase = `version: 1
model: gpt-5.4
reasoning_effort: high
provider: {name: Gateway, base_url: https://gw.example.com/v1}
secret: {command: [vault, kv, get, -field=api_key, secret/codex]}
delivery: command
policy_version: 17
requires: ">=0.0.1"
codex: ">=0.142"
settings:
  sandbox_mode: workspace-write
  approval_policy: on-request
  notify: [notify-send, Codex]
  model_instructions_file: /etc/codex/house.md
  sandbox_workspace_write: {network_access: false, writable_roots: [/srv/work]}
  shell_environment_policy: {inherit: core, exclude: ["AWS_*", "*_TOKEN"], set: {EDITOR: vi}}
  mcp_servers:
    docs: {command: /usr/bin/docs-mcp, args: [--stdio], env: {LANG: C}, startup_timeout_sec: 10}
    wiki: {url: "https://wiki.example.com/mcp", bearer_token_env_var: WIKI_TOKEN}
  otel: {environment: prod, exporter: {otlp-http: {endpoint: "https://otel.example.com/v1/logs", protocol: binary}}}
  projects: {/srv/work: {trust_level: trusted}}
  hooks: {PreToolUse: [{matcher: Bash, hooks: [{type: command, command: /usr/bin/guard, timeout: 10}]}]}
  history: {persistence: save-all}
defaults:
  file_opener: vscode
absent: [[network_access], [mcp_servers, evil]]
repair: [removed-key]
rollout: {rings: [{name: few, percent: 10}, {name: all, percent: 100, start: 2099-01-01T00:00:00Z}]}
confirm: {models: [gpt-5.4, gpt-5.5], attempts: 3, timeout: 10s}
`

// harmless are changes of harmlessBase of which nobody has to be warned.
var harmless = map[string][2]string{
	"nothing":                {"version: 1", "version: 1"},
	"a comment":              {"model: gpt-5.4\n", "model: gpt-5.4 # the best\n"},
	"another spelling":       {"notify: [notify-send, Codex]", "notify:\n    - \"notify-send\"\n    - Codex"},
	"another order":          {"repair: [removed-key]\n", ""},
	"another model":          {"model: gpt-5.4\n", "model: gpt-5.4-mini\n"},
	"less effort":            {"effort: high", "effort: low"},
	"a name to show":         {"name: Gateway", "name: Gateway of Europe"},
	"a harmless setting":     {"settings:", "settings:\n  hide_agent_reasoning: true"},
	"a window":               {"settings:", "settings:\n  model_context_window: 200000"},
	"a screen":               {"settings:", "settings:\n  tui: {notifications: true}"},
	"an unknown setting":     {"settings:", "settings:\n  sandbox_mode_note: x"},
	"no looking for updates": {"settings:", "settings:\n  check_for_update_on_startup: false"},
	"a project is trusted":   {"projects: {", "projects: {/home/ada/work/shop: {trust_level: trusted}, "},
	"a project is untrusted": {"trust_level: trusted", "trust_level: untrusted"},
	"a stricter sandbox":     {"sandbox_mode: workspace-write", "sandbox_mode: read-only"},
	"fewer folders":          {", writable_roots: [/srv/work]", ""},
	"no folder for all":      {"network_access: false", "network_access: false, exclude_slash_tmp: true"},
	"what holds nothing shut goes from users": {"absent: [", "absent: [[tui, theme], [features, view_image_tool], [plugins, lint@corp], "},
	"a language for a server":                 {"bearer_token_env_var: WIKI_TOKEN", "bearer_token_env_var: WIKI_TOKEN, http_headers: {Accept-Language: en}"},
	"a newer API":                             {"settings:", "settings:\n  model_providers: {OpenAI: {query_params: {api-version: \"2026-10-01\"}}}"},
	"the host in capitals":                    {"https://gw.example.com/v1", "https://GW.example.com/v1/"},
	"a newer version of the policy":           {"policy_version: 17", "policy_version: 18"},
	"a server has to be there":                {"args: [--stdio]", "args: [--stdio], required: true"},
	"more house rules":                        {"settings:", "settings:\n  project_doc_max_bytes: 65536"},
	"more is kept away":                       {"absent: [", "absent: [[mcp_servers, older], "},
	"more variables kept":                     {"\"*_TOKEN\"", "\"*_TOKEN\", \"*_SECRET\""},
	"no variables":                            {"inherit: core", "inherit: none"},
	"a variable of letters":                   {"EDITOR: vi", "EDITOR: vi, LANG: C"},
	"more is asked for":                       {"[gpt-5.4, gpt-5.5]", "[gpt-5.4, gpt-5.5, gpt-6]"},
	"asked for longer":                        {"timeout: 10s", "timeout: 20s"},
	"asked more often":                        {"attempts: 3", "attempts: 5"},
	"a newer policy":                          {"policy_version: 17", "policy_version: 18"},
	"a newer program":                         {">=0.0.1", ">=0.0.2"},
	"a later start":                           {"2099-01", "2099-09"},
	"a smaller first group":                   {"percent: 10}", "percent: 5}"},
	"nobody for now":                          {"rollout: {", "rollout: {mode: hold, "},
	"a slower server":                         {"startup_timeout_sec: 10", "startup_timeout_sec: 20"},
	"a server is off":                         {"startup_timeout_sec: 10", "startup_timeout_sec: 10, enabled: false"},
	"a tool less":                             {"startup_timeout_sec: 10", "startup_timeout_sec: 10, disabled_tools: [rm]"},
	"a server with limits less":               {"    docs: {command: /usr/bin/docs-mcp, args: [--stdio], env: {LANG: C}, startup_timeout_sec: 10}\n", ""},
	"a time zone":                             {"EDITOR: vi", "EDITOR: vi, TZ: Europe/Berlin, NO_COLOR: \"1\""},
	"a server less":                           {"    wiki: {url: \"https://wiki.example.com/mcp\", bearer_token_env_var: WIKI_TOKEN}\n", ""},
	"another name for it all":                 {"environment: prod", "environment: dev"},
	"no notification":                         {"  notify: [notify-send, Codex]\n", ""},
	"a default":                               {"defaults:\n", "defaults:\n  model_verbosity: low\n"},
	"another default":                         {"file_opener: vscode", "file_opener: cursor"},
}

// TestHarmless demands that a policy which changes none of it drowns nobody, wherever the
// copy of the base lies.
func TestHarmless(t *testing.T) {
	m := newMachine(t)
	base := m.write("copies/base.yaml", harmlessBase)
	for name, change := range harmless {
		edited := strings.Replace(harmlessBase, change[0], change[1], 1)
		if edited == harmlessBase && name != "nothing" {
			t.Errorf("%s changes nothing", name)
		}
		if name == "another order" {
			edited += "repair: [removed-key]\n"
		}
		head := m.write("codex.yaml", edited)
		code, out, errs := m.run("plan", "-f", head, "--base", base, "--secrets", "skip", "--format", "json", "--fail-on", "review", "--detailed-exitcode", "--codex-home", m.home())
		want := 2
		if name == "nothing" || name == "a comment" || strings.HasPrefix(name, "another spelling") || name == "another order" {
			want = 0
		}
		if code != want || strings.Contains(out, `"severity": "review"`) {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, code, want, out, errs)
		}
	}
}
