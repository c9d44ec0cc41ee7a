package ui_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// TestNothingHidesInACrowd: of two thousand findings, those that are not like the others
// stand in the first lines, and among the ten that GitHub shows.
func TestNothingHidesInACrowd(t *testing.T) {
	p := inSync()
	look := func(rule, summary string) {
		p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: rule, Summary: summary, Origin: at(len(p.Diagnostics)+2, 3)})
	}
	for i := range 2000 {
		look("runs-command", fmt.Sprintf("mcp_servers.s%d.command: \"docs\" is run", i))
	}
	look("runs-command", "notify: [\"/tmp/x\"] is run")
	look("opens-sandbox", "sandbox_mode: \"danger-full-access\" opens more")
	for _, format := range []ui.Format{ui.Text, ui.Markdown, ui.GitHub} {
		out := say(ui.Options{Format: format}, func(v ui.View) { v.Plan(p, nil) })
		top := strings.ReplaceAll(strings.Join(strings.SplitN(out, "\n", 13)[:12], "\n"), "\\", "")
		if format == ui.GitHub {
			top = strings.Join(strings.SplitN(out, "\n", 11)[:10], "\n")
		}
		for _, want := range []string{"/tmp/x", "danger-full-access"} {
			if !strings.Contains(top, want) {
				t.Errorf("%s: %s is not among the first lines:\n%s", format, want, top)
			}
		}
		if format == ui.Text && strings.Count(out, " is run") != 2001 {
			t.Errorf("the text leaves findings out")
		}
	}
}

// TestMarksDoNotPileUp: marks of a letter cannot cover the lines around it.
func TestMarksDoNotPileUp(t *testing.T) {
	got := ui.Visible("a" + strings.Repeat("\u0338", 50) + " e\u0301\u0323 ⚠\ufe0f a\ufe0f")
	if n := strings.Count(got, "\u0338"); n != 4 {
		t.Errorf("%d marks on a letter: %q", n, got)
	}
	if !strings.HasSuffix(got, " e\u0301\u0323 ⚠\ufe0f a\\uFE0F") {
		t.Errorf("got %q", got)
	}
}

// TestNoFormula: what stands between dollars would be set as a formula, in any colour and size.
func TestNoFormula(t *testing.T) {
	p := inSync()
	p.Diagnostics = []plan.Diagnostic{{Severity: plan.Review, Rule: "new-host", Summary: `name: $\\color{white}{x}$ $` + "`y`" + `$`}}
	out := say(ui.Options{Format: ui.Markdown}, func(v ui.View) { v.Plan(p, nil) })
	for _, want := range []string{"`$\\\\color{white}{x}$`", "`` $`y`$ ``"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}
