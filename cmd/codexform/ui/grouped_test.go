package ui_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// Findings about the user's own keys are one line, a plan without a change is one line
// in all, and nobody is kept from the rest.
func TestYoursAreGrouped(t *testing.T) {
	at := plan.Origin{File: plan.ConfigFile, Place: plan.Place{Line: 3, Column: 1}}
	yours := []plan.Diagnostic{
		{Severity: plan.Warning, Rule: "unknown-key", Summary: "first", Origin: at},
		{Severity: plan.Warning, Rule: "unknown-key", Summary: "second", Origin: at},
		{Severity: plan.Info, Rule: "removed-key", Summary: "third", Origin: at},
	}
	quiet := plan.Plan{Home: "/h/.codex", Diagnostics: yours}
	for _, format := range []ui.Format{ui.Text, ui.Markdown, ui.GitHub} {
		out := say(ui.Options{Format: format}, func(v ui.View) { v.Plan(quiet, nil) })
		out = strings.ReplaceAll(out, `\`, "")
		if !strings.Contains(out, "About keys of yours: 2 unknown-key, 1 removed-key. codexform doctor says more") || strings.Contains(out, "second") {
			t.Errorf("%s: got %q", format, out)
		}
		if format == ui.Text && strings.Count(out, "\n") != 1 {
			t.Errorf("a plan without a change is not one line: %q", out)
		}
		if out := say(ui.Options{Format: format, Verbose: true}, func(v ui.View) { v.Plan(quiet, nil) }); !strings.Contains(out, "second") || strings.Contains(out, "About keys") {
			t.Errorf("%s, verbose: got %q", format, out)
		}
	}
	if out := say(ui.Options{Format: ui.JSON}, func(v ui.View) { v.Plan(quiet, nil) }); !strings.Contains(out, "second") || !strings.Contains(out, "third") {
		t.Errorf("JSON: got %q", out)
	}

	stops := plan.Plan{Home: "/h/.codex", Diagnostics: append(yours, plan.Diagnostic{Severity: plan.Warning, Rule: "wire-api-chat", Summary: "fourth", Origin: at, Stops: true})}
	if out := say(ui.Options{}, func(v ui.View) { v.Plan(stops, nil) }); !strings.Contains(out, "1 wire-api-chat. Codex does not start with them;") {
		t.Errorf("got %q", out)
	}

	ours := plan.Plan{Home: "/h/.codex", Diagnostics: []plan.Diagnostic{
		{Severity: plan.Error, Rule: "foreign-credential", Summary: "an error is never one of many", Origin: at},
		{Severity: plan.Warning, Rule: "credential-store", Summary: "the policy's key is not read", Origin: at},
		{Severity: plan.Warning, Rule: "unknown-key", Summary: "the policy's own", Origin: plan.Origin{File: "codex.yaml"}},
	}}
	if out := say(ui.Options{}, func(v ui.View) { v.Plan(ours, nil) }); !strings.Contains(out, "never one of many") || !strings.Contains(out, "is not read") || !strings.Contains(out, "the policy's own") {
		t.Errorf("got %q", out)
	}
}
