package acceptance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// deliveries are the policies of the matrix, by the order of its columns.
var deliveries = []struct{ name, policy string }{
	{"routescope", "model: gpt-5.4\nreview_model: gpt-5.4\nprovider: {name: OpenAI, base_url: 'URL'}\nsecret: {env: TURN_KEY}\nsettings: {model_context_window: 1000000, model_auto_compact_token_limit: 900000, disable_response_storage: true, network_access: enabled}\n"},
	{"recommended", "model: gpt-5.4\nreasoning_effort: high\nprovider: {id: gate, name: Gate, base_url: 'URL'}\nsecret: {env: TURN_KEY}\nsettings: {sandbox_workspace_write: {network_access: true}}\ndefaults: {approval_policy: on-request}\n"},
	{"minimal", "model: gpt-5.4\nprovider: {base_url: 'URL'}\nsecret: {env: TURN_KEY}\n"},
	{"command", "model: gpt-5.4\nprovider: {id: gate, name: Gate, base_url: 'URL'}\nsecret: {file: key}\ndelivery: command\n"},
	{"env_key", "model: gpt-5.4\nprovider: {id: gate, name: Gate, base_url: 'URL', env_key: TURN_KEY}\ndelivery: env_key\n"},
}

// TestMatrix has each version of Codex load, use and take a turn with what each
// delivery writes; or plan has said before the write that it would not work, and that
// is true. With MATRIX set it writes the table into that file.
func TestMatrix(t *testing.T) {
	rows := map[string][]string{}
	codextest.Each(t, func(t *testing.T, version, program string) {
		for _, d := range deliveries {
			cell := "fails"
			t.Run(d.name, func(t *testing.T) { cell = story(t, version, program, d.name, d.policy) })
			rows[version] = append(rows[version], cell)
		}
	})
	path := os.Getenv("MATRIX")
	if path == "" {
		return
	}
	var b strings.Builder
	b.WriteString("# Versions of Codex, and deliveries\n\nWritten by `make codex-matrix`. A cell holds what was seen: the file loads, `codex login status` names the key where it is in\nauth.json, and one turn of `codex exec` reaches the gateway with the right key (*turn*); or the rule by which `plan` refused the\npolicy before anything was written.\n\n| Codex |")
	for _, d := range deliveries {
		b.WriteString(" " + d.name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(deliveries)) + "\n")
	for _, version := range codextest.Versions() {
		fmt.Fprintf(&b, "| %s | %s |\n", version, strings.Join(rows[version], " | "))
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// story is one cell of the matrix.
func story(t *testing.T, version, program, delivery, policy string) string {
	bin := built(t)
	gateway, home, dir := startGateway(t), codextest.Home(t), t.TempDir()
	policy = "version: 1\n" + strings.ReplaceAll(policy, "URL", gateway.URL())
	for name, text := range map[string]string{"codex.yaml": policy, "key": turnKey} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"CODEX_HOME=" + home, "TURN_KEY=" + turnKey, "PATH=" + filepath.Dir(bin) + string(os.PathListSeparator) + os.Getenv("PATH")}
	if delivery == "command" && before(t, version, codex.Version{Minor: 120}) {
		_, errs := codexform(t, dir, 3, env, "plan", "--codex", program)
		if !strings.Contains(errs, "send none") {
			t.Errorf("refused for something else: %s", errs)
		}
		return "delivery-unknown"
	}
	codexform(t, dir, 0, env, "apply", "--auto-approve", "--codex", program)
	config, err := os.ReadFile(filepath.Join(home, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := (codex.Binary{Path: program}).In(home).Loads(t.Context(), config); err != nil {
		t.Errorf("it does not load: %v\n%s", err, config)
	}
	if delivery != "command" && delivery != "env_key" {
		if out, err := runCodex(t, program, home, env, "login", "status"); err != nil || !strings.Contains(out, "API key") {
			t.Errorf("codex login status: %v, %s", err, out)
		}
	}
	asked := len(gateway.Requests())
	out, err := runCodex(t, program, home, env, "exec", "--skip-git-repo-check", "say hi")
	if err != nil || !strings.Contains(out, "Hello from the loopback gateway.") {
		t.Errorf("codex exec: %v\n%s", err, out)
	}
	for _, r := range gateway.Requests()[asked:] {
		if r.Path == "/v1/responses" && r.Key == loopback.RightKey && r.Status == 200 {
			return "turn"
		}
	}
	t.Errorf("no turn reached the gateway with the key: %v", gateway.Requests()[asked:])
	return "fails"
}

func before(t *testing.T, version string, than codex.Version) bool {
	v, err := codex.ParseVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	return v.Compare(than) < 0
}

// runCodex runs a version of Codex in a home, with nothing to read.
func runCodex(t *testing.T, program, home string, env []string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = home
	cmd.Env = append([]string{"HOME=" + home, "RUST_BACKTRACE=0", "HTTPS_PROXY=http://127.0.0.1:9"}, env...)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(out), err
}
