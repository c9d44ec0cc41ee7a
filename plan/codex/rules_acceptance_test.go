package codex_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// TestLoadRules has the real Codex load what the rules say it does not start with,
// and the same file without the fault.
func TestLoadRules(t *testing.T) {
	b := realCodex(t)
	for _, tc := range []struct {
		rule, bad, good string
		says            string // a part of what Codex says
	}{
		{rule: "removed-key", bad: `experimental_thread_store_endpoint = "x"`, says: "no longer supported"},
		{rule: "bad-value", bad: `model_context_window = "big"`, good: `model_context_window = 1`, says: "expected i64"},
		{rule: "bad-value", bad: `hide_agent_reasoning = "yes"`, good: `hide_agent_reasoning = true`, says: "expected a boolean"},
		{rule: "bad-value", bad: `approval_policy = "untrusted"`, good: `approval_policy = "never"`, says: "no longer supported"},
		{rule: "bad-value", bad: `model_reasoning_effort = ""`, good: `model_reasoning_effort = "bogus"`, says: "effort"},
		{rule: "bad-value", bad: `agents.max_concurrent_threads_per_session = 0`, good: `agents.max_concurrent_threads_per_session = 1`, says: "must be at least 1"},
		{rule: "bad-value", bad: `tui.keymap.approval.approve_for_session = "ctrl-ctrl-t"`, good: `tui.keymap.approval.approve_for_session = "ctrl-t"`, says: "ctrl-t"},
		{rule: "bad-value", bad: `tui.keymap.approval.approve_for_session = ["ctrl-ctrl-t"]`, good: `tui.keymap.approval.approve_for_session = ["ctrl-t", "f2"]`, says: "ctrl-t"},
		{rule: "legacy-profile", bad: `profile = "work"`, good: `[profiles.work]`, says: "profile"},
		{rule: "missing-provider", bad: `model_provider = "g"`, good: `model_provider = "ollama"`, says: "g"},
		{rule: "missing-provider", bad: strings.Replace(gate, `"g"`, `"G"`, 1), good: gate, says: "G"},
		{rule: "reserved-provider-id", bad: "[model_providers.openai]\nname = \"x\"", good: "[model_providers.OpenAI]\nname = \"x\"", says: "openai"},
		{rule: "reserved-provider-id", bad: "[model_providers.ollama]\nname = \"x\"", good: "[model_providers.ollama-chat]\nname = \"x\"", says: "ollama"},
		{rule: "reserved-provider-id", bad: "[model_providers.lmstudio]\nname = \"x\"", good: "[model_providers.LMStudio]\nname = \"x\"", says: "lmstudio"},
		{rule: "provider-incomplete", bad: "[model_providers.x]\nbase_url = \"https://a.example/v1\"", good: "[model_providers.x]\nname = \"x\"\nbase_url = \"https://a.example/v1\"", says: "name"},
		{rule: "wire-api-chat", bad: "[model_providers.x]\nname = \"x\"\nwire_api = \"chat\"", good: "[model_providers.x]\nname = \"x\"\nwire_api = \"responses\"", says: "chat"},
		{rule: "credential-conflict", bad: gate + "auth = {command = \"x\"}", good: gate, says: "requires_openai_auth"},
		{rule: "credential-conflict", bad: "[model_providers.x]\nname = \"x\"\nenv_key = \"K\"\nauth = {command = \"x\"}", says: "env_key"},
		{rule: "credential-conflict", bad: "[model_providers.x]\nname = \"x\"\nexperimental_bearer_token = \"K\"\nauth = {command = \"x\"}", says: "experimental_bearer_token"},
		{rule: "credential-conflict", bad: "[model_providers.x]\nname = \"x\"\nbase_url = \"https://a.example/v1\"\nenv_key = \"K\"\ngateway_oauth = {credential_export = {command = \"x\"}}", good: "[model_providers.x]\nname = \"x\"\nbase_url = \"https://a.example/v1\"\nenv_key = \"K\"\ngateway_oauth = {authorization_url = \"https://a.example/a\", token_url = \"https://a.example/t\", client_id = \"a\", delivery = {kind = \"cookie\", name = \"c\"}}", says: "Header conflict"},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			err := b.Loads(t.Context(), []byte(tc.bad))
			var bad *codex.LoadError
			if !errors.As(err, &bad) || !strings.Contains(bad.Detail, tc.says) {
				t.Errorf("Codex says %v of\n%s", err, tc.bad)
			}
			if err := b.Loads(t.Context(), []byte(tc.good)); err != nil {
				t.Errorf("Codex says %v of\n%s", err, tc.good)
			}
			wantRule(t, tc.bad, tc.rule)
			if finds(t, tc.good, tc.rule) {
				t.Errorf("%s finds something in\n%s", tc.rule, tc.good)
			}
		})
	}
}

