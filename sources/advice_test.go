package sources_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
)

// What was probably meant is said where it can be told.
func TestAdvice(t *testing.T) {
	const gateway = "provider: {base_url: 'https://g.example/v1'}\nsecret: {env: K}\n"
	for text, want := range map[string]string{
		"provider: {base_url: 'https://g.example/v1/responses'}\nsecret: {env: K}": "ends in /responses, which Codex appends by itself; write https://g.example/v1",
		"provider: {base_url: $GATEWAY_URL}":                                       "variables of a shell are not replaced here",
		"provider: {base_url: 'https://${env.GW}/v1'}":                             "variables are for secret and codex_home only",
		gateway + "codex_home: $HOME/.codex":                                       "write ${home}",
		"settings: {sandbox_workspace_write.network_access: true}":                 "write sandbox_workspace_write: {network_access: true}",
		"model_provider: x":                "the provider that Codex uses is provider.id",
		gateway + "confirm: {timeout: 60}": "write 60s",
		"absent: network_access":           "each is a path of keys: write [[network_access]]",
		"absent: [tools.web_search]":       "write [tools, web_search]",
		"provider: {base_url: 'https://g.example/v1'}\nsecret: {command: op read op://a/b}": "there is no shell: write the program and its arguments as a list, [op, read, op://a/b]",
		"model: {{ .Values.model }}":                              "render the file first",
		"provider:\n\u00a0\u00a0base_url: https://g.example/v1":   "indent with spaces",
		"provider:\n  base_url: \u201chttps://g.example/v1\u201d": "write straight ones",
	} {
		if got := problemsOf(t, "version: 1\n"+text+"\n"); !strings.Contains(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: got %s want %s", text, got, want)
		}
	}
	if got := problemsOf(t, "model = \"x\"\n[model_providers.x]\nname = \"x\"\n"); !strings.Contains(got, "this looks like TOML") {
		t.Errorf("TOML: got %s", got)
	}
}

