package ui_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/ui"
)

// Colours take no columns: a detail that wraps stands under itself with them too.
func TestDoctorWrapsBesideColours(t *testing.T) {
	r := ui.Report{Checks: []ui.Check{{Name: "credential", State: ui.Skipped, Detail: "one two three four five six seven eight nine"}}}
	lines := func(colour bool) []string {
		return strings.Split(say(ui.Options{Width: 40, Colour: colour}, func(v ui.View) { v.Doctor(r) }), "\n")
	}
	plain, coloured := lines(false), lines(true)
	if len(plain) < 3 || !strings.HasPrefix(plain[1], strings.Repeat(" ", 21)) {
		t.Fatalf("got %q", plain)
	}
	if len(plain) != len(coloured) || plain[1] != coloured[1] {
		t.Errorf("got %q, and with colours %q", plain, coloured)
	}
}
