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
