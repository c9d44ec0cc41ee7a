package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// old is a version that fleets still have.
const old = "0.120.0"

// TestWhichVersionCounts: the installed Codex goes before --codex-version, that before
// the policy's range, and that before the newest that was measured.
func TestWhichVersionCounts(t *testing.T) {
	older := codextest.Program(t, old) // it takes what 0.150 and newer refuse
	const text = "settings: {approval_policy: untrusted}\n"
	for name, tc := range map[string]struct {
		policy string
		args   []string
		code   int
		says   string
	}{
		"installed":                         {text, []string{"--codex", older}, 0, ""},
		"installed, before --codex-version": {text, []string{"--codex", older, "--codex-version", "0.171.0"}, 0, ""},
		"installed, before the range":       {text + `codex: ">=0.150"` + "\n", []string{"--codex", older}, 0, ""},
		"--codex-version, before the range": {text + `codex: ">=0.150"` + "\n", []string{"--codex", "off", "--codex-version", old}, 0, ""},
		"--codex-version":                   {text, []string{"--codex", "off", "--codex-version", "0.150.0"}, 3, "Codex 0.150.0 does not start"},
		"the range":                         {text + `codex: ">=0.150"` + "\n", []string{"--codex", "off"}, 3, "Codex 0.150.0 to 0.171.0 does not start"},
		"a range that takes it":             {text + `codex: ">=0.98 <=0.148"` + "\n", []string{"--codex", "off"}, 0, ""},
		"the newest":                        {text, []string{"--codex", "off"}, 3, "Codex 0.171.0 does not start"},
		"installed, the other way":          {text, []string{"--codex", codextest.Binary(t), "--codex-version", old}, 3, "Codex " + codextest.Version + " does not start"},
	} {
		t.Run(name, func(t *testing.T) {
			home, dir := codextest.Home(t), t.TempDir()
			write(t, dir, "version: 1\n"+tc.policy)
			out, errs := codexform(t, dir, tc.code, nil, append([]string{"plan", "--codex-home", home}, tc.args...)...)
			if !strings.Contains(out+errs, tc.says) || tc.code == 0 && strings.Contains(out+errs, "does not start") {
				t.Errorf("want %q in:\n%s%s", tc.says, out, errs)
			}
		})
	}
}

// TestNothingIsWrittenThatStops: whatever a policy asks of a home that works, apply
// writes it, and that Codex starts; or refuses, and nothing has changed.
func TestNothingIsWrittenThatStops(t *testing.T) {
	const works = "model = \"gpt-5.4\"\n[mcp_servers.docs]\ncommand = \"x\"\n[model_providers.mine]\nname = \"Mine\"\nbase_url = \"https://g.example/v1\"\n"
	policies := map[string]string{
		"an effort":             "reasoning_effort: max",
		"an old approval":       "settings: {approval_policy: untrusted}",
		"a misspelt command":    "settings: {mcp_servers: {web: {comand: x}}}",
		"a server both ways":    "settings: {mcp_servers: {docs: {url: https://h.example}}}",
		"half a server":         "absent: [[mcp_servers, docs, command]]",
		"a provider's name":     "absent: [[model_providers, mine, name]]",
		"a provider of Codex's": "settings: {model_providers: {openai: {name: x}}}",
		"wire_api chat":         "settings: {model_providers: {mine: {wire_api: chat}}}",
		"a profile":             "settings: {profile: work}",
		"an exporter":           "settings: {otel: {exporter: {otlp-http: {endpoint: https://o.example}}}}",
		"a hook":                "settings: {hooks: {PreToolUse: [{hooks: [{type: command}]}]}}",
		"a notification":        "settings: {tui: {notifications: always}}",
		"permissions alone":     "settings: {permissions: {dev: {description: x}}}",
		"a shortcut":            "settings: {tui: {keymap: {global: {open_transcript: ctrl+t}}}}",
		"filters twice":         "settings: {shell_environment_policy: {filters: {A: include}, exclude: [B]}}",
		"a timeout":             "settings: {mcp_servers: {docs: {startup_timeout_sec: -1}}}",
		"a trust":               "settings: {projects: {/srv: {trust_level: yes}}}",
		"a good one":            "settings: {web_search: cached, tui: {notifications: true}, projects: {/srv: {trust_level: trusted}}}",
		"servers":               "settings: {mcp_servers: {web: {url: https://h.example, bearer_token_env_var: T}, docs: {args: [a]}}}",
	}
	more, err := os.ReadFile("testdata/policies.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(more)) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			policies[line] = line
		}
	}
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for name, policy := range policies {
			home, dir := codextest.Home(t), t.TempDir()
			codextest.WriteFile(t, home, "config.toml", works)
			write(t, dir, "version: 1\n"+policy+"\n")
			alone, _, code := run(t, dir, nil, "plan", "--codex-home", home, "--codex", "off", "--codex-version", v.String())
			_, errs, applied := run(t, dir, nil, "apply", "--auto-approve", "--no-confirm", "--codex-home", home, "--codex", program)
			got, err := os.ReadFile(filepath.Join(home, "config.toml"))
			if err != nil {
				t.Fatal(err)
			}
			loads := codex.Binary{Path: program}.In(home).Loads(t.Context(), got)
			switch {
			case loads != nil:
				t.Errorf("%s: apply ended with %d and left what Codex does not start with: %v\n%s", name, applied, loads, errs)
			case applied == 3 && string(got) != works, applied != 0 && applied != 3:
				t.Errorf("%s: apply ended with %d:\n%s\n%s", name, applied, errs, got)
			case code != applied:
				t.Errorf("%s: a plan without a Codex ends with %d, apply with %d:\n%s\n%s", name, code, applied, alone, errs)
			}
			if applied == 3 {
				refused++
			}
		}
		if refused < 9 || refused > len(policies)-2 {
			t.Errorf("%d of %d are refused for Codex %s: the policies prove nothing", refused, len(policies), version)
		}
		t.Logf("%d of %d refused for Codex %s", refused, len(policies), version)
	})
}

func write(t *testing.T, dir, policy string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
}
