package ui_test

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// attacks are texts that a policy, a gateway or a tampered plan may hold.
var attacks = []string{
	"##[command]rm -rf /", "words ##[group]x", "##vso[task.setvariable variable=a]b", "::set-output name=a::b", "::add-mask::x",
	"x\n::error::rogue", "x\r::error::rogue", "x\u2028::error::rogue", "\x1b]0;title\x07", "\x1b[2J", "\u202ereversed", "zero\u200bwidth",
	"@octocat", "see https://evil.example/x", "www.evil.example", "a@evil.example", "#123", "org/repo#12", "GH-12", "!45", "<img src=x onerror=alert(1)>",
	"[click](https://evil.example)", "![i](https://evil.example/i.png)", "</details><script>alert(1)</script>", "```\n</details>", "`a` `@x|y`", "&lt;b&gt;",
	"javascript:alert(1)", "a\n\n# heading", "- list\n- list", "| a | b |", ":smile: **bold**",
	"commit da39a3ee5e6b4b0d3255bfef95601890afd80709 or 0123abc", "&67 %89 ~11 ^12 %\"a milestone\" ~bug GL-3", "===", "1. one", "==== ===",
	strings.Repeat("word ", 30) + "::error::wrapped " + strings.Repeat("word ", 15) + "::warning::again",
}

// tampered is a stored plan whose every text is the attack.
func tampered(attack string) plan.Document {
	v := plan.Str(attack)
	return plan.Document{
		FormatVersion: plan.FormatVersion, ToolVersion: attack, CodexHome: attack, Complete: true,
		Desired: plan.DocDesired{Files: []string{attack}, Digest: attack},
		Summary: plan.Summary{Update: 1},
		Files: []plan.DocFile{{Path: attack, Action: plan.Update, Mode: "0600", ModeBefore: "0644", Changes: []plan.DocChange{{
			Address: attack, Path: []string{attack}, Action: plan.Update, Before: &v, After: &v, Reason: attack, Origin: attack + ":1:1",
		}, {
			Address: attack, Path: []string{attack}, Action: plan.Update, Sensitive: true, Source: attack, BeforeVersion: attack, AfterVersion: attack,
		}}}},
		Confirm: &plan.DocConfirm{URL: "https://gw.example/" + attack, Models: []string{attack}},
		Diagnostics: []plan.Diagnostic{{
			Severity: plan.Severity(attack), Rule: attack, Summary: attack, Fix: attack, Origin: plan.Origin{File: attack, Place: plan.Place{Line: 1, Column: 1}},
		}},
	}
}

// said is all that the views say of an attack.
func said(format ui.Format, attack string) (stdout, stderr string) {
	var b, e bytes.Buffer
	v := ui.New(&b, &e, ui.Options{Format: format, Width: 60})
	v.Saved(tampered(attack))
	f := &ui.Failure{
		Code: "usage", Message: attack, Notes: []string{attack},
		Problems: []ui.Problem{{Origin: plan.Origin{File: attack, Place: plan.Place{Line: 1, Column: 1}}, Rule: attack, Message: attack, Fix: attack}},
	}
	f.SetHints(attack)
	v.Fail(f)
	v.Warn(attack)
	v.History([]plan.Record{{N: 1, Command: attack, Tool: attack, Desired: plan.DocDesired{Files: []string{attack}}, Confirm: attack}}, attack)
	return b.String(), e.String()
}

