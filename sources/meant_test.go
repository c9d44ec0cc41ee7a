package sources_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// followed is the advice of a problem in the place of what it is about: the rest of the line
// from its column on, as far as the value or the key goes there.
var followed = regexp.MustCompile(`:(\d+):(\d+): .*(?:write|list,) (\S.*)$`)

// TestFollowedAdvice follows each advice to the letter: what it says to write stands in the
// file from then on, and nothing is wrong with that.
func TestFollowedAdvice(t *testing.T) {
	const base = "version: 1\nmodel: m\nprovider:\n  base_url: https://g.example/v1\nsecret:\n  env: K\n"
	for _, c := range [][2]string{
		{"https://g.example/v1", "https://g.example/v1/chat/completions"},
		{"https://g.example/v1", "https://g.example/v1/models/"},
		{"https://g.example/v1", "g.example/v1"},
		{"https://g.example/v1", "localhost:8080/v1"},
		{"https://g.example/v1", "127.0.0.1:8080"},
		{"https://g.example/v1", "wss://g.example/v1"},
		{"https://g.example/v1", "http://g.example/v1"},
		{"https://g.example/v1", "<https://g.example/v1>"},
		{"https://g.example/v1", "\"https://g.example/v1 \""},
		{"https://g.example/v1", "[https://g.example/v1]"},
		{"env: K", "env: $CODEX_KEY"},
		{"env: K", "env: ${CODEX_KEY}"},
		{"env: K", "env: CODEX-KEY"},
		{"env: K", "env: [CODEX_KEY]"},
		{"env: K", "env: \"%CODEX_KEY%\""},
		{"env: K", "command: op read op://team/codex/key"},
		{"env: K", "command: op read 'op://team/my vault/key'"},
		{"env: K", "command: \"cat /run/key | tr -d '\\\\r'\""},
		{"env: K", "command: vault kv get -field=api_key secret/codex"},
		{"env: K", "vault:\n    path: codex\n    address: v.example.com:8200"},
		{"", "settings:\n  sandbox_workspace_write.network_access: true"},
		{"", "settings:\n  model_providers.Other-One.base_url: https://o.example/v1"},
		{"", "settings:\n  projects.\"/srv/work.d\".trust_level: trusted"},
		{"", "confirm:\n  timeout: 60"},
		{"", "confirm:\n  timeout: \"60\""},
		{"", "confirm:\n  timeout: 1 minute"},
		{"", "confirm:\n  timeout: 1m"},
		{"", "confirm: false"},
		{"", "confirm:\n  enabled: \"no\""},
		{"", "confirm:\n  models: m"},
		{"", "confirm:\n  models: '5.4'"},
		{"", "absent: network_access"},
		{"", "absent: model_providers.old"},
		{"", "absent: {network_access: true}"},
		{"", "absent:\n  - model_providers.\"old.one\".name"},
		{"", "repair: removed-key"},
		{"", "requires: 0.0"},
		{"", "requires: \"0.0\""},
		{"", "policy_version: \"17\""},
		{"", "policy_version: v17"},
		{"version: 1", "version: \"1\""},
		{"version: 1", "version: 1.0"},
		{"", "rollout: hold"},
		{"", "rollout:\n  rings:\n    - name: a\n      percent: \"10%\"\n    - name: b\n      percent: 100"},
		{"", "rollout:\n  rings:\n    - name: a\n      percent: 10\n      start: 2026-11-24\n    - name: b\n      percent: 100\n      start: 2026-12-24T00:00:00Z"},
	} {
		text := strings.Replace(base, c[0], c[1], 1)
		if c[0] == "" {
			text = base + c[1] + "\n"
		}
		said := problemsOf(t, text)
		m := followed.FindStringSubmatch(strings.TrimSpace(said))
		if m == nil {
			t.Errorf("%s: no advice that says what to write: %s", c[1], said)
			continue
		}
		if again := problemsOf(t, follow(text, m)); again != "" {
			t.Errorf("%s: %s\nand when followed: %s", c[1], said, again)
		}
	}
}

// follow puts an advice in the place of what it is about.
func follow(text string, advice []string) string {
	lines := strings.Split(text, "\n")
	line, _ := strconv.Atoi(advice[1])
	column, _ := strconv.Atoi(advice[2])
	lines[line-1] = string([]rune(lines[line-1])[:column-1]) + advice[3]
	return strings.Join(lines, "\n")
}

// TestOneMistakeIsOneProblem: what follows from a mistake is not reported beside it.
func TestOneMistakeIsOneProblem(t *testing.T) {
	const rest = "\nsecret: {env: K}\n"
	for _, test := range [][2]string{
		{"provider: {baseUrl: 'https://g.example/v1'}" + rest, `did you mean "base_url"?`},
		{"providers: {base_url: 'https://g.example/v1'}" + rest, `did you mean "provider"?`},
		{"model: m\nrollout: {rings: [{name: a, percent: x}]}", "must be a whole number"},
		{"model: \u2018m\u2019", "typographic quotes"},
		{"settings: {\u201cmodel_verbosity\u201d: low}", "typographic quotes"},
		{"absent:\n  \u2013 [network_access]", "the dash of a list"},
		{"model: m\nsandbox_mode = \"read-only\"", `write it below settings: sandbox_mode: "read-only"`},
		{"{% if laptops %}\nmodel: m", "a template that nobody has filled in"},
		{"model: <%= @model %>", "a template that nobody has filled in"},
		{"model: @MODEL@", "a template that nobody has filled in"},
		{"model: m\nprovider.name: X", "it goes below provider, as name: X"},
		{"model: m\nmodel_providers.x.name: X", "keys of config.toml go under settings: model_providers: {x: {name: X}}"},
		{"provider: {base_url: 'https://g.example/v1'}\nsecret: {file: '%USERPROFILE%/key'}", "write ${home}"},
	} {
		text, want := test[0], test[1]
		if got := problemsOf(t, "version: 1\n"+text+"\n"); !strings.Contains(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got %s want %s", text, got, want)
		}
	}
}
