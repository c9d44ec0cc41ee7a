package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// An undo of an apply that gave something back leaves the bytes of before, but for what
// somebody else wrote meanwhile.
func TestUndoBytes(t *testing.T) {
	for name, tt := range map[string]struct{ start, first, second string }{
		"a table of both's, and one that goes": {
			"x = 1\n[m.o]\n# why\na = 2\n\n[m.n]\n\nb = 3\n[t.s]\nq = 4\n", "t.b=5 m.n.a=6", "x=7 absent m.n",
		},
		"a key of ours in an inline table, and the table around it": {
			"x = 1\n[t]\na = 2\nb = 3\ns = { p = 4 }\n", "u.b=5 default t.s.q=6 z=7", "z=8 absent t.s",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(tt.start + "[v]\nk = 1\n")
			if err := h.step(tt.first); err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(string(h.config.Data), "k = 1", "k = 9", 1)
			h.undone(t, desired(parsePolicy(strings.Fields(tt.second))), func(h *home, _ *testing.T) {
				h.config.Data = []byte(strings.Replace(string(h.config.Data), "k = 1", "k = 9", 1))
			})
			if got := string(h.config.Data); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// Where no note tells the way back, an undo takes the tables away that it empties.
func TestUndoWithoutNotes(t *testing.T) {
	h := newHome("y = 1\n")
	if err := h.step("z=2"); err != nil {
		t.Fatal(err)
	}
	s, err := h.look()
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Make(desired(parsePolicy([]string{"t.s.q=3"})), s.Observed)
	now := s.Observed
	now.Config.Root = p.File(plan.ConfigFile).Edited(now.Config.Root)
	now.Ledger = plan.Ledger{}
	undo := plan.Undo(p, s.Observed, now, func(string, plan.Address) plan.Note { return "" })
	if left := undo.File(plan.ConfigFile).Edited(now.Config.Root).Get("t"); !left.IsAbsent() {
		t.Errorf("a table stays: %s", left)
	}
}
