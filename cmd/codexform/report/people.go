package report

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
)

// Bounds of what stands on top; the table has all of it.
const (
	shownPeople  = 5 // machines for each reason
	shownReasons = 5 // reasons for each code
)

// peopleHTML are the machines that need a person, by what is wrong, the most frequent
// first: what a thousand machines have in common is one thing to mend.
func peopleHTML(all []Machine) string {
	var b strings.Builder
	for _, of := range grouped(slices.DeleteFunc(slices.Clone(all), func(m Machine) bool { return !m.NeedsPerson() }), func(m Machine) string { return string(m.Code) }) {
		code := of[0].Code
		fmt.Fprintf(&b, "<section><h3><code>%s</code> %s: %d</h3><ul>", html.EscapeString(string(code)), codeWords[code], len(of))
		reasons := grouped(of, Machine.why)
		for _, of := range reasons[:min(len(reasons), shownReasons)] {
			reasonHTML(&b, of)
		}
		if more := len(reasons) - shownReasons; more > 0 {
			fmt.Fprintf(&b, "<li>and %d other reasons</li>", more)
		}
		b.WriteString("</ul></section>")
	}
	if b.Len() == 0 {
		return "<p>Nobody.</p>"
	}
	return `<div class="people">` + b.String() + "</div>"
}

func reasonHTML(b *strings.Builder, of []Machine) {
	names := make([]string, min(len(of), shownPeople))
	for i := range names {
		names[i] = "<strong>" + html.EscapeString(of[i].name()) + "</strong>"
	}
	more := ""
	if n := len(of) - len(names); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	fmt.Fprintf(b, "<li>%s%s<br><span class=\"faint\">%s</span></li>", strings.Join(names, ", "), more, html.EscapeString(of[0].why()))
}

// grouped are machines by a text, the largest group first, each in the order that it had.
func grouped(all []Machine, text func(Machine) string) [][]Machine {
	at := map[string]int{}
	var out [][]Machine
	for _, m := range all {
		i, is := at[text(m)]
		if !is {
			i = len(out)
			at[text(m)] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], m)
	}
	slices.SortStableFunc(out, func(a, b []Machine) int {
		return cmp.Or(len(b)-len(a), cmp.Compare(text(a[0]), text(b[0])))
	})
	return out
}

func (m Machine) name() string {
	if m.User == "" {
		return m.Host
	}
	return m.Host + " (" + m.User + ")"
}
