package codex_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

const (
	faultSecret  = "Bearer abcdefgh12345678"
	faultHeaders = `headers = { Authorization = "` + faultSecret + `" }`
)

// faults are lines of a config.toml that a rule finds, by where they stand.
var faults = map[string][]string{
	"": {
		`model_reasoning_efort = "high" # mine`, `network_access = "enabled"`, `disable_response_storage = true`,
		`hide_agent_reasonin = "what"`, `experimental_instructions_file = "inst.md"`, `mycompany = 1`,
		`experimental_thread_store_endpoint = "x"`, `preferred_auth_method = "apikey"`, `review_modell = "m"`,
	},
	"features":            {"steer = true", "remote_models = false", "shell_tol = true", "codex_hooks = true"},
	"model_providers.old": {`name = "old"`, `base_url = "https://old.example/v1"`, `wire_api = "chat"`, `env_headers = { a = "A" }`},
	"model_providers.mid": {`name = "mid"`, `base_url = "https://mid.example/v1"`, `wire_api = "chat"`, `env_ky = "MID"`},
	"mcp_servers.docs":    {`url = "https://docs.example/mcp"`, faultHeaders, `startup_timeout_secs = 30`},
	"tui":                 {`notificatons = true`, `theme = "dark"`},
}

var faultTables = []string{"", "features", "model_providers.old", "model_providers.mid", "mcp_servers.docs", "tui"}

// faulty makes a config.toml up of them, and of keys that are right.
func faulty(r *rand.Rand) string {
	var out strings.Builder
	for _, table := range faultTables {
		if table != "" && !strings.HasPrefix(table, "model_providers") && r.IntN(4) == 0 {
			continue
		}
		if table != "" {
			fmt.Fprintf(&out, "\n[%s]\n", table)
		} else if r.IntN(2) == 0 {
			fmt.Fprintf(&out, "model_provider = %q\n", []string{"old", "mid", "openai"}[r.IntN(3)])
		}
		if table == "" && r.IntN(3) == 0 {
			out.WriteString("model_reasoning_effort = \"low\"\n")
		}
		for _, line := range faults[table] {
			if r.IntN(2) == 0 || strings.HasPrefix(line, "name") {
				out.WriteString(line + "\n")
			}
		}
	}
	return out.String()
}

// repairPolicy lists some rules, and names some keys that they are about.
func repairPolicy(r *rand.Rand) plan.Desired {
	d := plan.Desired{}
	for _, rule := range plan.RepairRules {
		if r.IntN(3) > 0 {
			d.Repair = append(d.Repair, plan.RepairRule{Rule: rule})
		}
	}
	for _, s := range []plan.Setting{
		text("model_provider", "mid"), text("model_reasoning_effort", "medium"), text("model_providers.old.wire_api", "responses"),
		{Address: plan.Address{"features", "steer"}, Value: plan.Bool(true)},
		{Address: plan.Address{"tui", "notifications"}, Value: plan.Bool(false), Default: true},
	} {
		if r.IntN(6) == 0 {
			d.Settings = append(d.Settings, s)
		}
	}
	for _, a := range []plan.Address{{"network_access"}, {"disable_response_storage"}, {"model_providers", "mid", "env_ky"}} {
		if r.IntN(8) == 0 {
			d.Absent = append(d.Absent, plan.Removal{Address: a})
		}
	}
	d.Digest = fmt.Sprint(d)
	return d
}

// repaired is a policy with what its rules make of a home.
func repaired(d plan.Desired, o plan.Observed) plan.Desired {
	d.Repairs, _ = codex.Repairs(codex.Checked{Desired: d, Before: o}, nil)
	return d
}

// TestRepairs has the rules themselves repair homes that are full of faults: a plan after
// an apply is empty, with a lost ledger too; nothing is left that a rule could repair;
// what may be a secret is there as it was, once; and a destroy gives every byte back;
// where a secret was moved, all but its name.
func TestRepairs(t *testing.T) {
	changed := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		start := faulty(r)
		h := newHome(start)
		if _, err := h.look(); err != nil {
			continue // a key twice
		}
		log := []string{start}
		for range 1 + r.IntN(3) {
			d := repairPolicy(r)
			p := h.repair(t, d)
			log = append(log, fmt.Sprint(d.Repair, d.Settings, d.Absent), string(h.config.Data))
			if slices.ContainsFunc(p.File(plan.ConfigFile).Changes, func(c plan.Change) bool { return strings.HasPrefix(c.Reason, "repair: ") && c.Edits() }) {
				changed++
			}
			if err := h.soundAfter(d); err == nil && strings.Count(string(h.config.Data), faultSecret) != strings.Count(start, faultSecret) {
				t.Fatalf("seed %d: the secret is not there once\n%s", seed, strings.Join(log, "\n---\n"))
			} else if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, strings.Join(log, "\n---\n"))
			}
		}
		h.repair(t, plan.Desired{})
		if got := string(h.config.Data); got != start && !h.same(t, start) {
			t.Fatalf("seed %d: destroy leaves\n%s\n---\n%s", seed, got, strings.Join(log, "\n---\n"))
		}
	}
	if changed < 200 {
		t.Errorf("only %d applies repaired anything: the homes prove nothing", changed)
	}
}