// wantRule demands that a rule finds something in a config.toml that is all ours.
func wantRule(t *testing.T, config, rule string) {
	t.Helper()
	if !finds(t, config, rule) {
		t.Errorf("%s finds nothing in\n%s", rule, config)
	}
}

func finds(t *testing.T, config, rule string) bool {
	t.Helper()
	for _, d := range codex.Check(codex.Checked{Desired: ours(t, config), Root: decode(t, config)}) {
		if d.Rule == rule {
			return true
		}
	}
	return false
}

// TestUnknownKeysLoad has the real Codex ignore what unknown-key finds, and refuse
// it when it is told to be strict.
func TestUnknownKeysLoad(t *testing.T) {
	b := realCodex(t)
	for _, key := range []string{
		"modle", "commit_attribution", "disable_response_storage", "experimental_instructions_file",
		"experimental_use_exec_command_tool", "experimental_use_freeform_apply_patch", "experimental_use_rmcp_client",
		"include_apply_patch_tool", "include_plan_tool", "model_max_output_tokens", "model_reasoning_summary_format",
		"model_supports_reasoning_summaries", "network_access", "preferred_auth_method", "sandbox_permissions",
		"windows_wsl_setup_acknowledged", "zsh_path", "features.no_such_feature",
		"sandbox_workspace_write.no_such_key", "model_providers.x.model_catalog_json",
	} {
		before, name := header(key)
		config := before + name + " = true\n"
		if err := b.Loads(t.Context(), []byte(config)); err != nil {
			t.Errorf("%s: Codex says %v", key, err)
		}
		if err := b.LoadsStrictly(t.Context(), []byte(config)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: a strict Codex says %v", key, err)
		}
		wantRule(t, config, "unknown-key")
	}
}

// TestRemovedFeature has the real Codex ignore the switch of a removed feature.
func TestRemovedFeature(t *testing.T) {
	home := codextest.Home(t)
	config := "[features]\napply_patch_freeform = true\n"
	codextest.WriteFile(t, home, "config.toml", config)
	out := codextest.Run(t, home, nil, "features", "list").Stdout
	for line := range strings.Lines(out) {
		if words := strings.Fields(line); words[0] == "apply_patch_freeform" && strings.Join(words[1:], " ") != "removed false" {
			t.Errorf("Codex lists %q", line)
		}
	}
	wantRule(t, config, "removed-key")
}

// TestLoginMethodConflict has the real Codex delete a copy of auth.json.
func TestLoginMethodConflict(t *testing.T) {
	gateway := codextest.NewGateway(t)
	home := codextest.Home(t)
	config := "forced_login_method = \"chatgpt\"\n" + strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL)
	codextest.WriteFile(t, home, "config.toml", config)
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	if ran := codextest.Turn(t, home, nil); ran.Exit != 1 || exists(t, home, "auth.json") {
		t.Errorf("exit %d, auth.json there: %v", ran.Exit, exists(t, home, "auth.json"))
	}
}

// TestChatGPTLoginDisplaced has the real Codex use a login, and no longer once
// auth_mode says apikey.
func TestChatGPTLoginDisplaced(t *testing.T) {
	for mode, want := range map[string]string{"chatgpt": "ChatGPT", "apikey": "API key"} {
		home := codextest.Home(t)
		codextest.WriteFile(t, home, "auth.json", `{"auth_mode": "`+mode+`", "OPENAI_API_KEY": "sk-in-the-file", `+tokens+`}`)
		if ran := codextest.Run(t, home, nil, "login", "status"); !strings.Contains(ran.Stderr, want) {
			t.Errorf("with auth_mode %s Codex says %q, want %q in it", mode, ran.Stderr, want)
		}
	}
}

// TestEnvironmentWins has the real codex exec prefer CODEX_API_KEY.
func TestEnvironmentWins(t *testing.T) {
	gateway := codextest.NewGateway(t)
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL))
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	codextest.Turn(t, home, []string{"CODEX_API_KEY=sk-env"})
	if got := gateway.Turns()[0].Header.Get("Authorization"); got != "Bearer sk-env" {
		t.Errorf("Codex sent %q", got)
	}
}

// header is what must stand before a key so that it is the one at an address.
func header(key string) (before, name string) {
	parts := strings.Split(strings.ReplaceAll(key, "*", "x"), ".")
	for i := 1; i < len(parts); i++ {
		before += "[" + strings.Join(parts[:i], ".") + "]\n"
		if parts[0] == "model_providers" && i == 2 {
			before += "name = \"x\"\n"
		}
	}
	return before, parts[len(parts)-1]
}
