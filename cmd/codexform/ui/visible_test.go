package ui_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"plain → text": "plain → text",
		"a\x1b[2Jb":    `a\u001B[2Jb`,
		"a\nb\r\tc":    `a\u000Ab\u000D\u0009c`,
		"\u009b31m":    `\u009B31m`,
		"a\u202eb":     `a\u202Eb`,
		"a\u200bb":     `a\u200Bb`,
		"\U000e0041":   `\uDB40\uDC41`,
		"a\xffb":       "a\uFFFDb",
		"a\u2028b":     `a\u2028b`,
	} {
		if got := ui.Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

// hostile is everything that must not reach a terminal.
const hostile = "x\x1b]0;title\x07\u009b2J\u202e\u200b\x7f\r\nrogue\U000e0041"

// hostilePlan has the hostile text in every place that comes from outside.
func hostilePlan() plan.Plan {
	from := plan.Origin{File: hostile, Place: plan.Place{Line: 1, Column: 1}}
	p := everyKind()
	p.Home = hostile
	p.Desired.Files = []string{hostile}
	p.Desired.Provider.BaseURL = hostile
	p.Desired.Confirm.Models = []string{hostile, hostile}
	for i := range p.Files {
		for j := range p.Files[i].Changes {
			c := &p.Files[i].Changes[j]
			c.Address, c.Before, c.After = plan.Address{hostile}, plan.Str(hostile), plan.Table(plan.Member{Key: hostile, Value: plan.Str(hostile)})
			c.Source, c.Reason, c.Origin, c.BeforeVersion, c.AfterVersion = hostile, hostile, from, hostile, hostile
		}
	}
	p.Diagnostics = []plan.Diagnostic{{Severity: plan.Warning, Rule: "r", Summary: hostile, Fix: hostile, Origin: from}}
	return p
}

// ours are GitLab's sections and the colours of its log.
var ours = regexp.MustCompile("\x1b\\[0Ksection_(start|end):-?[0-9]+:codexform\r\x1b\\[0K|\x1b\\[[0-9;]*m")

// withoutOurs is what was said without what a format says to its CI system on purpose.
func withoutOurs(format ui.Format, said string) string {
	if format != ui.GitLab {
		return said
	}
	return ours.ReplaceAllString(said, "")
}

func TestNothingReachesATerminalRaw(t *testing.T) {
	f := &ui.Failure{Message: hostile, Notes: []string{hostile}, Problems: []ui.Problem{{Message: hostile, Fix: hostile}}}
	f.SetHints(hostile)
	for _, format := range ui.Formats {
		got := say(ui.Options{Format: format}, func(v ui.View) {
			v.Plan(hostilePlan(), f)
			v.Review(hostilePlan())
		})
		got = withoutOurs(format, got)
		for i, r := range got {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%s: %U at byte %d: %q", format, r, i, got[max(0, i-20):i])
			}
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s: not UTF-8", format)
		}
		if strings.Count(got, "\nrogue") > 0 {
			t.Errorf("%s: a line break of a value ends a line", format)
		}
	}
}

func TestJSONIsOneDocumentThatMeansTheSame(t *testing.T) {
	got := say(ui.Options{Format: ui.JSON}, func(v ui.View) { v.Plan(hostilePlan(), nil) })
	d, err := plan.ParseDocument([]byte(got))
	if err != nil {
		t.Fatal(err)
	}
	if d.CodexHome != hostile {
		t.Errorf("codex_home = %q, want %q", d.CodexHome, hostile)
	}
	if !json.Valid([]byte(got)) {
		t.Error("not one JSON document")
	}
}

func TestMarkdownKeepsToItsBlocks(t *testing.T) {
	p := everyKind()
	p.Files[0].Changes = p.Files[0].Changes[:1]
	p.Files[0].Changes[0].After = plan.Str("```\n</details> | <script>")
	p.Diagnostics = []plan.Diagnostic{{Severity: plan.Warning, Rule: "r", Summary: "<img src=x> | *a*\n# b"}}
	got := say(ui.Options{Format: ui.Markdown}, func(v ui.View) { v.Plan(p, nil) })
	if n := strings.Count(got, "\n```"); n != 2*len(p.Files) {
		t.Errorf("%d fences at the start of a line, want %d:\n%s", n, 2*len(p.Files), got)
	}
	if strings.Contains(got, "<img") || strings.Contains(got, "\n# b") {
		t.Errorf("a text acts as markup:\n%s", got)
	}
}
