//go:build unix

package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

const verdictKey = "sk-verdict-0123456789abcdef"

// hostileHomes are homes that something is wrong with, or nothing.
var hostileHomes = []struct {
	name  string
	build func(*machine)
}{
	{"empty", func(*machine) {}},
	{"missing", func(m *machine) { os.Remove(m.home()) }},
	{"lived in", func(m *machine) {
		m.write(".codex/config.toml", "# Kim's\nmodel = \"o4\"\n[mcp_servers.docs]\ncommand = \"docs\"\n")
		m.write(".codex/auth.json", `{"OPENAI_API_KEY": "sk-of-kim-0123456789abcdef"}`)
	}},
	{"bad TOML", func(m *machine) { m.write(".codex/config.toml", "model = \n") }},
	{"a key twice", func(m *machine) { m.write(".codex/config.toml", "model = 1\nmodel = 2\n") }},
	{"not UTF-8", func(m *machine) { m.write(".codex/config.toml", "model = \"\xff\"\n") }},
	{"zeros", func(m *machine) { m.write(".codex/config.toml", "\x00\x00\x00") }},
	{"half an auth.json", func(m *machine) { m.write(".codex/auth.json", `{"OPENAI_API_KEY": "sk-`) }},
	{"a key that is a number", func(m *machine) { m.write(".codex/auth.json", `{"OPENAI_API_KEY": 7}`) }},
	{"a value where a table is wanted", func(m *machine) { m.write(".codex/config.toml", "tui = 1\nmodel_providers = 2\n") }},
	{"tables where a value is wanted", func(m *machine) { m.write(".codex/config.toml", "[[tui]]\nx = 1\n[model]\ny = 1\n") }},
	{"does not load before us", func(m *machine) {
		m.write(".codex/config.toml", "[sandbox_workspace_write]\nnetwork_access = \"yes\"\n")
	}},
	{"a second name", func(m *machine) {
		os.Link(m.write(".codex/config.toml", "model = \"o4\"\n"), filepath.Join(m.user, "second.toml"))
	}},
	{"a second name for auth.json", func(m *machine) {
		os.Link(m.write(".codex/auth.json", "{}"), filepath.Join(m.user, "second.json"))
	}},
	{"a git work tree", func(m *machine) { os.Mkdir(filepath.Join(m.user, ".git"), 0o700) }},
	{"a store link", func(m *machine) { os.Symlink("/nix/store/none/config.toml", filepath.Join(m.home(), "config.toml")) }},
	{"a loop", func(m *machine) { os.Symlink("config.toml", filepath.Join(m.home(), "config.toml")) }},
	{"a link into nothing", func(m *machine) { os.Symlink("../nowhere/auth.json", filepath.Join(m.home(), "auth.json")) }},
	{"a link to a dotfile", func(m *machine) {
		os.Symlink(m.write("dotfiles/config.toml", "model = \"o4\"\n"), filepath.Join(m.home(), "config.toml"))
	}},
	{"a link that others may write behind", func(m *machine) {
		os.Symlink(m.write("dotfiles/config.toml", "model = \"o4\"\n"), filepath.Join(m.home(), "config.toml"))
		os.Chmod(filepath.Join(m.user, "dotfiles"), 0o777)
	}},
	{"a folder for auth.json", func(m *machine) { os.Mkdir(filepath.Join(m.home(), "auth.json"), 0o700) }},
	{"a FIFO for config.toml", func(m *machine) { syscall.Mkfifo(filepath.Join(m.home(), "config.toml"), 0o600) }},
	{"a file for the home", func(m *machine) { os.Remove(m.home()); m.write(".codex", "") }},
	{"others may write the home", func(m *machine) { os.Chmod(m.home(), 0o777) }},
	{"others may write config.toml", func(m *machine) { os.Chmod(m.write(".codex/config.toml", "model = \"o4\"\n"), 0o666) }},
	{"others may read auth.json", func(m *machine) { os.Chmod(m.write(".codex/auth.json", "{}"), 0o644) }},
	{"a file for our state", func(m *machine) { m.write(".codex/.codexform", "") }},
	{"a link for our state", func(m *machine) { os.Symlink(m.user, filepath.Join(m.home(), ".codexform")) }},
	{"a ledger from the future", func(m *machine) { m.write(".codex/.codexform/ledger.json", `{"format_version":"99"}`) }},
	{"half a ledger", func(m *machine) { m.write(".codex/.codexform/ledger.json", `{"for`) }},
	{"half a history", func(m *machine) { m.write(".codex/.codexform/history.jsonl", `{"n`) }},
	{"a folder for the history", func(m *machine) { os.MkdirAll(filepath.Join(m.home(), ".codexform", "history.jsonl"), 0o700) }},
	{"a read-only home", func(m *machine) { os.Chmod(m.home(), 0o500) }},
	{"a home where the kernel lets nobody write", func(m *machine) { os.Remove(m.home()); os.Symlink("/proc/sys", m.home()) }},
	{"a huge config.toml", func(m *machine) { m.write(".codex/config.toml", strings.Repeat("# nothing\n", 500_000)) }},
}

