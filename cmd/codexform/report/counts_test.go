package report_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/report"
	"github.com/codexform/codexform/plan/status"
)

// The page, the JSON and the gauges say the same counts.
func TestCountsAgree(t *testing.T) {
	fleet := report.Fleet{Machines: machines(1000), Unreadable: 3, Older: 2}
	s := report.Summarize(fleet, today)
	page, prom := string(report.HTML(fleet, s, today, "")), string(report.Prometheus(s))
	doc := map[string]any{}
	data, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(data, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	agree := func(what string, want float64, gauge, onPage string) {
		t.Helper()
		if line := fmt.Sprintf("\n%s %v\n", gauge, want); !strings.Contains(prom, line) {
			t.Errorf("%s: no gauge %q", what, line)
		}
		if onPage != "" && !regexp.MustCompile(onPage).MatchString(page) {
			t.Errorf("%s: the page has no %q", what, onPage)
		}
	}
	for member, onPage := range map[string]string{
		"machines": "<strong>%v</strong> machines", "unreadable": "%v that are no status", "older": "%v older statuses", "done": "<strong>%v</strong> of 1000",
		"hosts": "", "silent": "", "clock_ahead": "", "need_person": "",
	} {
		want := doc[member].(float64)
		if onPage != "" {
			onPage = fmt.Sprintf(onPage, want)
		}
		agree(member, want, "codexform_fleet_"+member, onPage)
	}
	for member, gauge := range map[string]string{
		"states": `codexform_machines{state=`, "codes": `codexform_machine_errors{code=`, "policy_versions": `codexform_machine_policies{policy_version=`,
		"codex_versions": `codexform_machine_codexes{version=`, "tool_versions": `codexform_machine_tools{version=`,
	} {
		for _, c := range doc[member].([]any) {
			name, count := c.(map[string]any)["name"].(string), c.(map[string]any)["count"].(float64)
			onPage := fmt.Sprintf(`<th scope="row">%s</th><td>%v</td>`, regexp.QuoteMeta(name), count)
			if member == "states" {
				onPage = fmt.Sprintf(`class="%s"><strong>%v</strong>`, name, count)
			}
			agree(member, count, gauge+fmt.Sprintf("%q}", name), onPage)
		}
	}
	for _, r := range s.Rings {
		agree(r.Name, float64(r.Machines), fmt.Sprintf("codexform_ring_machines{ring=%q}", r.Name), fmt.Sprintf(`<th scope="row">%s</th><td>%d</td><td>%d</td><td>%d</td>`, r.Name, r.Machines, r.Done, r.Failed))
		agree(r.Name, float64(r.Done), fmt.Sprintf("codexform_ring_done{ring=%q}", r.Name), "")
		agree(r.Name, float64(r.Failed), fmt.Sprintf("codexform_ring_failed{ring=%q}", r.Name), "")
	}
}

// Every code that needs a person is said in words, and stands first.
func TestEveryCodeIsSaid(t *testing.T) {
	for _, code := range status.Codes {
		m := report.Machine{Host: "lap-1", Status: status.Status{State: status.Failed, Code: code}}
		fleet := report.Fleet{Machines: []report.Machine{m}}
		page := string(report.HTML(fleet, report.Summarize(fleet, today), today, ""))
		said := regexp.MustCompile(`<code>` + string(code) + `</code> [A-Za-z][^<:]+: 1</h3>`).MatchString(page)
		if said != !code.Transient() {
			t.Errorf("%s: said that a person is needed: %v", code, said)
		}
	}
}
