package ui_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/codexform/codexform/apply"
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
		plan.Change{Address: plan.Address{"projects", "/home/kim/" + strings.Repeat("a-long-folder/", 12)}, Action: plan.Create, After: plan.Str("🎉 yes ✅, e\u0301tude, \u1112\u1161\u11ab"), Origin: at(31, 3)},
	)
	for i := range 5 {
		config.Changes = append(config.Changes, plan.Change{Address: plan.Address{"model_providers", "old", fmt.Sprint("key", i)}, Action: plan.Delete, Before: plan.Int(1), Reason: "listed under absent"})
	}
	p.Policy = []plan.PolicyChange{{Path: []string{"secret", "command"}, Before: plan.List(plan.Str("vault"), plan.Str("kv"), plan.Str("get")), After: plan.List(plan.Str("sh"), plan.Str("-c"), plan.Str(strings.Repeat("curl https://evil.example ", 6))), Origin: at(9, 3)}}
	p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: plan.Review, Rule: "runs-command", Summary: "secret.command: " + strings.Repeat("curl https://evil.example ", 6), Origin: at(9, 3)})
	return p
}

// screens are what people look at on terminals, each with something that is hard to fit.
func screens() map[string]func(ui.View) {
	p := wideScreenful()
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	past := []plan.Record{p.Record(1, "apply", "1.2.3", when), everyKind().Record(2, "rollback", "1.2.3", when)}
	past[0].Desired.Files = []string{strings.Repeat("a-folder/", 8) + "codex.yaml", "team.yaml"}
	past[1].Confirm = "unauthorized"
	back := wideScreenful()
	back.Policy, back.Desired = nil, plan.Desired{}
	for i := range back.Files[0].Changes {
		c := &back.Files[0].Changes[i]
		c.Reason, c.GivesBack, c.Drift, c.Default = "given back: the value from before", true, false, false
	}
	return map[string]func(ui.View){
		"screen":   func(v ui.View) { v.Plan(p, notConfirmed()) },
		"history":  func(v ui.View) { v.History(past, "/home/kim/.codex") },
		"shown":    func(v ui.View) { v.History(past[:1], "/srv/日本語/"+strings.Repeat("homes/", 20)+"codex") },
		"destroy":  func(v ui.View) { v.Review(back) },
		"rollback": func(v ui.View) { v.Apply(apply.Result{Plan: back, Outcome: apply.Applied, KeyChanged: true}, nil) },
		"doctor":   func(v ui.View) { v.Doctor(crowdedReport()) },
		"problems": func(v ui.View) { v.Valid(plan.Desired{}, nil, longLines()) },
		"valid":    func(v ui.View) { v.Valid(desired(), p.Diagnostics, nil) },
	}
}

func crowdedReport() ui.Report {
	r := sickReport
	r.Checks = append(slices.Clone(r.Checks),
		ui.Check{Name: "certificates", State: ui.Good, Detail: "SSL_CERT_FILE=/etc/ssl/certs/" + strings.Repeat("authorities/", 9) + "ca-certificates.crt"},
		ui.Check{Name: "users", State: ui.Noted, Detail: "日本語の名前 and 한글 (one word, in two spellings: 한글)"})
	r.Findings = append(slices.Clone(r.Findings), ui.Finding{
		Severity: plan.Warning, ID: "not-applied", Summary: "the home is not as the desired state wants it",
		Evidence: `projects."/home/kim/` + strings.Repeat("日本語/", 20) + `".trust_level, model`, Fix: "codexform apply",
		Origin: plan.Origin{File: strings.Repeat("policies/", 12) + "codex.yaml", Place: plan.Place{Line: 3, Column: 5}},
	})
	return r
}

func longLines() *ui.Failure {
	line := "  notify: [" + strings.Repeat(`"日本語", `, 20) + "{{ .Model }}, " + strings.Repeat("again, ", 20) + "]"
	return &ui.Failure{Code: "invalid", Exit: 3, Message: "the desired state has 2 problems", Problems: []ui.Problem{
		{Origin: at(4, len([]rune(line[:strings.Index(line, "{{")]))+1), Message: "notify: " + strings.Repeat("a long word ", 20), Fix: "another value", Line: line},
		{Origin: at(5, 5), Message: "a tab", Line: "\t\te\u0301x: 1"},
	}}
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestScreens keeps what people look at as terminals of four widths show it, with and
// without colour, and with no letters but those of ASCII; and demands that no line is
// wider than its screen.
func TestScreens(t *testing.T) {
	for name, speak := range screens() {
		for _, columns := range []int{60, 80, 120, 200} {
			faces := map[string]string{"": say(ui.Options{Width: columns}, speak), "ascii.": say(ui.Options{Width: columns, ASCII: true, ErrASCII: true}, speak)}
			coloured := say(ui.Options{Width: columns, Colour: true, ErrColour: true}, speak)
			if !colours.MatchString(coloured) || colours.ReplaceAllString(coloured, "") != faces[""] {
				t.Errorf("%s, %d columns: colours change more than colour:\n%q\n%q", name, columns, coloured, faces[""])
			}
			for face, got := range faces {
				if face == "" || columns == 80 {
					compare(t, filepath.Join("testdata", fmt.Sprintf("%s.%s%d.txt", name, face, columns)), got)
				}
				for line := range strings.Lines(got) {
					if n := columnsOf(strings.TrimRight(line, "\n")); n > columns {
						t.Errorf("%s%s: %d columns on a screen of %d: %s", face, name, n, columns, line)
					}
				}
			}
			if at := strings.IndexFunc(faces["ascii."], func(r rune) bool { return r > 0x7e || r < ' ' && r != '\n' }); at >= 0 {
				t.Errorf("%s: not ASCII: %q", name, faces["ascii."][at:])
			}
		}
	}
}

// columnsOf counts what a terminal shows, by another way than the view does.
func columnsOf(s string) int {
	n := 0
	for _, r := range norm.NFC.String(s) {
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
