package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/plan"
)

// issue is a finding or a failure as the reports of CI systems have it: junit and codequality,
// two formats of view.go's list.
type issue struct {
	severity, rule, text string
	at                   plan.Origin
}

// issues are what a command found, and why it failed, in files of a desired state.
func issues(found []plan.Diagnostic, f *Failure, files []string) []issue {
	var out []issue
	for _, d := range inTurn(found) {
		out = append(out, issue{string(d.Severity), Visible(d.Rule), advice(d.Summary, d.Fix), d.Origin})
	}
	if f != nil {
		for _, p := range f.Problems {
			out = append(out, issue{string(plan.Error), Visible(p.Rule), advice(p.Message, p.Fix), p.Origin})
		}
		if len(f.Problems) == 0 {
			out = append(out, issue{string(plan.Error), f.Code, advice(f.became(), f.Hint), plan.Origin{}})
		}
	}
	for i := range out {
		if out[i].at.File == "" && len(files) > 0 {
			out[i].at = plan.Origin{File: files[0], Place: plan.Place{Line: 1}}
		}
	}
	return out
}

// withChanges adds what a plan changes, behind what a person should look at: a report
// without it would be one of nothing.
func withChanges(all []issue, p plan.Plan) []issue {
	if p.Empty() && len(p.Policy) == 0 {
		return all
	}
	at := plan.Origin{Place: plan.Place{Line: 1}}
	if len(p.Desired.Files) > 0 {
		at.File = p.Desired.Files[0]
	}
	i := 0
	for i < len(all) && plan.Severity(all[i].severity).Rank() <= plan.Review.Rank() {
		i++
	}
	return slices.Insert(all, i, issue{string(plan.Info), "plan", advice(changesLine(p), ""), at})
}

// withHeld adds that a policy waits on this machine.
func withHeld(all []issue, p plan.Plan) []issue {
	if p.Held == nil {
		return all
	}
	at := plan.Origin{Place: plan.Place{Line: 1}}
	if len(p.Desired.Files) > 0 {
		at.File = p.Desired.Files[0]
	}
	return append(all, issue{string(plan.Info), "held", advice(held(p), ""), at})
}

// changesLine is a whole plan on one line, the middle of a long one left out.
func changesLine(p plan.Plan) string {
	var lines []string
	for _, s := range sections(p) {
		for _, r := range s.rows {
			lines = append(lines, r.glyph+" "+r.name+" "+middle(r.value, 120))
		}
	}
	return headline(p, Visible(p.Home)) + ": " + middle(strings.Join(lines, "; "), longest)
}

// place is where an issue is, FILE:LINE. Schemas of JUnit reports have no attribute for it.
func (i issue) place() string {
	place := i.at.File
	if i.at.Line > 0 {
		place += fmt.Sprintf(":%d", i.at.Line)
	}
	return inertText(oneLine(Visible(place)))
}

func advice(text, fix string) string {
	if fix != "" {
		text += "; fix: " + fix
	}
	return inertText(oneLine(Visible(text)))
}

// reportView gives plan, validate and apply as a report for a CI system, and the
// rest as the text view does.
type reportView struct {
	*textView
	report func(*reportView, string, []issue)
}

func (v *reportView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
	v.tell("validate", issues(found, f, d.Files), f)
}

func (v *reportView) Plan(p plan.Plan, f *Failure) {
	v.tell("plan", withHeld(withChanges(issues(p.Diagnostics, f, p.Desired.Files), p), p), f)
}

func (v *reportView) Saved(d plan.Document) { v.Plan(d.Plan(), nil) }

func (v *reportView) Review(plan.Plan) {}

func (v *reportView) Apply(r apply.Result, f *Failure) {
	v.tell("apply", withHeld(issues(r.Plan.Diagnostics, f, r.Plan.Desired.Files), r.Plan), f)
}

func (v *reportView) Fail(f *Failure) { v.tell("codexform", issues(nil, f, nil), f) }

func (v *reportView) tell(command string, all []issue, f *Failure) {
	v.report(v, command, all)
	if f != nil {
		v.textView.Fail(f)
	}
}

type junitCase struct {
	XMLName xml.Name      `xml:"testcase"`
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitFailure `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Place   string `xml:",chardata"`
}

type junitSuite struct {
	XMLName  xml.Name `xml:"testsuite"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"` // always 0, and wanted by Jenkins
	Cases    []junitCase
}

// junit is a report of tests: errors and what a person should look at have failed.
func (v *reportView) junit(command string, all []issue) {
	s := junitSuite{Name: "codexform " + command}
	for _, i := range all {
		c := junitCase{Name: i.rule, Class: s.Name}
		if plan.Severity(i.severity).Rank() <= plan.Review.Rank() {
			s.Failures++
			c.Failure = &junitFailure{i.severity, i.text, i.place()}
		} else {
			c.Out = strings.TrimPrefix(i.place()+": ", ": ") + i.severity + ": " + i.text
		}
		s.Cases = append(s.Cases, c)
	}
	if len(all) == 0 {
		s.Cases = []junitCase{{Name: command, Class: s.Name}}
	}
	s.Tests = len(s.Cases)
	doc, err := xml.MarshalIndent(s, "", "  ")
	if err != nil {
		panic("a report that XML cannot hold: " + err.Error())
	}
	v.say(xml.Header + string(doc))
}

type qualityIssue struct {
	Description string          `json:"description"`
	Check       string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
}

// quality are the severities of GitLab's code quality report.
var quality = map[string]string{string(plan.Error): "blocker", string(plan.Review): "critical", string(plan.Warning): "minor", string(plan.Info): "info"}

// codequality is GitLab's code quality report.
func (v *reportView) codequality(_ string, all []issue) {
	out := []qualityIssue{}
	for _, i := range all {
		path := Visible(i.at.File)
		if path == "" {
			path = "codex.yaml"
		}
		sum := sha256.Sum256(fmt.Append(nil, path, "\x00", i.rule, "\x00", i.text)) // not the line: it moves
		out = append(out, qualityIssue{
			i.text, i.rule, hex.EncodeToString(sum[:16]), quality[i.severity],
			qualityLocation{path, qualityLines{max(i.at.Line, 1)}},
		})
	}
	(&jsonView{out: v.raw, err: v.err, Options: v.Options}).print(out)
}
