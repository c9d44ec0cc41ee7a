package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"time"

	"github.com/codexform/codexform/plan/status"
)

//go:embed page.html
var page string

// row is one machine as the page's table has it; short names, for there are many.
type row struct {
	Host    string   `json:"h"`
	User    string   `json:"u,omitempty"`
	State   string   `json:"s"`
	Code    string   `json:"c,omitempty"`
	Message string   `json:"m,omitempty"`
	Policy  int64    `json:"p,omitempty"`
	Ring    string   `json:"r,omitempty"`
	Codex   string   `json:"x,omitempty"`
	Changes []string `json:"d,omitempty"`
	Last    string   `json:"t,omitempty"`
	Person  bool     `json:"n,omitempty"`
}

// HTML is one page that needs nothing beside itself: no network, no other file. The
// machines stand in it in the order in which they are given.
func HTML(all []Machine, s Summary, made time.Time, tool string) []byte {
	rows := make([]row, len(all))
	for i, m := range all {
		rows[i] = row{
			m.Host, m.User, string(m.State), string(m.Code), m.Message, m.PolicyVersion, m.Ring, m.Codex,
			m.Changes, stamp(m.LastRun), m.NeedsPerson(),
		}
	}
	data, err := json.Marshal(rows) // escapes <, > and &: it cannot end its element
	if err != nil {
		panic("a report that JSON cannot hold: " + err.Error())
	}
	return []byte(strings.NewReplacer(
		"{{made}}", html.EscapeString(made.UTC().Format("2006-01-02 15:04 UTC")),
		"{{tool}}", html.EscapeString(tool),
		"{{summary}}", summaryHTML(s),
		"{{people}}", peopleHTML(all),
		"{{rings}}", ringsHTML(s),
		"{{data}}", string(data),
	).Replace(page))
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

var stateWords = map[string]string{
	string(status.InSync): "in sync", string(status.Drift): "drift", string(status.Held): "held",
	string(status.Failed): "error", string(status.None): "not managed",
}

func summaryHTML(s Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<p class="total"><strong>%d</strong> machines`, s.Machines)
	if s.Unreadable > 0 {
		fmt.Fprintf(&b, `, %d files that are not a status`, s.Unreadable)
	}
	b.WriteString("</p>\n<ul class=\"states\">")
	for _, c := range s.States {
		fmt.Fprintf(&b, `<li class="%s"><strong>%d</strong> %s<span class="bar" style="width:%.1f%%"></span></li>`,
			html.EscapeString(c.Name), c.Count, html.EscapeString(stateWords[c.Name]), 100*float64(c.Count)/float64(max(s.Machines, 1)))
	}
	b.WriteString("</ul>\n<div class=\"counts\">")
	for _, t := range []struct {
		title  string
		counts []Count
	}{{"Error code", s.Codes}, {"Policy version", s.Policies}, {"Codex", s.Codexes}, {"codexform", s.Tools}} {
		if len(t.counts) == 0 {
			continue
		}
		fmt.Fprintf(&b, "<table><caption>%s</caption>", t.title)
		for _, c := range t.counts[:min(len(t.counts), 8)] {
			fmt.Fprintf(&b, `<tr><th scope="row">%s</th><td>%d</td></tr>`, html.EscapeString(c.Name), c.Count)
		}
		b.WriteString("</table>")
	}
	b.WriteString("</div>")
	return b.String()
}

func ringsHTML(s Summary) string {
	if len(s.Rings) == 0 {
		return "<p>No machine names a ring.</p>"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<table><thead><tr><th scope="col">Ring</th><th scope="col">Machines</th><th scope="col">In sync with %d</th><th scope="col">Failed</th><th scope="col">Widen it?</th></tr></thead><tbody>`, s.PolicyVersion)
	for _, r := range s.Rings {
		fmt.Fprintf(&b, `<tr><th scope="row">%s</th><td>%d</td><td>%d</td><td>%d</td><td>%s</td></tr>`,
			html.EscapeString(r.Name), r.Machines, r.Done, r.Failed, r.advice())
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

func (r Ring) advice() string {
	switch {
	case r.Failed > 0:
		return "no: look at who failed first"
	case r.Done == 0:
		return "nobody is through yet"
	case !r.Widen:
		return fmt.Sprintf("wait: %d without a failure only say that fewer than %.0f %% would fail", r.Done, r.Bound)
	}
	return fmt.Sprintf("yes: %d without a failure, so fewer than %.1f %% would fail (95 %% sure)", r.Done, r.Bound)
}

// shownPeople is how many machines are named on top; the table has all of them.
const shownPeople = 20

func peopleHTML(all []Machine) string {
	var b strings.Builder
	n := 0
	for _, m := range all {
		if !m.NeedsPerson() {
			continue
		}
		if n++; n > shownPeople {
			continue
		}
		name := m.Host
		if m.User != "" {
			name += " (" + m.User + ")"
		}
		fmt.Fprintf(&b, "<li><strong>%s</strong> <code>%s</code> %s</li>", html.EscapeString(name), html.EscapeString(string(m.Code)), html.EscapeString(m.Message))
	}
	switch {
	case n == 0:
		return "<p>Nobody.</p>"
	case n > shownPeople:
		fmt.Fprintf(&b, "<li>and %d more, in the table below</li>", n-shownPeople)
	}
	return "<ul>" + b.String() + "</ul>"
}

// Prometheus is the summary as gauges.
func Prometheus(s Summary) []byte {
	var b strings.Builder
	gauge := func(name, help, label string, counts []Count) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
		for _, c := range counts {
			fmt.Fprintf(&b, "%s{%s=\"%s\"} %d\n", name, label, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(c.Name), c.Count)
		}
	}
	gauge("codexform_machines", "Machines by state.", "state", s.States)
	gauge("codexform_machine_errors", "Machines in state error by code.", "code", s.Codes)
	gauge("codexform_machine_policies", "Machines by the policy_version that they looked at.", "policy_version", s.Policies)
	gauge("codexform_machine_codexes", "Machines by the version of Codex.", "version", s.Codexes)
	return []byte(b.String())
}