// hostilePolicies are policies that something is wrong with, or nothing.
var hostilePolicies = []struct{ name, yaml string }{
	{"a provider", "model: gpt-5.4\nprovider: {id: gate, base_url: 'URL'}\nsecret: {env: GATE_KEY}\n"},
	{"settings", "settings: {model: gpt-5.4, tui: {animations: false}}\n"},
	{"no secret to be had", "model: gpt-5.4\nprovider: {id: gate, base_url: 'URL'}\nsecret: {env: NOT_SET}\n"},
	{"a wrong type in a nested table", "settings: {sandbox_workspace_write: {network_access: 'yes'}}\n"},
	{"a wrong type in a server", "settings: {mcp_servers: {docs: {command: docs, startup_timeout_sec: soon}}}\n"},
	{"a wrong type, and a key", "model: gpt-5.4\nprovider: {id: gate, base_url: 'URL'}\nsecret: {env: GATE_KEY}\nsettings: {tui: {notifications: 7}}\n"},
	{"a reserved provider", "model: gpt-5.4\nprovider: {id: openai, base_url: 'URL'}\nsecret: {env: GATE_KEY}\n"},
	{"an old wire API", "settings: {model_providers: {old: {name: Old, base_url: 'http://127.0.0.1:1/v1', wire_api: chat}}}\n"},
	{"no secret and a wrong type", "model: gpt-5.4\nprovider: {id: gate, base_url: 'URL'}\nsecret: {env: NOT_SET}\nsettings: {tui: {notifications: 7}}\n"},
	{"what is there already", "settings: {model: o4}\n"},
	{"something absent", "absent: [[model]]\n"},
}

// What apply refuses or finds, plan says with the same exit code and the same words,
// and the other way round. A plan that an apply then carried out promised it.
func TestPlanIsWhatApplyMeets(t *testing.T) {
	codex := testCodex(t)
	g, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(verdictKey))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	seen := map[int]int{}
	for i, h := range hostileHomes {
		for j, p := range hostilePolicies {
			if i > 2 && j > 3 {
				continue // each policy meets the first homes, each home the first policies
			}
			t.Run(h.name+", "+p.name, func(t *testing.T) {
				m := newMachine(t)
				m.vars = map[string]string{"GATE_KEY": verdictKey}
				if err := os.Mkdir(m.home(), 0o700); err != nil {
					t.Fatal(err)
				}
				h.build(m)
				policy := m.write("codex.yaml", "version: 1\n"+strings.ReplaceAll(p.yaml, "URL", g.URL()))
				m.args = []string{"-f", policy, "--codex-home", m.home(), "--codex", codex, "--format", "json"}
				seen[sameVerdict(t, m)]++
			})
		}
	}
	if !t.Failed() && (seen[0] < 15 || seen[1] < 60 || seen[3] < 20 || seen[4] < 5) {
		t.Errorf("the homes are not hostile enough any more: exit codes %v", seen)
	}
}

// hurts are what may happen to a home between an apply and its end.
var hurts = []struct {
	name string
	hurt func(*machine)
}{
	{"nothing", func(*machine) {}},
	{"an edit", func(m *machine) { m.change("config.toml", "gpt-5.4", "o4") }},
	{"a comment", func(m *machine) { m.change("config.toml", "model = ", "# mine\nmodel = ") }},
	{"bad TOML", func(m *machine) { m.change("config.toml", "model = ", "model == ") }},
	{"half an auth.json", func(m *machine) { m.write(".codex/auth.json", `{"OPENAI_`) }},
	{"another key", func(m *machine) { m.change("auth.json", verdictKey, "sk-another-0123456789abcdef") }},
	{"a second name", func(m *machine) {
		os.Link(filepath.Join(m.home(), "config.toml"), filepath.Join(m.user, "second.toml"))
	}},
	{"a git work tree", func(m *machine) { os.Mkdir(filepath.Join(m.user, ".git"), 0o700) }},
	{"others may write", func(m *machine) { os.Chmod(m.home(), 0o777) }},
	{"a lost ledger", func(m *machine) { os.Remove(filepath.Join(m.home(), ".codexform", "ledger.json")) }},
	{"half a ledger", func(m *machine) { m.write(".codex/.codexform/ledger.json", `{"for`) }},
	{"half a history", func(m *machine) { m.write(".codex/.codexform/history.jsonl", `{"n`) }},
	{"a lost history", func(m *machine) { os.Remove(filepath.Join(m.home(), ".codexform", "history.jsonl")) }},
	{"nothing left", func(m *machine) { os.RemoveAll(m.home()) }},
}

