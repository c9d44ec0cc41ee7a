package ui

import (
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan"
)

// Report is what doctor found.
type Report struct {
	Home     string // the Codex home, "" where none could be named
	Checks   []Check
	Findings []Finding // errors first, each kind in the order of the checks
}

// Check is one thing that was looked at, and how it is.
type Check struct {
	Name   string `json:"name"`
	State  State  `json:"state"`
	Detail string `json:"detail,omitempty"` // what was seen, or why it was not looked at
}

// State says how a check ended.
type State string

// The states: that of a check's worst finding, or none.
const (
	Good    State = "ok"
	Noted   State = "info"
	Doubted State = "warning"
	Broken  State = "error"
	Skipped State = "skipped"
)

// Finding is one thing that can stop a setup, or soon will.
type Finding struct {
	Severity plan.Severity `json:"severity"`
	ID       string        `json:"id"`
	Summary  string        `json:"summary"`
	Evidence string        `json:"evidence,omitempty"` // what was seen
	Fix      string        `json:"fix"`
	Origin   plan.Origin   `json:"origin,omitzero"`
}

// Count is how many findings there are of a severity.
func (r Report) Count(s plan.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Healthy reports that nothing has to be done.
func (r Report) Healthy() bool { return r.Count(plan.Error)+r.Count(plan.Warning) == 0 }

// verdict is the report in a sentence.
func (r Report) verdict() string {
	if r.Healthy() {
		return "Nothing stands in the way."
	}
	return fmt.Sprintf("%s and %s.", count(r.Count(plan.Error), "error"), count(r.Count(plan.Warning), "warning"))
}

func (v *textView) Doctor(r Report) {
	if r.Home != "" {
		v.sentence(heading, "The Codex home "+v.home(r.Home))
		v.say("")
	}
	width := 0
	for _, c := range r.Checks {
		width = max(width, cells(c.Name))
	}
	for _, c := range r.Checks {
		state := pad(string(c.State), len(Skipped))
		for i, line := range wrap(state+"  "+pad(c.Name, width)+"  ", v.plain(Visible(c.Detail)), v.lineWidth()) {
			if i == 0 {
				line = v.style.paint(stateMeaning(c.State), string(c.State)) + strings.TrimPrefix(line, string(c.State))
			}
			v.say(line)
		}
	}
	for _, f := range r.Findings {
		v.finding(f)
	}
	v.say("")
	v.say(v.style.paint(heading, r.verdict()))
}

func (v *textView) finding(f Finding) {
	v.say("")
	first := f.ID
	if at := f.Origin.String(); at != "" {
		first += " at " + Visible(at)
	}
	v.led(severity(f.Severity), string(f.Severity)+": ", first)
	v.prose("  ", f.Summary)
	if f.Evidence != "" {
		v.prose("  seen: ", f.Evidence)
	}
	v.prose("  fix: ", f.Fix)
}

func stateMeaning(s State) meaning {
	switch s {
	case Good:
		return success
	case Doubted:
		return warning
	case Broken:
		return failure
	}
	return faint
}

type doctorDocument struct {
	Home     string         `json:"codex_home,omitempty"`
	Healthy  bool           `json:"healthy"`
	Summary  map[string]int `json:"summary"`
	Checks   []Check        `json:"checks"`
	Findings []Finding      `json:"findings"`
}

func (v *jsonView) Doctor(r Report) {
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	counts := map[string]int{}
	for _, s := range []plan.Severity{plan.Error, plan.Warning, plan.Info} {
		counts[string(s)] = r.Count(s)
	}
	v.print(struct {
		Doctor doctorDocument `json:"doctor"`
	}{doctorDocument{r.Home, r.Healthy(), counts, r.Checks, r.Findings}})
}

func (v *markdownView) Doctor(r Report) {
	v.say("### %s\n", mdText(r.verdict()))
	for _, f := range r.Findings {
		line := fmt.Sprintf("- **%s: %s**", f.Severity, f.ID)
		if at := f.Origin.String(); at != "" {
			line += " at " + mdText(Visible(at))
		}
		v.say("%s  \n  %s", line, mdText(oneLine(Visible(f.Summary))))
		if f.Evidence != "" {
			v.say("  _Seen:_ %s  ", mdText(oneLine(Visible(f.Evidence))))
		}
		v.say("  _Fix:_ %s", mdText(oneLine(Visible(f.Fix))))
	}
	v.say("\n| | check | |\n|---|---|---|")
	for _, c := range r.Checks {
		v.say("| %s | %s | %s |", c.State, c.Name, mdText(oneLine(Visible(c.Detail))))
	}
}
