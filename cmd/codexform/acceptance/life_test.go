package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// TestLife lives with the real Codex: two policies, a rollback, a server that Codex adds
// and a key that the user writes beside ours, a destroy. Codex starts at every step.
func TestLife(t *testing.T) {
	gateway := startGateway(t)
	home, dir := codextest.Home(t), t.TempDir()
	codextest.WriteFile(t, home, "config.toml", livedIn)
	config := func() string {
		data, err := os.ReadFile(filepath.Join(home, "config.toml"))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	starts := func(step string) {
		t.Helper()
		if err := (codex.Binary{Path: codextest.Binary(t)}).Loads(t.Context(), []byte(config())); err != nil {
			t.Errorf("after %s Codex does not start: %v\n%s", step, err, config())
		}
		if ran := codextest.Run(t, home, nil, "mcp", "list"); ran.Exit != 0 {
			t.Errorf("after %s: codex mcp list: exit %d, %s", step, ran.Exit, ran.Stderr)
		}
	}
	env := []string{"CODEX_HOME=" + home, "TURN_KEY=" + turnKey}
	policy := func(id, rest string) string {
		return "version: 1\nmodel: gpt-5.4\nprovider: {id: " + id + ", name: Gate, base_url: '" + gateway.URL() + "'}\nsecret: {env: TURN_KEY}\n" + rest
	}
	starts("the beginning")

	apply(t, home, policy("gate", "settings: {mcp_servers: {team: {command: team-server, startup_timeout_sec: 30}}}\n"))
	starts("the first policy")
	judge(t, home)
	first := config()

	apply(t, home, policy("corp", "absent: [[mcp_servers, docs]]\ndefaults: {approval_policy: on-request}\n"))
	starts("the second policy")
	judge(t, home)

	codexform(t, dir, 0, env, "rollback", "--auto-approve", "--codex-home", home)
	starts("the rollback")
	if config() != first {
		t.Errorf("the rollback leaves\n%s\nnot\n%s", config(), first)
	}

	if ran := codextest.Run(t, home, nil, "mcp", "add", "mine", "--", "my-server"); ran.Exit != 0 {
		t.Fatalf("codex mcp add: %s", ran.Stderr)
	}
	codextest.WriteFile(t, home, "config.toml", strings.Replace(config(), "[model_providers.gate]\n", "[model_providers.gate]\nstream_idle_timeout_ms = 900 # mine\n", 1))
	starts("two other writers")
	stdout, _ := codexform(t, dir, 0, env, "destroy", "--auto-approve", "--codex-home", home)
	starts("the destroy")
	if !strings.Contains(stdout, "kept: keys of yours are in model_providers.gate") {
		t.Errorf("destroy says\n%s", stdout)
	}
	for text, want := range map[string]bool{
		"stream_idle_timeout_ms = 900 # mine": true, "[mcp_servers.mine]": true, "[mcp_servers.docs]": true, "team-server": false,
		"model_provider = \"old\"": true, "requires_openai_auth": false, "# the old one": true,
	} {
		if strings.Contains(config(), text) != want {
			t.Errorf("%s is there: %v\n%s", text, !want, config())
		}
	}
	if _, err := os.Stat(filepath.Join(home, "auth.json")); err == nil {
		t.Error("an auth.json of ours stays")
	}
}