// TestAdviceIsEnough: whoever does what a problem says has a policy that is right, and was
// told of nothing else.
func TestAdviceIsEnough(t *testing.T) {
	const gateway = "provider: {base_url: 'https://g.example/v1'}\n"
	vault := func(more string) string {
		return gateway + "secret: {vault: {address: 'https://v.example', " + more + "}}"
	}
	for _, c := range []struct{ wrong, advice, right string }{
		{"model: gpt-5.4;", "write gpt-5.4", "model: gpt-5.4"},
		{"model: ${MODEL:-gpt-5.4}", "write the value itself", "model: gpt-5.4"},
		{"model = gpt-5.4", "write model: gpt-5.4", "model: gpt-5.4"},
		{gateway + "secret: {env: '${{ secrets.K }}'}", "write K, and have the job set", gateway + "secret: {env: K}"},
		{gateway + "secret: {command: [cat, ~/key]}", "write ${home} instead", gateway + "secret: {command: [cat, '${home}/key']}"},
		{"settings: {model_context_window: 400,000}", "without the comma", "settings: {model_context_window: 400000}"},
		{"provider: {base_url: 'https://g.example /v1'}", "write https://g.example/v1", gateway},
		{"model: \"gpt-5.4 \"", "write gpt-5.4", "model: gpt-5.4"},
		{"provider: {id: my corp, base_url: 'https://g.example/v1'}", "write my-corp", "provider: {id: my-corp, base_url: 'https://g.example/v1'}"},
		{gateway + "env: K", "it goes under secret", gateway + "secret: {env: K}"},
		{gateway + "mode: hold", "it goes under rollout", gateway + "rollout: {mode: hold}"},
		{gateway + "models: [gpt-5.4]", "it goes under confirm", gateway + "confirm: {models: [gpt-5.4]}"},
		{"models: gpt-5.4", "did you mean \"model\"?", "model: gpt-5.4"},
		{"provider:\n  base_url: https://g.example/v1\n  secret: {env: K}", "it goes to the top", "provider:\n  base_url: https://g.example/v1\nsecret: {env: K}"},
		{"model: gpt-5.4\ncodex_home: ~", "write ~/.codex", "model: gpt-5.4\ncodex_home: ~/.codex"},
		{"model: gpt-5.4\nrollout:\nsettings: {personality: friendly}", "indent the lines that belong to it, or remove it", "model: gpt-5.4\nsettings: {personality: friendly}"},
		{"absent: [model_providers, old]", "write [[model_providers, old]] for one key below the other", "absent: [[model_providers, old]]"},
		{"absent: [notify, profile]", "[[notify], [profile]] for keys at the top", "absent: [[notify], [profile]]"},
		{"absent: {mcp_servers: old}", "write [[mcp_servers, old]]", "absent: [[mcp_servers, old]]"},
		{"absent: {notify: true}", "write [[notify]]", "absent: [[notify]]"},
		{gateway + "secret:\n  command:\n  - op\n   - read", "write [op, read]", gateway + "secret:\n  command: [op, read]"},
		{gateway + "secret: {vault: secret/data/codex#api_key}", "write {mount: secret, path: codex, field: api_key}", gateway + "secret: {vault: {mount: secret, path: codex, field: api_key}}"},
		{gateway + "confirm: {enabled: no}", "write false", gateway + "confirm: {enabled: false}"},
		{"settings: {model_context_window: 1_000_000}", "write 1000000", "settings: {model_context_window: 1000000}"},
		{"settings: {model_context_window: 1e6}", "write 1000000", "settings: {model_context_window: 1000000}"},
		{"settings: {tool_output_token_limit: 010000}", "write 10000", "settings: {tool_output_token_limit: 10000}"},
		{"model: gpt-5.4\nrollout: {rings: {canary: 5}}", "write [{name: canary, percent: 5}, {name: everybody, percent: 100}]", "model: gpt-5.4\nrollout: {rings: [{name: canary, percent: 5}, {name: everybody, percent: 100}]}"},
		{"model: gpt-5.4\nremove: [[tui]]", "it is called absent here", "model: gpt-5.4\nabsent: [[tui]]"},
		{"model: gpt-5.4\nhome: ~/.codex", "it is called codex_home here", "model: gpt-5.4\ncodex_home: ~/.codex"},
		{"model: gpt-5.4\ninclude: b.yaml", "give each with a -f", "model: gpt-5.4"},
		{"model: gpt-5.4\nkind: Policy", "leave it out", "model: gpt-5.4"},
		{"model: gpt-5.4\npolicy_version: 2026-11-27", "write 20261127", "model: gpt-5.4\npolicy_version: 20261127"},
		{"model: gpt-5.4\ncodex_home: ~/.codex/config.toml", "write ~/.codex", "model: gpt-5.4\ncodex_home: ~/.codex"},
		{"model: gpt-5.4\nrequires: 0.1", "write \">=0.1\"", "model: gpt-5.4\nrequires: \">=0.1\""},
		{"model: gpt-5.4\n// a comment", "a comment begins with #", "model: gpt-5.4\n# a comment"},
		{"model: gpt-5.4\nrepair: all", "[removed-key, unknown-key, wire-api-chat]", "model: gpt-5.4\nrepair: [removed-key, unknown-key, wire-api-chat]"},
		{"absent: ['[model_providers.old]']", "write [model_providers, old]", "absent: [[model_providers, old]]"},
		{"defaults:\n  - file_opener: vscode", "leave out the dash", "defaults:\n  file_opener: vscode"},
		{"settings:\n  [tui]: {theme: x}", "without brackets: tui", "settings:\n  tui: {theme: x}"},
		{"settings:\n  tui = {theme = \"x\"}", "write it as YAML, tui: …", "settings:\n  tui: {theme: x}"},
		{"settings: |\n  tui:\n    theme: x", "leave out the |", "settings:\n  tui:\n    theme: x"},
		{"provider: {url: 'https://g.example/v1'}", "it is called base_url here", gateway},
		{"provider:\n  - base_url: https://g.example/v1", "leave out the dash", gateway},
		{"provider: {corp: {base_url: 'https://g.example/v1'}}", "write id: corp, and its keys beside it", "provider: {id: corp, base_url: 'https://g.example/v1'}"},
		{"provider: {base_url: 'https://g.example/v1', requires_openai_auth: true}", "leave it out", gateway},
		{gateway + "confirm: {disabled: true}", "the opposite", gateway + "confirm: {enabled: false}"},
		{gateway + "confirm: {retries: 2}", "it is called attempts here", gateway + "confirm: {attempts: 2}"},
		{gateway + "confirm: {models: 'a, b'}", "write [a, b]", gateway + "confirm: {models: [a, b]}"},
		{gateway + "secret: {env: env.KEY}", "write KEY", gateway + "secret: {env: KEY}"},
		{gateway + "secret: {env: export KEY}", "write KEY", gateway + "secret: {env: KEY}"},
		{gateway + "secret: {env: KEY=hunter22}", "write KEY", gateway + "secret: {env: KEY}"},
		{gateway + "secret: {file: '~/key'}", "write ${home}/key", gateway + "secret: {file: '${home}/key'}"},
		{gateway + "secret: {secretKeyRef: {name: a}}", "{env: …} or {file: …}", gateway + "secret: {env: KEY}"},
		{gateway + "secret: [{env: KEY}]", "leave out the dash", gateway + "secret: {env: KEY}"},
		{gateway + "secret: {command: ['vault kv get codex']}", "write [vault, kv, get, codex]", gateway + "secret: {command: [vault, kv, get, codex]}"},
		{gateway + "secret: {command: [A=b, op, read]}", "[env, A=…, PROGRAM, …]", gateway + "secret: {command: [env, A=b, op, read]}"},
		{gateway + "secret: {command: [op], args: [read]}", "command: [PROGRAM, ARGUMENT, …]", gateway + "secret: {command: [op, read]}"},
		{vault("path: a, engine: 2"), "must be auto, kv1 or kv2", vault("path: a, engine: kv2")},
		{vault("path: a, key: b"), "it is called field here", vault("path: a, field: b")},
	} {
		got := problemsOf(t, "version: 1\n"+c.wrong+"\n")
		if strings.Count(got, "\n") != 1 || !strings.Contains(got, c.advice) {
			t.Errorf("%s: got %s want %s", c.wrong, got, c.advice)
		}
		if got := problemsOf(t, "version: 1\n"+c.right+"\n"); got != "" {
			t.Errorf("%s, as advised: %s", c.right, got)
		}
	}
}

