package codex_test

import (
	"context"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// loader is a Codex that dislikes files with a word in them.
type loader string

func (l loader) Loads(_ context.Context, config []byte) error {
	switch {
	case strings.Contains(string(config), string(l)):
		return &codex.LoadError{Place: plan.Place{Line: 3, Column: 1}, Detail: "no " + string(l)}
	case strings.Contains(string(config), "too slow"):
		return codex.ErrUnchecked
	}
	return nil
}

func TestCheckLoad(t *testing.T) {
	for _, tc := range []struct {
		name, before, after string
		want                plan.Severity
	}{
		{"loads", "good", "good", ""},
		{"would load no more", "good", "bad", plan.Error},
		{"a new file that does not load", "", "bad", plan.Error},
		{"never loaded", "bad", "bad too", plan.Warning},
		{"loads again", "bad", "good", ""},
		{"no verdict", "good", "too slow", plan.Warning},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := codex.CheckLoad(t.Context(), loader("bad"), codex.File{Data: []byte(tc.before)}, codex.File{Data: []byte(tc.after)})
			var got plan.Severity
			if len(found) > 0 {
				got = found[0].Severity
				want := "3:1: no bad"
				if tc.after == "too slow" {
					want = codex.ErrUnchecked.Error()
				}
				if found[0].Rule != "load-check" || !strings.Contains(found[0].Summary, want) {
					t.Errorf("finding %+v", found[0])
				}
			}
			if got != tc.want {
				t.Errorf("severity %q, want %q", got, tc.want)
			}
		})
	}
}

// A value of the user's that Codex refuses is given back all the same; a table that we
// break is not.
func TestGivenBackAllTheSame(t *testing.T) {
	after := codex.File{Exists: true, Data: []byte("x = \"bad\"\ny = 1\n")}
	given := func(value string) plan.Plan {
		return plan.Plan{Files: []plan.FileChange{{Path: plan.ConfigFile, Changes: []plan.Change{
			{Address: plan.Address{"x"}, Action: plan.Update, Before: plan.Str("ours"), After: plan.Str(value), GivesBack: true},
		}}}}
	}
	found := codex.CheckLoad(t.Context(), loader("bad"), codex.File{}, after)
	got := codex.GivenBackAllTheSame(t.Context(), loader("bad"), found, given("bad"), after)
	if len(got) != 1 || got[0].Severity != plan.Warning || !strings.Contains(got[0].Summary, "given back all the same") {
		t.Errorf("got %+v", got)
	}
	for name, p := range map[string]plan.Plan{"nothing is given back": {}, "another key is": func() plan.Plan {
		p := given("bad")
		p.Files[0].Changes[0].Address = plan.Address{"y"}
		return p
	}()} {
		if got := codex.GivenBackAllTheSame(t.Context(), loader("bad"), found, p, after); len(got) != 1 || got[0].Severity != plan.Error {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
