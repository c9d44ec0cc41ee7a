package ui

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
)

// jsonView is the View for machines: one document on one stream, whatever happens.
type jsonView struct {
	out, err io.Writer
	Options
}

type validDocument struct {
	Valid    bool     `json:"valid"`
	Files    []string `json:"files,omitempty"`
	Digest   string   `json:"digest,omitempty"`
	Settings int      `json:"settings,omitempty"`
	Absent   int      `json:"absent,omitempty"`
	Source   string   `json:"source,omitempty"`

	Diagnostics []plan.Diagnostic `json:"diagnostics,omitempty"`

	Error *Failure `json:"error,omitempty"`
}

func (v *jsonView) Valid(d plan.Desired, found []plan.Diagnostic, f *Failure) {
	doc := validDocument{
		Valid: f == nil, Files: d.Files, Digest: d.Digest,
		Settings: len(d.Settings), Absent: len(d.Absent), Error: f,
		Diagnostics: found,
	}
	if d.Secret != nil {
		doc.Source = d.Secret.Ref
	}
	v.print(doc)
}

type planDocument struct {
	plan.Document
	Error *Failure `json:"error,omitempty"`
}

func (v *jsonView) Plan(p plan.Plan, f *Failure) {
	v.print(planDocument{p.Document(v.Options.Version, v.Now), f})
}

func (v *jsonView) Review(plan.Plan) {}

type applyDocument struct {
	Plan       *plan.Document   `json:"plan,omitempty"`
	Result     apply.Outcome    `json:"result"`
	Confirm    *confirmDocument `json:"confirm,omitempty"`
	KeyChanged bool             `json:"key_changed"`
	Notes      []string         `json:"notes"`
	Error      *Failure         `json:"error,omitempty"`
}

func (v *jsonView) Apply(r apply.Result, f *Failure) {
	doc := applyDocument{Result: r.Outcome, KeyChanged: r.KeyChanged, Notes: notes(r), Error: f}
	if doc.Result == "" {
		doc.Result = apply.Failed
	}
	if doc.Notes == nil {
		doc.Notes = []string{}
	}
	if r.Plan.Home != "" {
		p := r.Plan.Document(v.Options.Version, v.Now)
		doc.Plan = &p
	}
	if r.Confirm != nil {
		c := confirmDoc(*r.Confirm, r.Credential)
		doc.Confirm = &c
	}
	v.print(doc)
}

type confirmDocument struct {
	URL        string        `json:"url"`
	Class      gateway.Class `json:"class"`
	Status     int           `json:"status,omitempty"`
	Models     modelsDoc     `json:"models"`
	Attempts   int           `json:"attempts"`
	ElapsedMS  int64         `json:"elapsed_ms"`
	Credential string        `json:"credential"`
	Detail     string        `json:"detail,omitempty"`
	Fixed      string        `json:"fixed_base_url,omitempty"`
}

type modelsDoc struct {
	Wanted  []string            `json:"wanted"`
	Missing []string            `json:"missing"`
	Near    map[string][]string `json:"near,omitempty"`
	Listed  int                 `json:"listed"`
	Every   bool                `json:"every,omitempty"`
}

func confirmDoc(a gateway.Answer, credential string) confirmDocument {
	return confirmDocument{
		URL: a.URL, Class: a.Class, Status: a.Status,
		Models:   modelsDoc{some(a.Wanted), some(a.Missing), a.Near, a.Listed, a.Every},
		Attempts: a.Attempts, ElapsedMS: a.Elapsed.Milliseconds(), Credential: credential,
		Detail: a.Detail, Fixed: a.Fixed,
	}
}

// some is a list that JSON shows as [] where it is empty.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (v *jsonView) Confirm(c Confirmation, f *Failure) {
	v.print(struct {
		Home    string           `json:"codex_home"`
		Confirm *confirmDocument `json:"confirm,omitempty"`
		Error   *Failure         `json:"error,omitempty"`
	}{c.Home, new(confirmDoc(c.Answer, c.Credential)), f})
}

func (v *jsonView) Demo(steps []Step, f *Failure) {
	v.print(struct {
		Steps []Step   `json:"steps"`
		Error *Failure `json:"error,omitempty"`
	}{steps, f})
}

func (v *jsonView) Version(b Build) { v.print(b) }

func (v *jsonView) Document(doc []byte) { v.out.Write(doc) }

func (v *jsonView) Text(name, text string) { v.print(map[string]string{name: text}) }

func (v *jsonView) Warn(text string) {
	io.WriteString(v.err, "codexform: warning: "+Visible(text)+"\n")
}

func (v *jsonView) Fail(f *Failure) {
	v.print(struct {
		Error *Failure `json:"error"`
	}{f})
}

// print writes the document. Characters that a terminal would act on stand in
// strings only, where JSON lets them be escaped.
func (v *jsonView) print(doc any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		panic("a document that JSON cannot hold: " + err.Error())
	}
	text := visibleText(strings.TrimRight(b.String(), "\n"))
	io.WriteString(v.out, strings.ReplaceAll(text, "##", `#\u0023`)+"\n") // no mark of a CI system, and the same JSON
}