// TestRarelyMeant: what commands and addresses of Vault have, and codexform puts there
// itself, is no mistake for sure.
func TestRarelyMeant(t *testing.T) {
	const vault = "provider: {base_url: 'https://g.example/v1'}\nsecret: {vault: {address: 'https://v.example', "
	for text, want := range map[string]string{
		vault + "path: secret/data/codex/team}}":             "write path: codex/team, unless",
		vault + "path: secret/codex/team}}":                  "write path: codex/team, unless",
		vault + "path: data/codex/team}}":                    "write path: codex/team, unless",
		vault + "path: team/codex, mount: team}}":            "write path: codex, unless",
		vault + "path: data/codex/team, engine: kv1}}":       "",
		vault + "path: codex/team}}":                         "",
		"absent: [[model_providers.old]]":                    "write [model_providers, old], unless",
		"absent: [[model_providers, old], [projects, /a.b]]": "",
	} {
		p, err := sources.Load(world(t, map[string]string{"codex.yaml": "version: 1\n" + text + "\n"}, nil), []string{"codex.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, w := range p.Warnings {
			got += w.Rule + " " + w.Fix
		}
		if want == "" && got != "" || !strings.Contains(got, want) || want != "" && !strings.Contains(got, "rarely-meant") {
			t.Errorf("%s: got %s want %s", text, got, want)
		}
	}
}

// A tilde is the user's own home, and no other policy than one with the placeholder.
func TestTildeOfTheHome(t *testing.T) {
	var homes, digests []string
	for _, home := range []string{"~/.codex", "${home}/.codex"} {
		w := world(t, map[string]string{"codex.yaml": "version: 1\nmodel: m\ncodex_home: " + home + "\n"}, nil)
		p, err := sources.Load(w, []string{"codex.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		alone, err := sources.CodexHome(w, []string{"codex.yaml"})
		if err != nil || alone.Path != p.CodexHome {
			t.Errorf("%s: alone %s, %v", home, alone.Path, err)
		}
		homes, digests = append(homes, p.CodexHome), append(digests, p.Desired.Digest)
	}
	if homes[0] != homes[1] || digests[0] != digests[1] || filepath.Base(homes[0]) != ".codex" || strings.Contains(homes[0], "~") {
		t.Errorf("homes %v, digests %v", homes, digests)
	}
}

// Files that are not there have no line, and none of a folder is passed over in silence.
func TestAdviceOnFiles(t *testing.T) {
	w := world(t, map[string]string{"d/a.yml": "version: 1\nmodel: m\n", "d/b.yaml": "version: 1\nmodel: m\n"}, nil)
	for name, want := range map[string]string{
		"nosuch.yaml": "nosuch.yaml: no such file; codexform init writes one to start from",
		"d":           "d/a.yml: is passed over: of a folder the *.yaml are read; rename it to a.yaml, or move it away",
	} {
		if _, err := sources.Load(w, []string{name}); err == nil || filepath.ToSlash(err.Error()) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A problem brings the line that it is about, but for one that may hold a secret.
func TestLineOfAProblem(t *testing.T) {
	for text, want := range map[string]string{
		"modle: gpt-5.4":                           "modle: gpt-5.4",
		"secret: hunter22":                         "",
		"confirm: {x: 1, password: hunter22}":      "",
		"x: sk-0123456789abcdef":                   "",
		"settings: {env_key: hunter22-x, y: null}": "",
		"api_key: hunter22":                        "",
		"secret: {env: CODEX_KEY=hunter22}":        "",
		"secret:\n  env: CODEX_KEY=hunter22":       "",
	} {
		_, err := sources.Load(world(t, map[string]string{"codex.yaml": "version: 1\n" + text + "\n"}, nil), []string{"codex.yaml"})
		for _, p := range sources.Problems(err) {
			if p.Line != want && p.Line != "" || strings.Contains(p.Line+p.Error(), "hunter22") || strings.Contains(p.Line, "sk-0") {
				t.Errorf("%s: the line is %q", text, p.Line)
			}
			if want != "" && p.Line != want {
				t.Errorf("%s: the line is %q, want %q", text, p.Line, want)
			}
		}
	}
}
