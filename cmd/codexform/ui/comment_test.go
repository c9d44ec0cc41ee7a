package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// TestCommentSize demands that a plan of any size fits a comment: what to look at
// first is whole, whole changes are left out, and the first line says how many.
func TestCommentSize(t *testing.T) {
	p := everyKind()
	p.Diagnostics = nil
	for i := range 200 {
		p.Diagnostics = append(p.Diagnostics,
			plan.Diagnostic{Severity: plan.Review, Rule: "runs-command", Summary: fmt.Sprintf("server%d runs", i)},
			plan.Diagnostic{Severity: plan.Warning, Rule: "unknown-key", Summary: strings.Repeat("日本 ", 30)})
	}
	p.Files[0].Changes = nil
	for i := range 3000 {
		p.Files[0].Changes = append(p.Files[0].Changes, plan.Change{
			Address: plan.Address{fmt.Sprint("key", i)}, Action: plan.Create, After: plan.Str(strings.Repeat("日本", 20)), Origin: at(i+1, 3),
		})
	}
	got := say(ui.Options{Format: ui.Markdown}, func(v ui.View) { v.Plan(p, nil) })
	if n := utf8.RuneCountInString(got); n > 60_000 || n < 55_000 {
		t.Errorf("%d characters", n)
	}
	shown := strings.Count(got, "\n+ key")
	first, _, _ := strings.Cut(got, "\n")
	if want := fmt.Sprintf("**Cut to 60000 characters: %d changes and ", 3000-shown+2); !strings.HasPrefix(first, want) {
		t.Errorf("the first line is\n%s\nwant\n%s", first, want)
	}
	if n := strings.Count(got, " runs\n"); n != 200 {
		t.Errorf("%d of 200 findings to look at first", n)
	}
	if strings.Count(got, "```") != 2*strings.Count(got, "```diff") || strings.Count(got, "<details") != strings.Count(got, "</details>") {
		t.Error("a block stays open")
	}
	if !strings.Contains(got, "Plan: ") {
		t.Error("it is not summed up")
	}
}
