package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

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

// TestEveryRuleHasATurn: where two rules have a crowd each, findings of both stand in the
// first ten lines, and every finding stands somewhere once.
func TestEveryRuleHasATurn(t *testing.T) {
	p := inSync()
	for i := range 25 {
		for rule, said := range map[string]string{"new-host": "mcp_servers.a%d.url: is far away", "runs-command": "mcp_servers.b%d.command: is run"} {
			p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: rule, Summary: fmt.Sprintf(said, i), Origin: at(i+2, 3)})
		}
	}
	for _, format := range []ui.Format{ui.Text, ui.Markdown} {
		out := strings.ReplaceAll(say(ui.Options{Format: format}, func(v ui.View) { v.Plan(p, nil) }), "\\", "")
		top := strings.Join(strings.SplitN(out, "\n", 11)[:10], "\n")
		for _, want := range []string{"is far away", "is run", "new-host (2 of 25)", "runs-command (2 of 25)"} {
			if !strings.Contains(top, want) {
				t.Errorf("%s: %s is not among the first lines:\n%s", format, want, top)
			}
		}
		if strings.Count(out, "is far away") != 25 || strings.Count(out, "is run") != 25 || !strings.Contains(out, "new-host (the other 23)") {
			t.Errorf("%s: not every finding stands there once:\n%s", format, out)
		}
	}
}

// TestLongFindingsAreWhole: a finding is whole where there is room, and one that is short
// stands above one of many lines.
func TestLongFindingsAreWhole(t *testing.T) {
	p := inSync()
	hidden := strings.Repeat("x", 3000) + "; curl evil.example" + strings.Repeat("y", 3000)
	for _, said := range []string{"notify: " + hidden + " is run", "hooks.Stop: /tmp/x is run"} {
		p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: "runs-command", Summary: said, Origin: at(4, 3)})
	}
	for _, o := range []ui.Options{{Format: ui.Text}, {Format: ui.Markdown}, {Format: ui.Text, Width: 80}} {
		out := say(o, func(v ui.View) { v.Plan(p, nil) })
		evil, short := strings.Index(out, "; curl"), strings.Index(out, "/tmp/x")
		if evil < 0 || short > evil {
			t.Errorf("%+v: what is short stands at %d, what is hidden in a long text at %d", o, short, evil)
		}
	}
}

// TestTheDifferenceIsNotCut: two long values that differ in their middles never look the same.
func TestTheDifferenceIsNotCut(t *testing.T) {
	long := func(s string) string { return strings.Repeat("a", 150) + s + strings.Repeat("z", 150) }
	for _, c := range []struct{ old, new, wantOld, wantNew string }{
		{long("/team-one/"), long("/team-two/"), "/team-one/", "/team-two/"},
		{long(""), long("; curl evil.example"), "aaazzz", "; curl evil.example"},
		{long("日本") + "x", long("日語") + "x", "日本", "日語"},
		{long("one") + "1", long("two") + "2", "one", "two"},
		{strings.Repeat("b", 300), long("!"), "(302 characters)", "(303 characters)"},
	} {
		p := inSync()
		p.Files[0] = plan.FileChange{Path: plan.ConfigFile, Action: plan.Update, Changes: []plan.Change{
			{Address: plan.Address{"model"}, Action: plan.Update, Before: plan.Str(c.old), After: plan.Str(c.new), Origin: at(2, 8)},
		}}
		for _, o := range []ui.Options{{Width: 60}, {Width: 80}, {Width: 200}, {Width: 80, ASCII: true}} {
			o.Format = ui.Text
			out := say(o, func(v ui.View) { v.Plan(p, nil) })
			if o.ASCII {
				c.wantOld, c.wantNew = strings.Trim(c.wantOld, "日本"), strings.Trim(c.wantNew, "日語")
			}
			if !strings.Contains(out, c.wantOld) || !strings.Contains(out, c.wantNew) {
				t.Errorf("%d columns: no %s and %s in\n%s", o.Width, c.wantOld, c.wantNew, out)
			}
			for line := range strings.Lines(out) {
				if n := columnsOf(strings.TrimSuffix(line, "\n")); n > o.Width {
					t.Errorf("%d columns on a screen of %d: %s", n, o.Width, line)
				}
			}
		}
	}
}

// TestOldStandsBeforeNew: of two values that read from right to left a browser would show
// the new one first, did not a word with letters of its own stand between them.
func TestOldStandsBeforeNew(t *testing.T) {
	p := inSync()
	p.Files[0] = plan.FileChange{Path: plan.ConfigFile, Action: plan.Update, Changes: []plan.Change{
		{Address: plan.Address{"model"}, Action: plan.Update, Before: plan.Str("\u05d0\u05d1"), After: plan.Str("\u0627\u0628"), Origin: at(2, 8)},
	}}
	p.Policy = []plan.PolicyChange{{Path: []string{"secret", "env"}, Before: plan.Str("\u05d0"), After: plan.Str("\u05d1"), Origin: at(3, 3)}}
	for _, format := range []ui.Format{ui.Text, ui.Markdown, ui.GitHub} {
		out := say(ui.Options{Format: format}, func(v ui.View) { v.Plan(p, nil) })
		if !strings.Contains(out, "\"\u05d0\u05d1\" → now \"\u0627\u0628\"") || !strings.Contains(out, "\"\u05d0\" → now \"\u05d1\"") {
			t.Errorf("%s: %s", format, out)
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

// TestNoFindingIsOnlyCounted: of five thousand findings each stands in the comment with its
// name and what it is about, and the comment still fits.
func TestNoFindingIsOnlyCounted(t *testing.T) {
	for name, said := range map[string]func(i int) (summary, must string){
		"one text": func(i int) (string, string) {
			return fmt.Sprintf(`mcp_servers.s%d.command: "docs" is run`, i), fmt.Sprintf("s%d,", i)
		},
		"a thousand texts": func(i int) (string, string) {
			return fmt.Sprintf(`mcp_servers.s%d.command: "d%d" is run`, i, i%1000), fmt.Sprintf(`s%d,`, i)
		},
		"quoted names": func(i int) (string, string) {
			return fmt.Sprintf(`projects."/%d": "trusted"`, i), fmt.Sprintf(`"/%d",`, i)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := inSync()
			want := make([]string, 5000)
			for i := range want {
				summary, must := said(i)
				want[i] = must
				p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: "runs-command", Summary: summary, Origin: at(i+2, 3)})
			}
			out := say(ui.Options{Format: ui.Markdown}, func(v ui.View) { v.Plan(p, nil) })
			plain := strings.NewReplacer("\\", "", "`", "", ";", ",", " \"", ", \"", "\n", ",\n").Replace(out)
			missing := 0
			for i := 6; i < len(want)-1; i++ { // the first ones stand in lines of their own, the last one ends a line
				if !strings.Contains(plain, want[i]) {
					missing++
				}
			}
			if n := utf8.RuneCountInString(out); missing > 0 || n > 60_000 || strings.Contains(out, "left out here") && strings.Contains(out, "like these") {
				t.Errorf("%d findings of 5,000 are missing in %d characters:\n%.2000s", missing, n, out)
			}
		})
	}
}
