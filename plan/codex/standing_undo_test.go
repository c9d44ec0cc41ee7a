package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
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
	now.Observed.Ledger = r.Ledger
	undo := codex.StandingUndo(s.Observed, now.Observed, h.around, func(o plan.Observed) plan.Plan {
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

// A value where a policy before had a table, and a table where it had a value, come
// back around what somebody wrote elsewhere.
func TestUndoOfOtherKinds(t *testing.T) {
	table := plan.Desired{Digest: "t", Settings: []plan.Setting{text("u.a", "x")}}
	value := plan.Desired{Digest: "v", Settings: []plan.Setting{text("u", "y")}}
	for _, tt := range []struct {
		first, second plan.Desired
		want          string
	}{
		{table, value, "mine = \"1\"\n\n[u]\na = \"x\"\n"},
		{value, table, "u = \"y\"\nmine = \"1\"\n"},
	} {
		h := newHome("")
		h.give(t, tt.first)
		h.undone(t, tt.second, func(h *home, t *testing.T) { h.types(t, "mine", "1") })
		got, err := tomlfile.Parse(h.config.Data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := tomlfile.Parse([]byte(tt.want))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Root.Equal(want.Root) {
			t.Errorf("got\n%s\nwant\n%s", h.config.Data, tt.want)
		}
	}
}
