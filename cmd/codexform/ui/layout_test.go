package ui

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

// Who may read a new file is said by its mode, and in words where files have none.
func TestFileNote(t *testing.T) {
	for _, c := range []struct {
		f    plan.FileChange
		want string
	}{
		{plan.FileChange{Path: plan.AuthFile, Action: plan.Create, Mode: 0o600}, "(new, 0600)"},
		{plan.FileChange{Path: plan.AuthFile, Action: plan.Create}, "(new, for its owner alone)"},
		{plan.FileChange{Path: plan.ConfigFile, Action: plan.Create}, "(new)"},
		{plan.FileChange{Path: plan.AuthFile, Action: plan.Update, OldMode: 0o644, Mode: 0o600}, "(mode 0644 → 0600)"},
		{plan.FileChange{Path: plan.AuthFile, Action: plan.Update}, ""},
	} {
		if got := fileNote(c.f); got != c.want {
			t.Errorf("%s, %v, %04o: got %q, want %q", c.f.Path, c.f.Action, c.f.Mode, got, c.want)
		}
	}
}

// A home of which nothing is ours and nothing is there says no more than that.
func TestHeadlineOfNothing(t *testing.T) {
	for _, c := range []struct {
		p    plan.Plan
		want string
	}{
		{plan.Plan{}, "Nothing to do in ~/.codex."},
		{plan.Plan{Unmanaged: 1}, "Nothing to do in ~/.codex: 1 key is yours and stays."},
	} {
		if got := headline(c.p, "~/.codex"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