// The only lines of any format that a CI system acts on are the annotations that are
// ours, and no text changes a terminal or ends its line.
func TestNoTextIsACommand(t *testing.T) {
	ours := regexp.MustCompile(`^::(error|warning|notice) ?[^:]*::`)
	for _, format := range ui.Formats {
		for _, attack := range attacks {
			out, errs := said(format, attack)
			got := withoutOurs(format, out+errs)
			for line := range strings.Lines(got) {
				line = strings.TrimRight(line, "\n")
				bare := strings.TrimLeft(line, " \t")
				if strings.HasPrefix(bare, "::") && !(format == ui.GitHub && ours.MatchString(line)) {
					t.Errorf("%s: %q: a command: %q", format, attack, line)
				}
				for _, mark := range []string{"##[", "##vso["} {
					if strings.Contains(line, mark) {
						t.Errorf("%s: %q: a command: %q", format, attack, line)
					}
				}
			}
			if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && strings.ContainsRune("\r\x1b\x07\u2028\u202e\u200b", r) }); i >= 0 {
				t.Errorf("%s: %q: %q is shown as it is", format, attack, got[i:i+3])
			}
			if strings.Contains(got, "\nrogue") || strings.Contains(got, "\n# heading") {
				t.Errorf("%s: %q: a line of its own", format, attack)
			}
		}
	}
}

// What separates the properties of a workflow command is spelt in another way.
func TestAnnotationsKeepTheirProperties(t *testing.T) {
	var b bytes.Buffer
	f := &ui.Failure{Problems: []ui.Problem{{Origin: plan.Origin{File: "a%b,c:d.yaml", Place: plan.Place{Line: 1, Column: 2}}, Rule: "r%,", Message: "50% of it,\nmore"}}}
	ui.New(&b, io.Discard, ui.Options{Format: ui.GitHub}).Fail(f)
	want := "::error file=a%25b%2Cc%3Ad.yaml,line=1,col=2,title=r%25%2C::50%25 of it,%0Amore\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// In JSON the marks are spelt in another way, and mean the same.
func TestInertJSONMeansTheSame(t *testing.T) {
	var b bytes.Buffer
	ui.New(&b, io.Discard, ui.Options{Format: ui.JSON}).Saved(tampered("##[command] ###[x]"))
	var d plan.Document
	if err := json.Unmarshal(b.Bytes(), &d); err != nil || d.CodexHome != "##[command] ###[x]" {
		t.Errorf("%v: %q", err, d.CodexHome)
	}
}

var live = regexp.MustCompile(`(?i)<(a|img|script|h1|h2|b|table|ol)\b`)

// Rendered as GitHub and GitLab render it, no attack becomes a link, an image, a
// heading or a tag, and what they would turn into a mention or a reference is code.
func TestMarkdownIsInert(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	code := regexp.MustCompile(`(?s)<(code|pre)[^>]*>.*?</(code|pre)>`)
	mention := regexp.MustCompile(`@\w|(^|[^&\w])#\d|\b(GH|GL)-\d|[!%~^]\w|&amp;\d|\b[0-9a-f]{7,40}\b`)
	for _, attack := range attacks {
		var page bytes.Buffer
		source, _ := said(ui.Markdown, attack)
		if err := md.Convert([]byte(source), &page); err != nil {
			t.Fatal(err)
		}
		text := code.ReplaceAllString(page.String(), "")
		if found := live.FindString(text); found != "" {
			t.Errorf("%q: %s comes to life:\n%s", attack, found, page.String())
		}
		if found := mention.FindString(text); found != "" {
			t.Errorf("%q: %q is a mention or a reference:\n%s", attack, found, text)
		}
		if n := strings.Count(text, "<details"); n != strings.Count(text, "</details>") {
			t.Errorf("%q: the folds do not match", attack)
		}
	}
}

// A problem stands above its line, and a mark below its column.
func TestCaret(t *testing.T) {
	var b bytes.Buffer
	f := &ui.Failure{Message: "m", Problems: []ui.Problem{{
		Origin: plan.Origin{File: "c.yaml", Place: plan.Place{Line: 3, Column: 5}}, Message: "bad", Line: "é模: ##[x]",
	}}}
	ui.New(io.Discard, &b, ui.Options{}).Fail(f)
	if want := "c.yaml:3:5: bad\n    é模: # #[x]\n         ^\ncodexform: error: m\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
