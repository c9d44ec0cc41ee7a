package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// undone applies a policy, has the user write into it, and undoes it.
func (h *home) undone(t *testing.T, d plan.Desired, user func(*home, *testing.T)) plan.Plan {
	t.Helper()
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Make(d, s.Observed)
	r, err := s.Render(p, birthday)
	if err != nil {
		t.Fatal(err)
	}
	h.config = r.Config
	user(h, t)
	now, err := codex.Decode("/h", h.config, codex.File{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	undo := codex.StandingUndo(now.Observed, r.Ledger, func(o plan.Observed) plan.Plan {
		return plan.Undo(p, s.Observed, o, r.Note)
	})
	back, err := now.Render(undo, birthday)
	if err != nil {
		t.Fatal(err)
	}
	h.config = back.Config
	return undo
}

// An undo leaves what Codex starts with, whatever somebody wrote before it.
func TestStandingUndo(t *testing.T) {
	old := "model_provider = \"old\"\n\n[model_providers.old]\nname = \"Old\"\nbase_url = \"https://old.example/v1\"\n"
	for name, tt := range map[string]struct {
		start      string
		policy     plan.Desired
		user       func(*home, *testing.T)
		want, says string
	}{
		"a key of the user's in our new provider": {
			"model = \"m\"\n", gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model_providers.corp.env_key", "MINE") },
			"model = \"m\"\n\n[model_providers.corp]\nname = \"Gate\"\nbase_url = \"https://gate.example/v1\"\nenv_key = \"MINE\"\n",
			"kept: keys of yours are in model_providers.corp",
		},
		"a key of the user's in our new server": {
			"",
			plan.Desired{Digest: "s", Settings: []plan.Setting{text("mcp_servers.docs.command", "docs")}},
			func(h *home, t *testing.T) { h.types(t, "mcp_servers.docs.cwd", "/src") },
			"[mcp_servers.docs]\ncommand = \"docs\"\ncwd = \"/src\"\n", "kept: keys of yours are in mcp_servers.docs",
		},
		"the table of the selector from before is gone": {
			old, gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model_providers.old", "") },
			"", `"old" from before is not given back: its table is gone`,
		},
		"a key of the user's elsewhere": {
			old, gatewayPolicy("corp"),
			func(h *home, t *testing.T) { h.types(t, "model", "m") },
			strings.Replace(old, "\n\n", "\nmodel = \"m\"\n\n", 1), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start)
			p := h.undone(t, tt.policy, tt.user)
			if got := string(h.config.Data); strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if said := reasons(p); !strings.Contains(said, tt.says) || tt.says == "" && strings.Contains(said, "kept") {
				t.Errorf("it says\n%s", said)
			}
		})
	}
}
