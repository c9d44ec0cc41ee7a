package ui_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

var sickReport = ui.Report{
	Home: "/home/ada/.codex",
	Checks: []ui.Check{
		{Name: "desired state", State: ui.Good, Detail: "codex.yaml, settings: 8"},
		{Name: "Codex", State: ui.Skipped, Detail: "none is on the PATH"},
		{Name: "gateway", State: ui.Broken, Detail: "https://gate.example/v1/models"},
	},
	Findings: []ui.Finding{
		{
			Severity: plan.Error, ID: "gateway-unauthorized", Summary: "the gateway does not know the key",
			Evidence: "401, \x1b[31mUnauthorized", Fix: "give the whole key",
		},
		{
			Severity: plan.Warning, ID: "unknown-key", Summary: "Codex does not know x", Fix: "remove it",
			Origin: plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 3, Column: 5}},
		},
	},
}

func TestDoctorViews(t *testing.T) {
	for format, want := range map[ui.Format]string{
		ui.Text: `The Codex home ~/.codex

ok       desired state  codex.yaml, settings: 8
skipped  Codex          none is on the PATH
error    gateway        https://gate.example/v1/models

error: gateway-unauthorized
  the gateway does not know the key
  seen: 401, \u001B[31mUnauthorized
  fix: give the whole key

warning: unknown-key at codex.yaml:3:5
  Codex does not know x
  fix: remove it

1 error and 1 warning.
`,
		ui.Markdown: "### 1 error and 1 warning.\n\n" +
			"- **error: gateway-unauthorized**  \n  the gateway does not know the key\n" +
			"  _Seen:_ 401, \\\\u001B\\[31mUnauthorized  \n  _Fix:_ give the whole key\n" +
			"- **warning: unknown-key** at `codex.yaml:3:5`  \n  Codex does not know x\n  _Fix:_ remove it\n" +
			"\n| | check | |\n|---|---|---|\n| ok | desired state | codex.yaml, settings: 8 |\n" +
			"| skipped | Codex | none is on the PATH |\n| error | gateway | `https://gate.example/v1/models` |\n",
		ui.JSON: `{
  "doctor": {
    "codex_home": "/home/ada/.codex",
    "healthy": false,
    "summary": {
      "error": 1,
      "info": 0,
      "warning": 1
    },
    "checks": [
      {
        "name": "desired state",
        "state": "ok",
        "detail": "codex.yaml, settings: 8"
      },
      {
        "name": "Codex",
        "state": "skipped",
        "detail": "none is on the PATH"
      },
      {
        "name": "gateway",
        "state": "error",
        "detail": "https://gate.example/v1/models"
      }
    ],
    "findings": [
      {
        "severity": "error",
        "id": "gateway-unauthorized",
        "summary": "the gateway does not know the key",
        "evidence": "401, \u001b[31mUnauthorized",
        "fix": "give the whole key"
      },
      {
        "severity": "warning",
        "id": "unknown-key",
        "summary": "Codex does not know x",
        "fix": "remove it",
        "origin": "codex.yaml:3:5"
      }
    ]
  }
}
`,
	} {
		var out, errs bytes.Buffer
		ui.New(&out, &errs, ui.Options{Format: format, UserHome: "/home/ada"}).Doctor(sickReport)
		if diff := cmp.Diff(want, out.String()); diff != "" || errs.Len() > 0 {
			t.Errorf("%s (-want +got):\n%s\nstderr: %s", format, diff, errs.String())
		}
	}
}
