package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// A busy laptop: between a saved plan and its apply, the real Codex trusts a
// folder and adds an MCP server, and a person picks another model.
func TestBusyLaptop(t *testing.T) {
	const key = "sk-busy-0123456789abcdef"
	gw, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(key))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gw.Close)
	home := codextest.Home(t)
	b := &busy{t: t, home: home, dir: t.TempDir(), env: []string{"BUSY_KEY=" + key}}
	policy := "version: 1\nmodel: gpt-5.4\nprovider: {id: corp, name: Corp, base_url: '" + gw.Origin() + "/v1'}\nsecret: {env: BUSY_KEY}\n"
	b.policy(policy)
	b.codexform(0, "apply", "--auto-approve")

	b.policy(policy + "settings: {hide_agent_reasoning: true}\n")
	b.codexform(0, "plan", "--out", "saved.json")

	b.codex("exec", "--trust", "-C", b.project(), "say hi")
	b.codex("mcp", "add", "docs", "--", "docs-server", "--stdio")
	config := b.config()
	if !strings.Contains(config, "trust_level") || !strings.Contains(config, "[mcp_servers.docs]") {
		t.Fatalf("Codex wrote something else:\n%s", config)
	}
	b.write(strings.Replace(config, `model = "gpt-5.4"`, `model = "o4"`, 1))

	_, stderr := b.codexform(6, "apply", "saved.json")
	if !strings.Contains(stderr, "error: changed since the plan was made: model\n") {
		t.Errorf("refused for something else:\n%s", stderr)
	}
	stdout, _ := b.codexform(2, "plan", "--detailed-exitcode")
	if !strings.Contains(stdout, `~ model`) || !strings.Contains(stdout, "drift") {
		t.Errorf("no drift in:\n%s", stdout)
	}
	b.codexform(0, "apply", "--auto-approve")
	for _, want := range []string{`model = "gpt-5.4"`, "trust_level", "[mcp_servers.docs]", "hide_agent_reasoning = true"} {
		if !strings.Contains(b.config(), want) {
			t.Errorf("no %s in:\n%s", want, b.config())
		}
	}
	b.codex("exec", "--skip-git-repo-check", "say hi again")

	b.codexform(0, "destroy", "--auto-approve")
	config = b.config()
	for _, ours := range []string{"gpt-5.4", "model_provider", "hide_agent_reasoning", "corp"} {
		if strings.Contains(config, ours) {
			t.Errorf("%s is still there:\n%s", ours, config)
		}
	}
	for _, theirs := range []string{"trust_level", "[mcp_servers.docs]", `command = "docs-server"`} {
		if !strings.Contains(config, theirs) {
			t.Errorf("%s is gone:\n%s", theirs, config)
		}
	}
	if _, err := os.Stat(filepath.Join(home, "auth.json")); !os.IsNotExist(err) {
		t.Errorf("auth.json: %v", err)
	}
}

// busy is one laptop.
type busy struct {
	t         *testing.T
	home, dir string
	env       []string
}

func (b *busy) policy(text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, "codex.yaml"), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// project is a folder that Codex can trust: a git work tree.
func (b *busy) project() string {
	b.t.Helper()
	dir := filepath.Join(b.dir, "project")
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		b.t.Fatalf("git: %v\n%s", err, out)
	}
	return dir
}

func (b *busy) config() string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.home, "config.toml"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

func (b *busy) write(text string) { codextest.WriteFile(b.t, b.home, "config.toml", text) }

// codex runs the real Codex, which has to succeed.
func (b *busy) codex(args ...string) {
	b.t.Helper()
	if r := codextest.Run(b.t, b.home, b.env, args...); r.Exit != 0 {
		b.t.Fatalf("codex %q: exit %d\n%s", args, r.Exit, r.Stderr)
	}
}

// codexform runs ours, which has to end with a code.
func (b *busy) codexform(code int, args ...string) (stdout, stderr string) {
	b.t.Helper()
	return codexform(b.t, b.dir, code, append([]string{"CODEX_HOME=" + b.home}, b.env...), args...)
}
