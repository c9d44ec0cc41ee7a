package sources_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"
)

// world is a small machine: files by name, variables by name.
func world(t *testing.T, files map[string]string, env map[string]string) sources.World {
	t.Helper()
	fs := afero.NewMemMapFs()
	for name, text := range files {
		if err := afero.WriteFile(fs, name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sources.World{
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Environ:   func() []string { return nil },
		Fs:        fs,
		Stdin:     strings.NewReader(files["-"]),
		Dir:       "/work",
		User:      "ada", UID: "1000", Home: "/home/ada", Host: "analytical", OS: "linux",
	}
}

// load reads one file called codex.yaml.
func load(t *testing.T, text string) *sources.Policy {
	t.Helper()
	p, err := sources.Load(world(t, map[string]string{"codex.yaml": text}, nil), []string{"codex.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const wholePolicy = `version: 1
model: gpt-5.4
review_model: gpt-5.4-mini
reasoning_effort: xhigh
provider:
  id: OpenAI
  name: Routescope
  base_url: https://api.routescope.ai/v1
  wire_api: responses
secret:
  env: ROUTESCOPE_API_KEY
delivery: auth_json
layer: user
settings:
  model_context_window: 1000000
  sandbox_workspace_write: {network_access: true}
  ratio: 5.4
  text: "5.4"
defaults:
  approval_policy: on-request
absent:
  - [model_providers, old-gateway]
  - [network_access]
confirm:
  enabled: true
  models: [gpt-5.4]
  timeout: 1500ms
  attempts: 2
  on_failure: keep
`

func TestLoadWholePolicy(t *testing.T) {
	p := load(t, wholePolicy)
	got := []string{}
	for _, s := range p.Desired.Settings {
		line := s.Origin.String() + " " + s.Address.String() + " = " + s.Value.String()
		if s.Default {
			line += " (default)"
		}
		got = append(got, line)
	}
	for _, r := range p.Desired.Absent {
		got = append(got, r.Origin.String()+" "+r.Address.String()+" absent")
	}
	want := []string{
		`codex.yaml:6:7 model_provider = "OpenAI"`,
		`codex.yaml:2:8 model = "gpt-5.4"`,
		`codex.yaml:3:15 review_model = "gpt-5.4-mini"`,
		`codex.yaml:4:19 model_reasoning_effort = "xhigh"`,
		`codex.yaml:15:25 model_context_window = 1000000`,
		`codex.yaml:17:10 ratio = 5.4`,
		`codex.yaml:18:9 text = "5.4"`,
		`codex.yaml:20:20 approval_policy = "on-request" (default)`,
		`codex.yaml:7:9 model_providers.OpenAI.name = "Routescope"`,
		`codex.yaml:8:13 model_providers.OpenAI.base_url = "https://api.routescope.ai/v1"`,
		`codex.yaml:9:13 model_providers.OpenAI.wire_api = "responses"`,
		`codex.yaml:12:11 model_providers.OpenAI.requires_openai_auth = true`,
		`codex.yaml:16:45 sandbox_workspace_write.network_access = true`,
		`codex.yaml:22:5 model_providers.old-gateway absent`,
		`codex.yaml:23:5 network_access absent`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	confirm := plan.Confirm{
		Enabled: true, Models: []string{"gpt-5.4"}, Timeout: 1500 * time.Millisecond,
		Attempts: 2, OnFailure: plan.OnFailureKeep,
	}
	if diff := cmp.Diff(confirm, p.Desired.Confirm); diff != "" {
		t.Errorf("confirm (-want +got):\n%s", diff)
	}
	provider := &plan.Provider{
		ID: "OpenAI", Name: "Routescope", BaseURL: "https://api.routescope.ai/v1",
		Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 8, Column: 13}},
	}
	if diff := cmp.Diff(provider, p.Desired.Provider); diff != "" {
		t.Errorf("provider (-want +got):\n%s", diff)
	}
	if got := p.Desired.Secret; got.Ref != "env:ROUTESCOPE_API_KEY" || got.Origin.String() != "codex.yaml:11:3" {
		t.Errorf("secret: got %s from %s", got.Ref, got.Origin)
	}
}

func TestResolveAndSkip(t *testing.T) {
	const key = "sk-0123456789"
	w := world(t, map[string]string{"codex.yaml": wholePolicy}, map[string]string{"ROUTESCOPE_API_KEY": key})
	p, err := sources.Load(w, []string{"codex.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	d, warnings, err := p.Resolve(context.Background())
	if err != nil || len(warnings) > 0 {
		t.Fatalf("got %v, %v", warnings, err)
	}
	if got := string(d.Secret.Value.Reveal()); got != key {
		t.Errorf("got another key than %q", key)
	}
	if p.Desired.Secret.Value.Known() || p.Skip().Secret.Value.Known() {
		t.Error("the policy itself knows the key")
	}
	if !p.Skip().Secret.Skipped || p.Desired.Secret.Skipped || d.Secret.Skipped {
		t.Error("only Skip marks the secret as skipped")
	}
}

func TestPinnedVersion(t *testing.T) {
	const policy = "version: 1\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {vault: {path: codex, version: 7}}\n"
	if got := load(t, policy).Desired.Secret; got.Pinned != "7" || got.Version != "" || got.Ref != "vault:secret/codex#api_key" {
		t.Errorf("got %+v", got)
	}
	if got := load(t, wholePolicy).Desired.Secret.Pinned; got != "" {
		t.Errorf("a variable with a version: %q", got)
	}
}
