package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// TestWhoseDoing has policies that stop a Codex which started before, by what they add or
// take away beside keys of the user's: the findings are about those keys, and the policy's
// doing. What did not start before stays the user's, and what comes back is given back.
func TestWhoseDoing(t *testing.T) {
	const server = "[mcp_servers.a]\nurl = \"https://a.example/mcp\"\n"
	const permissions = "default_permissions = \"p\"\n[permissions.p.filesystem]\n\":root\" = \"read\"\n"
	for name, tt := range map[string]struct {
		start string
		d     plan.Desired
		rule  string
		want  plan.Severity
	}{
		"a command beside a url":          {server, plan.Desired{Settings: []plan.Setting{text("mcp_servers.a.command", "x")}}, "conflicting-keys", plan.Error},
		"a url in a command's place":      {"[mcp_servers.a]\ncommand = \"x\"\nargs = [\"y\"]\n", plan.Desired{Absent: absent("mcp_servers.a.command"), Settings: []plan.Setting{text("mcp_servers.a.url", "https://a.example/mcp")}}, "conflicting-keys", plan.Error},
		"the permissions that are chosen": {permissions, plan.Desired{Absent: absent("permissions.p")}, "incomplete-table", plan.Error},
		"the choice of permissions":       {permissions, plan.Desired{Absent: absent("default_permissions")}, "incomplete-table", plan.Error},
		"the mode beside permissions":     {"sandbox_mode = \"read-only\"\n[permissions.p.filesystem]\n\":root\" = \"read\"\n", plan.Desired{Absent: absent("sandbox_mode")}, "incomplete-table", plan.Error},
		"what did not start before":       {server + "command = \"x\"\n", plan.Desired{Settings: []plan.Setting{text("model", "m")}}, "conflicting-keys", plan.Warning},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start)
			if got := h.severity(t, tt.d, tt.rule); got != tt.want {
				t.Errorf("%s is %q, want %q", tt.rule, got, tt.want)
			}
		})
	}
	t.Run("what comes back", func(t *testing.T) {
		h := newHome("approval_policy = \"sometimes\"\n")
		h.repair(t, plan.Desired{Digest: "a", Settings: []plan.Setting{text("approval_policy", "never")}})
		if got := h.severity(t, plan.Desired{Digest: "b", Settings: []plan.Setting{text("model", "m")}}, "bad-value"); got != plan.Warning {
			t.Errorf("bad-value is %q, want a warning: it is the user's", got)
		}
		soft := text("approval_policy", "on-request")
		soft.Default = true
		if got := h.severity(t, plan.Desired{Digest: "c", Settings: []plan.Setting{soft}}, "bad-value"); got != plan.Warning {
			t.Errorf("bad-value is %q under a default, want a warning: it is the user's", got)
		}
	})
}

func absent(addresses ...string) (out []plan.Removal) {
	for _, a := range addresses {
		out = append(out, plan.Removal{Address: strings.Split(a, ".")})
	}
	return out
}

// severity is that of a rule's first finding about a policy over a home, "" when it finds
// nothing.
func (h *home) severity(t *testing.T, d plan.Desired, rule string) plan.Severity {
	t.Helper()
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Make(d, s.Observed)
	root := p.File(plan.ConfigFile).Edited(s.Observed.Config.Root)
	for _, f := range codex.Check(codex.Checked{Desired: d, Before: s.Observed, Root: root, Changes: p.File(plan.ConfigFile).Changes}) {
		if f.Rule == rule {
			return f.Severity
		}
	}
	return ""
}
