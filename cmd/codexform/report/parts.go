package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/codexform/codexform/plan/status"
)

// shownCounts is how many rows a table of counts has; a fleet has few versions.
const shownCounts = 8

func summaryHTML(s Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p class=\"total\"><strong>%d</strong> machines%s</p>\n", s.Machines, beside(s))
	b.WriteString(`<ul class="states">`)
	for _, c := range s.States {
		fmt.Fprintf(&b, `<li class="%s"><strong>%d</strong> %s<span class="bar" style="width:%.1f%%"></span></li>`,
			html.EscapeString(c.Name), c.Count, html.EscapeString(stateWords[status.State(c.Name)]), percent(c.Count, s.Machines))
	}
	b.WriteString("</ul>\n<div class=\"counts\">")
	for _, t := range []struct {
		title  string
		counts []Count
	}{{"Error code", s.Codes}, {"Policy version", s.Policies}, {"Codex", s.Codexes}, {"codexform", s.Tools}} {
		if len(t.counts) > 0 {
			countsHTML(&b, t.title, t.counts)
		}
	}
	b.WriteString("</div>")
	return b.String()
}

// beside is what else was found: each only where there is some.
func beside(s Summary) string {
	var b strings.Builder
	say := func(count int, format string, of ...any) {
		if count > 0 {
			fmt.Fprintf(&b, ", "+format, of...)
		}
	}
	say(s.Machines-s.Hosts, "on %d by name", s.Hosts)
	say(s.Unreadable, "%d that are no status", s.Unreadable)
	say(s.Older, "%d older statuses left out", s.Older)
	say(s.Silent, "%d without a run for a week", s.Silent)
	say(s.Ahead, "%d whose clock is ahead", s.Ahead)
	return b.String()
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

func countsHTML(b *strings.Builder, title string, counts []Count) {
	fmt.Fprintf(b, "<table><caption>%s</caption><tbody>", title)
	for _, c := range counts[:min(len(counts), shownCounts)] {
		fmt.Fprintf(b, `<tr><th scope="row">%s</th><td>%d</td></tr>`, html.EscapeString(c.Name), c.Count)
	}
	if more := len(counts) - shownCounts; more > 0 {
		fmt.Fprintf(b, `<tr><th scope="row">%d others</th><td></td></tr>`, more)
	}
	b.WriteString("</tbody></table>")
}

func ringsHTML(s Summary) string {
	var b strings.Builder
	if s.PolicyVersion > 0 {
		fmt.Fprintf(&b, "<p>Policy %d, the newest, is in force on <strong>%d</strong> of %d machines (%.0f %%).</p>", s.PolicyVersion, s.Done, s.Machines, percent(s.Done, s.Machines))
	} else {
		b.WriteString("<p>No machine names a policy_version.</p>")
	}
	if len(s.Rings) == 0 {
		return b.String() + "<p>No machine names a ring.</p>"
	}
	b.WriteString(`<div class="wide" role="region" aria-label="Rings" tabindex="0"><table><thead><tr>`)
	for _, title := range []string{"Ring", "Machines", "Through", "Failed", "Widen it?"} {
		fmt.Fprintf(&b, `<th scope="col">%s</th>`, title)
	}
	b.WriteString("</tr></thead><tbody>")
	for _, r := range s.Rings {
		fmt.Fprintf(&b, `<tr><th scope="row">%s</th><td>%d</td><td>%d</td><td>%d</td><td>%s</td></tr>`,
			html.EscapeString(r.Name), r.Machines, r.Done, r.Failed, r.advice())
	}
	b.WriteString("</tbody></table></div>")
	return b.String()
}
