package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// TestLifeOfAProfile holds that the profile of a user who chose our provider starts after
// every step that takes it out of use: another id, a rollback, a destroy.
func TestLifeOfAProfile(t *testing.T) {
	gateway := startGateway(t)
	home, dir := codextest.Home(t), t.TempDir()
	codextest.WriteFile(t, home, "config.toml", "# mine\n")
	env := []string{"CODEX_HOME=" + home, "TURN_KEY=" + turnKey}
	policy := func(id string) string {
		return "version: 1\nmodel: gpt-5.4\nprovider: {id: " + id + ", name: Gate, base_url: '" + gateway.URL() + "'}\nsecret: {env: TURN_KEY}\n"
	}
	starts := func(step string, want bool) {
		t.Helper()
		if ran := codextest.Run(t, home, nil, "--profile", "work", "mcp", "list"); (ran.Exit == 0) != want {
			data, _ := os.ReadFile(filepath.Join(home, "config.toml"))
			t.Errorf("after %s: codex --profile work mcp list: exit %d, %s\n%s", step, ran.Exit, ran.Stderr, data)
		}
	}
	codextest.WriteFile(t, home, "work.config.toml", "model_provider = \"gate\"\n")
	starts("the beginning", false)
	apply(t, home, policy("gate"))
	starts("the first policy", true)
	stdout, _ := codexform(t, dir, 0, env, "destroy", "--auto-approve", "--codex-home", home)
	if !strings.Contains(stdout, "kept: work.config.toml names it") {
		t.Errorf("destroy says\n%s", stdout)
	}
	starts("the destroy", true)
	if data, err := os.ReadFile(filepath.Join(home, "config.toml")); err != nil || strings.Contains(string(data), "requires_openai_auth") {
		t.Errorf("what is kept would be sent a login: %v\n%s", err, data)
	}

	codextest.WriteFile(t, home, "config.toml", "# mine\n")
	apply(t, home, policy("gate"))
	apply(t, home, policy("corp"))
	starts("another id", true)
	codexform(t, dir, 0, env, "rollback", "--auto-approve", "--codex-home", home)
	starts("the rollback", true)
	codexform(t, dir, 0, env, "destroy", "--auto-approve", "--codex-home", home)
	starts("another destroy", true)
}