// The same holds for what gives back: plan --rollback and plan --destroy.
func TestPlanIsWhatGivingBackMeets(t *testing.T) {
	g, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(verdictKey))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	seen := map[int]int{}
	for _, h := range hurts {
		for _, command := range []string{"rollback", "destroy"} {
			for _, before := range []string{"", "model = \"mine\"\n"} {
				t.Run(fmt.Sprintf("%s, %s, %q", h.name, command, before), func(t *testing.T) {
					m := newMachine(t)
					m.vars = map[string]string{"GATE_KEY": verdictKey}
					m.write(".codex/config.toml", before)
					policy := m.write("codex.yaml", "version: 1\n"+strings.ReplaceAll(hostilePolicies[0].yaml, "URL", g.URL()))
					m.args = []string{"--codex-home", m.home(), "--codex", "off", "--format", "json"}
					if code, v := said(t, m, "apply", "--auto-approve", "-f", policy); code != 0 {
						t.Fatalf("apply: %d %+v", code, v)
					}
					h.hurt(m)
					seen[agree(t, m, []string{"plan", "--" + command}, []string{command, "--auto-approve"})]++
				})
			}
		}
	}
	if !t.Failed() && (seen[0] < 20 || seen[1] < 10) {
		t.Errorf("the homes are not hurt enough any more: exit codes %v", seen)
	}
}

// sameVerdict plans and applies, and wants the same of both.
func sameVerdict(t *testing.T, m *machine) int {
	t.Helper()
	code := agree(t, m, []string{"plan"}, []string{"apply", "--auto-approve"})
	if code == 0 {
		if again, p := said(t, m, "plan", "--detailed-exitcode"); again != 0 {
			t.Errorf("a plan after the apply ends with %d: %+v", again, p)
		}
	}
	return code
}

// agree runs a plan and what it is a plan of, and wants the same of both.
func agree(t *testing.T, m *machine, plan, do []string) int {
	t.Helper()
	before := tree(t, m.user)
	planned, p := said(t, m, plan...)
	if after := tree(t, m.user); after != before {
		t.Errorf("plan wrote something:\n%s", cmp.Diff(before, after))
	}
	done, a := said(t, m, do...)
	if planned != done || p.Error.Message != a.Error.Message {
		t.Errorf("%v ends with %d %q, %v with %d %q", plan, planned, p.Error.Message, do, done, a.Error.Message)
	}
	if diff := cmp.Diff(p.Diagnostics, a.Plan.Diagnostics); diff != "" && a.Plan.Files != nil {
		t.Errorf("findings (-plan +%s):\n%s", do[0], diff)
	}
	if diff := cmp.Diff(p.Summary, a.Plan.Summary); diff != "" && a.Plan.Files != nil {
		t.Errorf("changes (-plan +%s):\n%s", do[0], diff)
	}
	return done
}

// verdict is as much of a plan as two commands must agree about.
type verdict struct {
	Files       []any
	Summary     map[string]int
	Diagnostics []map[string]string
	Error       struct{ Message string }
	Plan        *verdict
}

func said(t *testing.T, m *machine, args ...string) (int, verdict) {
	t.Helper()
	code, out, errs := m.run(args...)
	v := verdict{Plan: &verdict{}}
	if err := json.Unmarshal([]byte(out), &v); err != nil || errs != "" {
		t.Fatalf("%v: %v, %s%s", args, err, out, errs)
	}
	return code, v
}

// testCodex is the real Codex of the tests, below .tools.
func testCodex(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CODEXFORM_TEST_CODEX"); path != "" {
		return path
	}
	for _, pattern := range []string{"*/node_modules/@openai/codex-*/vendor/*/bin/codex", "*/node_modules/.bin/codex"} {
		if found, _ := filepath.Glob(filepath.Join("../../../.tools", pattern)); len(found) > 0 {
			path, err := filepath.Abs(found[0])
			if err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Codex below .tools: run make tools")
	}
	t.Skip("NOT TESTED: no Codex below .tools; run make tools, or name one in CODEXFORM_TEST_CODEX")
	return ""
}
