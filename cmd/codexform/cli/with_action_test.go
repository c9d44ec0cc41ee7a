package cli_test

import (
	"strings"
	"testing"
)

// TestForCodexAction: beside openai/codex-action neither provider nor key is written, its
// line on top of the file stands alone, and without the flag the clash is an error.
func TestForCodexAction(t *testing.T) {
	m := newMachine(t)
	policy := m.write("codex.yaml", "version: 1\nmodel: gpt-5.4\nprovider: {base_url: https://gw.example.com/v1}\nsecret: {env: NOT_SET}\nsettings: {sandbox_mode: workspace-write}\n")
	run := func(args ...string) (int, string) {
		code, out, errs := m.run(append(args, "-f", policy, "--codex", "off")...)
		return code, out + errs
	}
	if code, said := run("apply", "--auto-approve", "--for", "codex-action"); code != 0 {
		t.Fatalf("exit %d\n%s", code, said)
	}
	ours := m.read(".codex/config.toml")
	if strings.Contains(ours, "model_provider") || !strings.Contains(ours, `sandbox_mode = "workspace-write"`) {
		t.Errorf("the file is\n%s", ours)
	}
	acted := "model_provider = \"codex-action-responses-proxy\"\n" + ours + "\n[model_providers.codex-action-responses-proxy]\nname = \"p\"\nbase_url = \"http://127.0.0.1:1/v1\"\nwire_api = \"responses\"\n"
	m.write(".codex/config.toml", acted)
	if code, said := run("apply", "--auto-approve", "--for", "codex-action"); code != 0 || m.read(".codex/config.toml") != acted {
		t.Errorf("after the action: exit %d\n%s", code, said)
	}
	m.vars["NOT_SET"] = "sk-test-0123456789abcdef"
	if code, said := run("apply", "--auto-approve"); code != 3 || !strings.Contains(said, "--for codex-action") || m.read(".codex/config.toml") != acted {
		t.Errorf("without the flag: exit %d\n%s", code, said)
	}
	m.write(".codex/config.toml", "model_provider = \"ollama\"\n")
	if code, said := run("plan", "--for", "codex-action"); code != 3 || !strings.Contains(said, "stands twice") {
		t.Errorf("over a provider of the user's: exit %d\n%s", code, said)
	}
	if code, said := run("plan", "--for", "another"); code != 3 || !strings.Contains(said, "it is codex-action") {
		t.Errorf("for another: exit %d\n%s", code, said)
	}
}
