package ui

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// Built where a comment is full, which is seldom: a run that starts pays for no expression.
var (
	secondSegment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w-]+\.("(?:[^"\\]|\\.)*"|[^\s.:"]+)`) })
	quotedText    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"(?:[^"\\]|\\.)*"`) })
)

// alike are findings that say the same of different names: each name still stands there.
type alike struct {
	form   string   // what they say, with * for the name and "…" for what is quoted
	values []string // what is quoted, each once
	names  map[string][]string
	one    plan.Diagnostic // the first of them
	count  int
}

// alikes brings findings of one rule together by what they say.
func alikes(all []plan.Diagnostic) []*alike {
	byForm := map[string]*alike{}
	var out []*alike
	for _, d := range all {
		form, name, value := formOf(oneLine(Visible(d.Summary)))
		g := byForm[form]
		if g == nil {
			g = &alike{form: form, names: map[string][]string{}, one: d}
			byForm[form], out = g, append(out, g)
		}
		if g.names[value] == nil {
			g.values = append(g.values, value)
		}
		g.names[value] = append(g.names[value], name)
		g.count++
	}
	return out
}

// formOf splits a finding into what it says, of which name, and with which quoted texts.
func formOf(said string) (form, name, value string) {
	rest := said
	if at := secondSegment().FindStringSubmatchIndex(said); at != nil {
		name = said[at[2]:at[3]]
		form, rest = said[:at[2]]+"*", said[at[3]:]
	}
	value = strings.Join(quotedText().FindAllString(rest, -1), " ")
	return form + quotedText().ReplaceAllString(rest, `"…"`), name, value
}

// line says a group's findings in one line, with its texts cut in the middle.
func (g *alike) line(most int) string {
	if g.count == 1 {
		return reviewLine(g.one, most)
	}
	said := make([]string, len(g.values))
	for i, value := range g.values {
		said[i] = g.said(value, most)
	}
	return fmt.Sprintf("%s (%d): %s", g.form, g.count, strings.Join(said, "; "))
}

// said is one text of a group with the names that it is said of.
func (g *alike) said(value string, most int) string {
	names := make([]string, len(g.names[value]))
	for i, name := range g.names[value] {
		names[i] = middle(name, most)
	}
	switch value = middle(value, most); {
	case value == "":
		return strings.Join(names, ", ")
	case len(names) == 1:
		return strings.TrimSpace(names[0] + " " + value)
	}
	return fmt.Sprintf("%s: %s", value, strings.Join(names, ", "))
}
