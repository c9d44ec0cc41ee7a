package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

const turnKey = "sk-turn-0123456789abcdef"

// livedIn is a config.toml that somebody has used for a year.
const livedIn = "# my settings\r\nmodel = 'gpt-5'   # the old one\r\nmodel_provider = \"old\"\r\n" + `hide_agent_reasoning = true

[model_providers.old] # keep
name = "Old"
base_url = "https://old.example/v1"
env_key = "OLD_KEY"

[mcp_servers.docs]
command = "docs-server"
args = ["--stdio"]

[projects."/home/me/work.d"]
trust_level = "trusted"

[tui]
notifications = true
`

// TestTurn applies a policy and lets the real Codex judge the home: it loads it,
// knows the key, and finishes a turn through a gateway that checks key and path.
func TestTurn(t *testing.T) {
	for _, tc := range []struct{ name, config, auth string }{
		{name: "empty home"},
		{name: "lived-in home", config: livedIn},
		{name: "another key", auth: `{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-old-0123456789"}`},
		{name: "ChatGPT login", config: livedIn, auth: `{"auth_mode": "chatgpt", "OPENAI_API_KEY": null, "tokens": {"id_token": "e30.e30.c2ln", "access_token": "a", "refresh_token": "r"}, "last_refresh": "2099-01-01T00:00:00Z"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			gateway := startGateway(t)
			home := codextest.Home(t)
			for name, content := range map[string]string{"config.toml": tc.config, "auth.json": tc.auth} {
				if content != "" {
					codextest.WriteFile(t, home, name, content)
				}
			}
			apply(t, home, `version: 1
model: gpt-5.4
reasoning_effort: high
provider: {id: gate, name: Gate, base_url: '`+gateway.URL()+`'}
secret: {env: TURN_KEY}
settings:
  sandbox_workspace_write: {network_access: true}
defaults: {approval_policy: on-request}
`)
			before := len(gateway.Requests())
			judge(t, home)
			want := []loopback.Request{{Method: "POST", Path: "/v1/responses", Key: loopback.RightKey, Status: 200}}
			if diff := cmp.Diff(want, gateway.Requests()[before:]); diff != "" {
				t.Errorf("what Codex asked the gateway (-want +got):\n%s", diff)
			}
		})
	}
}

func startGateway(t *testing.T) *loopback.Gateway {
	t.Helper()
	gateway, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(turnKey))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gateway.Close)
	return gateway
}

// apply applies a policy to a home, and demands that nothing is left to do.
func apply(t *testing.T, home, policy string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"CODEX_HOME=" + home, "TURN_KEY=" + turnKey}
	codexform(t, dir, 0, env, "apply", "--auto-approve")
	codexform(t, dir, 0, env, "plan", "--detailed-exitcode")
}

// judge has the real Codex load a home, name the way it is logged in, and take a turn.
func judge(t *testing.T, home string) {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(home, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := (codex.Binary{Path: codextest.Binary(t)}).Loads(t.Context(), config); err != nil {
		t.Errorf("Codex does not load config.toml: %v\n%s", err, config)
	}
	if ran := codextest.Run(t, home, nil, "login", "status"); ran.Exit != 0 || !strings.Contains(ran.Stderr, "API key") {
		t.Errorf("codex login status: exit %d, %q", ran.Exit, ran.Stderr)
	}
	ran := codextest.Turn(t, home, nil)
	if ran.Exit != 0 || !strings.Contains(ran.Stdout, "Hello from the loopback gateway.") {
		t.Errorf("codex exec: exit %d, %q\n%s", ran.Exit, ran.Stdout, ran.Stderr)
	}
}

// TestStrict applies a policy to an empty home, whose config.toml then holds our
// keys alone: Codex takes it when it is strict, too.
func TestStrict(t *testing.T) {
	gateway := startGateway(t)
	home := codextest.Home(t)
	apply(t, home, `version: 1
model: gpt-5.4
reasoning_effort: high
provider: {id: gate, name: Gate, base_url: '`+gateway.URL()+`'}
secret: {env: TURN_KEY}
settings:
  sandbox_workspace_write: {network_access: true}
  features: {unified_exec: true}
  projects: {/home/me/work.d: {trust_level: trusted}}
  tools: {web_search: true}
defaults: {approval_policy: on-request, model_verbosity: low}
`)
	config, err := os.ReadFile(filepath.Join(home, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := (codex.Binary{Path: codextest.Binary(t)}).LoadsStrictly(t.Context(), config); err != nil {
		t.Errorf("a strict Codex says %v of\n%s", err, config)
	}
}

// TestExamples applies what each example asks for and lets Codex judge it; a
// strict one takes all of them but the guide's, whose dead keys it names.
func TestExamples(t *testing.T) {
	for name, strict := range map[string]bool{"minimal": true, "recommended": true, "routescope": false} {
		t.Run(name, func(t *testing.T) {
			policy, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", name, "codex.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			gateway := startGateway(t)
			home := codextest.Home(t)
			apply(t, home, strings.NewReplacer("https://api.routescope.ai/v1", gateway.URL(), "ROUTESCOPE_API_KEY", "TURN_KEY").Replace(string(policy)))
			judge(t, home)
			config, err := os.ReadFile(filepath.Join(home, "config.toml"))
			if err != nil {
				t.Fatal(err)
			}
			err = (codex.Binary{Path: codextest.Binary(t)}).LoadsStrictly(t.Context(), config)
			if strict && err != nil || !strict && (err == nil || !strings.Contains(err.Error(), "disable_response_storage")) {
				t.Errorf("a strict Codex says %v", err)
			}
		})
	}
}
