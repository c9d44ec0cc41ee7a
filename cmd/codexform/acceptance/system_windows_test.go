package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/access"
)

// The machine's layer on Windows: in a ProgramData that an administrator has set up, made,
// planned empty, looked at, given back; where everyone may change it, refused.
func TestSystemLayerOnWindows(t *testing.T) {
	if !access.Elevated() {
		t.Skip("this user does not administer the machine")
	}
	data, err := os.MkdirTemp(os.Getenv("ProgramData"), "codexform-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(data) })
	for _, args := range [][]string{
		{"/setowner", "*S-1-5-32-544"},
		{"/inheritance:r", "/grant", "*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", "*S-1-5-32-545:(OI)(CI)RX"},
	} {
		if out, err := exec.Command("icacls", append([]string{data}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("icacls %q: %v: %s", args, err, out)
		}
	}
	dir := t.TempDir()
	policy := "version: 1\nlayer: system\nsettings: {model_context_window: 400000}\n"
	if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "ProgramData="+data)
	codexform(t, dir, 2, env, "plan", "--codex", "off", "--detailed-exitcode")
	codexform(t, dir, 0, env, "apply", "--codex", "off", "--auto-approve")
	codexform(t, dir, 0, env, "plan", "--codex", "off", "--detailed-exitcode")
	codexform(t, dir, 0, env, "status")
	written, err := os.ReadFile(filepath.Join(data, "OpenAI", "Codex", "config.toml"))
	if err != nil || string(written) != "model_context_window = 400000\n" {
		t.Errorf("config.toml holds %q, %v", written, err)
	}
	codexform(t, dir, 0, env, "destroy", "--codex", "off", "--auto-approve")
	if left, err := os.ReadFile(filepath.Join(data, "OpenAI", "Codex", "config.toml")); err == nil && len(left) > 0 {
		t.Errorf("after destroy config.toml holds %q", left)
	}
	if out, err := exec.Command("icacls", data, "/grant", "*S-1-1-0:(OI)(CI)F").CombinedOutput(); err != nil {
		t.Fatalf("icacls: %v: %s", err, out)
	}
	_, stderr, code := run(t, dir, env, "apply", "--codex", "off", "--auto-approve")
	if code == 0 || !strings.Contains(stderr, "everyone") || !strings.Contains(stderr, "icacls") {
		t.Errorf("in a folder that everyone may change: exit %d, %s", code, stderr)
	}
}
