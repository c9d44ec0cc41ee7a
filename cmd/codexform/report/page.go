package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"strings"
	"time"

	"github.com/codexform/codexform/cmd/codexform/ui"
)

//go:embed page.html
var page string

//go:embed page.css
var style string

//go:embed page.js
var script string

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
	// Flags are what deserves a look: person, silent, ahead.
	Flags []string `json:"n,omitempty"`
}

// HTML is one page that needs nothing beside itself: no network, no other file. The
// machines stand in it in the order in which they are given. Nothing in it runs but the
// script whose digest its policy names.
func HTML(f Fleet, s Summary, made time.Time, tool string) []byte {
	rows := make([]row, len(f.Machines))
	for i, m := range f.Machines {
		rows[i] = row{
			m.Host, m.User, string(m.State), string(m.Code), m.why(), m.PolicyVersion, m.Ring, m.Codex,
			m.Changes, stamp(m.LastRun), m.flags(made),
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
		"{{people}}", peopleHTML(f.Machines),
		"{{rings}}", ringsHTML(s),
		"{{style}}", style,
		"{{script}}", script,
		"{{digest}}", digest(script),
		"{{data}}", ui.InertDocument(string(data)), // JSON, whose escapes the page's own would spoil
	).Replace(page))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// why is what is to be said of a machine: why it failed, or why it is held.
func (m Machine) why() string {
	if m.Message != "" {
		return m.Message
	}
	return m.Reason
}

func (m Machine) flags(now time.Time) []string {
	var out []string
	for _, f := range []struct {
		name string
		is   bool
	}{{"person", m.NeedsPerson()}, {"silent", m.silent(now)}, {"ahead", m.ahead(now)}} {
		if f.is {
			out = append(out, f.name)
		}
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}
