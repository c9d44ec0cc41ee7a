package ui_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/cmd/codexform/ui"
)

// TestReports demands of each command's report what a CI system reads of it.
func TestReports(t *testing.T) {
	for name, speak := range map[string]func(ui.View){
		"plan":  func(v ui.View) { v.Plan(wideScreenful(), notConfirmed()) },
		"apply": func(v ui.View) { v.Apply(apply.Result{Plan: wideScreenful()}, notConfirmed()) },
	} {
		want := 4
		if name == "plan" {
			want++ // what it changes
		}
		out, _, _ := strings.Cut(say(ui.Options{Format: ui.JUnit}, speak), "--- stderr")
		var suite struct {
			Tests    int        `xml:"tests,attr"`
			Failures int        `xml:"failures,attr"`
			Cases    []struct{} `xml:"testcase"`
		}
		if err := xml.Unmarshal([]byte(out), &suite); err != nil || suite.Tests != want || suite.Failures != 2 || len(suite.Cases) != want {
			t.Errorf("%s: %v %+v\n%s", name, err, suite, out)
		}
		out, _, _ = strings.Cut(say(ui.Options{Format: ui.CodeQuality}, speak), "--- stderr")
		var found []struct {
			Severity, Fingerprint string
			Location              struct {
				Path  string
				Lines struct{ Begin int }
			}
		}
		if err := json.Unmarshal([]byte(out), &found); err != nil || len(found) != want {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		seen := map[string]bool{}
		for _, f := range found {
			if f.Severity == "" || f.Location.Path == "" || f.Location.Lines.Begin < 1 || seen[f.Fingerprint] {
				t.Errorf("%s: %+v", name, f)
			}
			seen[f.Fingerprint] = true
		}
	}
	if out := say(ui.Options{Format: ui.CodeQuality}, func(v ui.View) { v.Valid(desired(), nil, nil) }); strings.TrimSpace(out) != "[]" {
		t.Errorf("a valid policy: %s", out)
	}
}

// TestAnnotatedApply demands that an apply that failed in CI stands where people look.
func TestAnnotatedApply(t *testing.T) {
	out := say(ui.Options{Format: ui.GitHub}, func(v ui.View) {
		v.Apply(apply.Result{Plan: wideScreenful(), Outcome: apply.Refused}, notConfirmed())
	})
	if want := "::error title=not_confirmed::confirming https://api.routescope.ai/v1/models: 401; nothing was written%0Afix: is it the whole key?"; !strings.Contains(out, want) {
		t.Errorf("no %s in\n%s", want, out)
	}
}