func (h *home) repair(t *testing.T, d plan.Desired) plan.Plan {
	t.Helper()
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	return h.give(t, repaired(d, s.Observed))
}

// soundAfter is what is wrong after an apply of a policy.
func (h *home) soundAfter(d plan.Desired) error {
	s, err := h.look()
	if err != nil {
		return err
	}
	if p := plan.Make(repaired(d, s.Observed), s.Observed); !p.Empty() {
		return fmt.Errorf("a plan after apply is not empty: %v", p.Files[0].Changes)
	}
	s.Observed.Ledger = plan.Ledger{}
	if again := repaired(d, s.Observed).Repairs; len(again) > 0 {
		return fmt.Errorf("without a ledger there is more to repair: %v", again)
	}
	return nil
}

// same reports a home that says what another text says: what a repair has moved comes back
// to its name, and may stand in another place.
func (h *home) same(t *testing.T, start string) bool {
	t.Helper()
	root := func(h *home) plan.Value {
		s, err := h.look()
		if err != nil {
			t.Fatal(err)
		}
		return s.Observed.Config.Root
	}
	return root(h).Same(root(newHome(start)))
}

// TestRepairOf is one fault at a time, and what becomes of it.
func TestRepairOf(t *testing.T) {
	for name, tt := range map[string]struct{ start, want string }{
		"a misspelt key":                       {"model_reasoning_efort = \"high\"\n", "model_reasoning_effort = \"high\"\n"},
		"a misspelt key beside the right one":  {"model_reasoning_effort = \"low\"\nmodel_reasoning_efort = \"high\"\n", "model_reasoning_effort = \"low\"\n"},
		"a misspelt key with a wrong value":    {"hide_agent_reasonin = \"what\"\n", ""},
		"a key that nobody knows":              {"mycompany = 1\n", ""},
		"a guide's key":                        {"network_access = \"enabled\"\n", "-"},
		"a dead switch":                        {"[features]\nsteer = true\nshell_tool = true\n", "[features]\nshell_tool = true\n"},
		"a switch with a new name":             {"[features]\ncodex_hooks = true\n", "[features]\nhooks = true\n"},
		"an old provider":                      {"[model_providers.old]\nname = \"o\"\nbase_url = \"https://o.example\"\nwire_api = \"chat\"\n", "[model_providers.old]\nname = \"o\"\nbase_url = \"https://o.example\"\nwire_api = \"responses\"\n"},
		"a provider in use":                    {"model_provider = \"old\"\n[model_providers.old]\nname = \"o\"\nwire_api = \"chat\"\n", ""},
		"a provider that a profile uses":       {"[profiles.p]\nmodel_provider = \"old\"\n[model_providers.old]\nname = \"o\"\nwire_api = \"chat\"\n", ""},
		"headers with a secret":                {"[mcp_servers.d]\nurl = \"https://d.example\"\nheaders = { Authorization = \"Bearer abcdefgh12345678\" }\n", "[mcp_servers.d]\nurl = \"https://d.example\"\n\n[mcp_servers.d.http_headers]\nAuthorization = \"Bearer abcdefgh12345678\"\n"},
		"headers with a secret beside others":  {"[mcp_servers.d]\nurl = \"https://d.example\"\nheaders = { Authorization = \"Bearer abcdefgh12345678\" }\nhttp_headers = { X = \"1\" }\n", ""},
		"a dead key with a secret":             {"disable_response_storage = \"sk-abcdefgh0123456789abcdef\"\n", ""},
		"headers of a command, which has none": {"[mcp_servers.d]\ncommand = \"d\"\nheaders = { X = \"1\" }\n", ""},
		"headers by name":                      {"[mcp_servers.d]\nurl = \"https://d.example\"\nenv_headers = { X-A = \"VAR\" }\n", "[mcp_servers.d]\nurl = \"https://d.example\"\n\n[mcp_servers.d.env_http_headers]\nX-A = \"VAR\"\n"},
		"servers under another tool's name":    {"[mcp.docs]\ncommand = \"docs\"\n", "[mcp_servers.docs]\ncommand = \"docs\"\n"},
		"a profile":                            {"profile = \"work\"\n", ""},
		"a key that Codex refuses":             {"experimental_thread_store_endpoint = \"https://s.example\"\n", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start)
			h.repair(t, plan.Desired{Digest: "d", Repair: []plan.RepairRule{{Rule: "unknown-key"}, {Rule: "removed-key"}, {Rule: "wire-api-chat"}}})
			want := strings.TrimPrefix(tt.want, "-")
			if tt.want == "" {
				want = tt.start
			}
			if got := string(h.config.Data); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestRepairVersions holds what is repaired against the Codex that reads the file: new
// things by its version, and what is repaired stays.
func TestRepairVersions(t *testing.T) {
	rules := []plan.RepairRule{{Rule: "unknown-key"}, {Rule: "removed-key"}, {Rule: "wire-api-chat"}}
	chat := "[model_providers.old]\nname = \"o\"\nbase_url = \"https://o.example\"\nwire_api = \"chat\"\n"
	for name, tt := range map[string]struct {
		start    string
		versions []codex.Version
		want     int
	}{
		"chat, for a Codex that speaks it": {chat, []codex.Version{{Minor: 74}}, 0},
		"chat, for some that do":           {chat, []codex.Version{{Minor: 74}, {Minor: 171}}, 0},
		"chat, for a newer one":            {chat, []codex.Version{{Minor: 999}}, 1},
		"unknown, for a newer one":         {"model_reasoning_efort = \"high\"\n", []codex.Version{{Minor: 999}}, 0},
		"unknown, for this one":            {"model_reasoning_efort = \"high\"\n", []codex.Version{{Minor: 171}}, 2},
	} {
		s, err := newHome(tt.start).look()
		if err != nil {
			t.Fatal(err)
		}
		got, open := codex.Repairs(codex.Checked{Desired: plan.Desired{Repair: rules}, Before: s.Observed}, tt.versions)
		if len(got) != tt.want || !open {
			t.Errorf("%s: got %v (open: %v), want %d", name, got, open, tt.want)
		}
	}
	h := newHome(chat)
	d := plan.Desired{Digest: "d", Repair: rules}
	h.repair(t, d)
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []codex.Version{{Minor: 74}, {Minor: 171}, {Minor: 999}} {
		got, open := codex.Repairs(codex.Checked{Desired: d, Before: s.Observed}, []codex.Version{v})
		if len(got) != 1 || open {
			t.Errorf("%v, after the repair: %v (open: %v)", v, got, open)
		}
	}
}

// A provider that somebody selects once it is repaired stays so: Codex would not start.
func TestRepairedAndThenUsed(t *testing.T) {
	h := newHome("model_provider = \"openai\"\n[model_providers.old]\nname = \"o\"\nbase_url = \"https://o.example\"\nwire_api = \"chat\"\n")
	d := plan.Desired{Digest: "d", Repair: []plan.RepairRule{{Rule: "wire-api-chat"}}}
	h.repair(t, d)
	h.types(t, "model_provider", "old")
	h.repair(t, d)
	if got := string(h.config.Data); !strings.Contains(got, `wire_api = "responses"`) {
		t.Errorf("got\n%s", got)
	}
}

// What an earlier policy made is none of the user's, and no rule looks at it.
func TestRepairOfOurOwn(t *testing.T) {
	h := newHome("model = \"m\"\n")
	h.repair(t, plan.Desired{Digest: "a", Settings: []plan.Setting{text("mcp.docs.command", "docs")}})
	h.repair(t, plan.Desired{Digest: "b", Repair: []plan.RepairRule{{Rule: "unknown-key"}}})
	if got := string(h.config.Data); got != "model = \"m\"\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestRepairRulesAreOne(t *testing.T) {
	d := plan.Desired{Digest: "d"}
	for _, rule := range plan.RepairRules {
		d.Repair = append(d.Repair, plan.RepairRule{Rule: rule})
		if !slices.ContainsFunc(codex.Rules(), func(r codex.Rule) bool { return r.ID == rule }) {
			t.Errorf("%s is no rule", rule)
		}
	}
	repaired(d, plan.Observed{}) // panics at one without a fix
}
