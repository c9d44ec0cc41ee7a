package codex_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex"
)

// routescope is what the setup guide of that gateway has people write.
const routescope = `model_provider = "OpenAI"
model = "gpt-5.4"
review_model = "gpt-5.4"
model_reasoning_effort = "xhigh"
disable_response_storage = true
network_access = "enabled"
windows_wsl_setup_acknowledged = true
model_context_window = 1000000
model_auto_compact_token_limit = 900000

[model_providers.OpenAI]
name = "OpenAI"
base_url = "https://api.routescope.ai/v1"
wire_api = "responses"
requires_openai_auth = true
`

func TestRoutescope(t *testing.T) {
	found := codex.Check(codex.Checked{
		Desired: withKey(ours(t, routescope)),
		Root:    decode(t, routescope),
		Auth:    decodeAuth(t, `{"OPENAI_API_KEY": "sk-routescope-1"}`),
	})
	var got []string
	for _, d := range found {
		got = append(got, string(d.Severity)+" "+d.Rule+" "+d.Origin.String())
	}
	want := []string{
		"warning unknown-key codex.yaml:5:3",
		"warning unknown-key codex.yaml:6:3",
		"warning unknown-key codex.yaml:7:3",
		"warning context-window-clamped codex.yaml:8:3",
		"warning provider-name-openai codex.yaml:10:3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
