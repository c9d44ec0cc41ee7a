package codex_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// TestRepairMovesBack follows headers with a secret, which the ledger does not hold, to
// their right name and back.
func TestRepairMovesBack(t *testing.T) {
	const start = "model = \"m\"\n\n[mcp_servers.d]\nurl = \"https://d.example\"\nheaders = { Authorization = \"Bearer abcdefgh12345678\", X = \"1\" }\n"
	rule := plan.Desired{Digest: "d", Repair: []plan.RepairRule{{Rule: "unknown-key"}}}
	with := func(s ...plan.Setting) plan.Desired { return plan.Desired{Digest: "e", Settings: s} }
	also := func(s ...plan.Setting) plan.Desired {
		d := with(s...)
		d.Repair = rule.Repair
		return d
	}
	back := func(t *testing.T, h *home) {
		t.Helper()
		s, err := h.look()
		if err != nil {
			t.Fatal(err)
		}
		p := plan.Rollback(h.records[len(h.records)-1:], s.Observed, func(plan.Value) string { return "" })
		if err := h.carryOut(s, p, "rollback"); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		do   func(t *testing.T, h *home)
		gone bool // headers stay under the name that Codex knows
	}{
		"destroyed": {do: func(t *testing.T, h *home) { h.repair(t, plan.Desired{}) }},
		"no longer in the policy": {do: func(t *testing.T, h *home) {
			h.repair(t, with(text("personality", "none")))
			h.repair(t, plan.Desired{})
		}},
		"rolled back": {do: func(t *testing.T, h *home) { back(t, h) }},
		"destroyed, that rolled back, destroyed": {do: func(t *testing.T, h *home) {
			h.repair(t, plan.Desired{})
			back(t, h)
			h.repair(t, plan.Desired{})
		}},
		"destroyed, and that rolled back": {gone: true, do: func(t *testing.T, h *home) {
			h.repair(t, plan.Desired{})
			back(t, h)
		}},
		"destroyed, and that rolled back over headers of theirs": {gone: true, do: func(t *testing.T, h *home) {
			h.repair(t, plan.Desired{})
			h.types(t, "mcp_servers.d.http_headers.Y", "theirs")
			back(t, h)
			if got := string(h.config.Data); !strings.Contains(got, "theirs") || !strings.Contains(got, ".headers]") {
				t.Errorf("left is\n%s", got)
			}
		}},
		"twice": {do: func(t *testing.T, h *home) {
			h.repair(t, plan.Desired{})
			h.repair(t, rule)
			h.repair(t, also(text("personality", "none")))
			h.repair(t, rule)
			h.repair(t, plan.Desired{})
		}},
		"written by somebody since": {gone: true, do: func(t *testing.T, h *home) {
			h.types(t, "mcp_servers.d.http_headers.X", "2")
			h.repair(t, plan.Desired{})
		}},
		"with a lost ledger": {gone: true, do: func(t *testing.T, h *home) {
			h.ledger = nil
			h.repair(t, plan.Desired{})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(start)
			h.repair(t, rule)
			if got := string(h.config.Data); !strings.Contains(got, "http_headers") || strings.Contains(string(h.ledger), "abcdefgh") {
				t.Fatalf("the repair leaves\n%s\n%s", got, h.ledger)
			}
			tt.do(t, h)
			got := string(h.config.Data)
			if strings.Count(got, faultSecret) != 1 || strings.Contains(got, "http_headers") != tt.gone || !tt.gone && !h.same(t, start) {
				t.Errorf("left is\n%s", got)
			}
			if text, err := json.Marshal(h.records); err != nil || strings.Contains(string(text), "abcdefgh") {
				t.Errorf("history has the secret: %s, %v", text, err)
			}
		})
	}
}
