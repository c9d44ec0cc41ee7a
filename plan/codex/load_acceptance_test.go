package codex_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// homes are config.toml files of a home in which inst.md, sub/inst.md, catalog.json
// and compact.md lie, as does ~/inst.md, and not missing.md. ABS stands for the home.
var homes = map[string]string{
	"empty":                    "",
	"plain":                    "model = 'x'\n",
	"relative":                 "model_instructions_file = 'inst.md'\n",
	"relative, quoted":         "\"model_instructions_file\" = \"\"\"sub/inst.md\"\"\"\n",
	"relative, missing":        "model_instructions_file = 'missing.md'\n",
	"relative, and broken":     "model_instructions_file = 'inst.md'\nmodel_reasoning_effort = 5\n",
	"above the home":           "model_instructions_file = '../inst.md'\n",
	"above the home, missing":  "model_instructions_file = '../missing.md'\n",
	"tilde":                    "model_instructions_file = '~/inst.md'\n",
	"tilde, missing":           "model_instructions_file = '~/missing.md'\n",
	"tilde, and broken":        "model_instructions_file = '~/inst.md'\nsandbox_mode = 'none'\n",
	"absolute":                 "model_instructions_file = 'ABS/inst.md'\n",
	"absolute, missing":        "model_instructions_file = 'ABS/missing.md'\n",
	"catalogue":                "model_catalog_json = 'catalog.json'\n",
	"catalogue, missing":       "model_catalog_json = 'missing.json'\n",
	"catalogue, no catalogue":  "model_catalog_json = 'inst.md'\n",
	"compact prompt":           "experimental_compact_prompt_file = 'compact.md'\n",
	"compact prompt, missing":  "experimental_compact_prompt_file = 'missing.md'\n",
	"folders":                  "log_dir = 'log'\nsqlite_home = 'state'\n[sandbox_workspace_write]\nwritable_roots = ['ABS/sub']\n",
	"secrets":                  "# sk-abcdefghijklmnop0\nmodel_provider = 'x'\n[model_providers.x]\nname = 'x'\nbase_url = 'https://u:p@h.example/v1'\nexperimental_bearer_token = 'sk-abcdefghijklmnop1'\n[mcp_servers.y]\ncommand = 'z'\nargs = ['--token', 'sk-abcdefghijklmnop2']\nenv = {KEY = 'sk-abcdefghijklmnop3'}\n",
	"hooks, telemetry, tools":  hooksAndMore,
	"a secret of a wrong type": "[model_providers.x]\nname = 'x'\nexperimental_bearer_token = ['sk-abcdefghijklmnop1']\n",
	"a gone provider":          "model_provider = 'gone'\n",
	"broken":                   "approval_policy = 'sometimes'\n",
	"a wrong table":            "mcp_servers = 5\n",
}

// hooksAndMore has words that matter to Codex next to texts that may be secrets.
const hooksAndMore = `[[hooks.PreToolUse]]
matcher = "Bash"
[[hooks.PreToolUse.hooks]]
type = "command"
command = "/usr/bin/check --token abcdefgh12345678"
timeout = 5
[otel]
exporter = {otlp-http = {endpoint = "https://h.example/v1/logs?key=abcdefgh12345678", protocol = "binary", headers = {x-api-key = "abcdefgh12345678"}}}
[mcp_servers.a]
url = "https://h.example/mcp?key=abcdefgh12345678"
bearer_token_env_var = "TOKEN"
default_tools_approval_mode = "prompt"
[mcp_servers.b]
command = "npx"
args = ["-y", "thing", "--api-key", "abcdefgh12345678"]
startup_timeout_sec = 20
[shell_environment_policy]
inherit = "core"
set = {API_KEY = "abcdefgh12345678"}
[projects."/secret/token"]
trust_level = "trusted"
`

// TestLoadsAsAtHome: for every version, the verdict on the private copy is the one
// that the same Codex gives in the real home.
func TestLoadsAsAtHome(t *testing.T) {
	codextest.Each(t, func(t *testing.T, version, program string) {
		user := codextest.Home(t)
		t.Setenv("HOME", user)
		home := filepath.Join(user, "dot", "codex")
		for _, dir := range []string{filepath.Join(home, "sub"), filepath.Join(home, "log")} {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"inst.md", "dot/inst.md", "dot/codex/inst.md", "dot/codex/sub/inst.md", "dot/codex/compact.md"} {
			codextest.WriteFile(t, user, name, "be kind\n")
		}
		codextest.WriteFile(t, home, "catalog.json", catalogue(t, program))
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		places := v.Compare(codex.Version{Minor: 94}) >= 0
		loaded := 0
		for name, config := range homes {
			config = strings.ReplaceAll(config, "ABS", home)
			codextest.WriteFile(t, home, "config.toml", config)
			want := loadsAt(t, program, user, home)
			var bad *codex.LoadError
			got := codex.Binary{Path: program}.In(home).Loads(t.Context(), []byte(config))
			if (want == nil) != (got == nil) || got != nil && !errors.As(got, &bad) {
				t.Errorf("%s: on the copy %v, at home %v", name, got, want)
			}
			if want == nil {
				loaded++
			} else if strings.Contains(name, "broken") && places && bad.Line == 0 {
				t.Errorf("%s: no place in %v", name, bad)
			}
		}
		if loaded < 8 || loaded > len(homes)-3 {
			t.Errorf("%d of %d load: the cases prove nothing", loaded, len(homes))
		}
	})
}

// loadsAt starts a Codex in the home itself.
func loadsAt(t *testing.T, program, user, home string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "features", "list")
	cmd.Dir = home
	cmd.Env = []string{"HOME=" + user, "CODEX_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatal(ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("%w: %.200s", err, out)
	}
	return nil
}

// catalogue is a catalogue of models that a Codex takes: its own, or one that no
// version reads.
func catalogue(t *testing.T, program string) string {
	t.Helper()
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", "model_provider = 'x'\n[model_providers.x]\nname = 'x'\nbase_url = 'http://127.0.0.1:9/v1'\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "debug", "models")
	cmd.Env = []string{"HOME=" + home, "CODEX_HOME=" + home, "HTTPS_PROXY=http://127.0.0.1:9"}
	out, err := cmd.Output()
	if err != nil {
		return `{"models":[]}`
	}
	return string(out)
}
