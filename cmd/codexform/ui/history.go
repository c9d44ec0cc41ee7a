package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
)

func (v *textView) History(records []plan.Record, home string) {
	if len(records) == 0 {
		v.prose("", "Nothing has been applied to "+v.home(home)+" yet.")
		return
	}
	v.prose("", "Applied to "+v.home(home)+":")
	for _, r := range records {
		v.say("")
		v.layOut([]section{{rows: v.plainRows(recordRows(r))}}, func(section) { v.head(recordLine(r)) })
	}
}

// head prints the head of a past apply, its blanks as they are where a line has room.
func (v *textView) head(line string) {
	if line = v.plain(line); cells(line) <= v.lineWidth() {
		v.say(v.style.paint(heading, line))
		return
	}
	v.sentence(heading, line)
}

// recordLine is the head of one past apply.
func recordLine(r plan.Record) string {
	line := fmt.Sprintf("%d  %s  %s", r.N, r.Time.Format(time.RFC3339), Visible(r.Command))
	if len(r.Desired.Files) > 0 {
		line += " of " + list(r.Desired.Files, "and")
	}
	switch r.Confirm {
	case "":
		return line
	case "ok":
		return line + ", confirmed"
	}
	return line + ", not confirmed (" + Visible(r.Confirm) + ")"
}

// recordRows are the changes of a past apply, each with the name of its file.
func recordRows(r plan.Record) []row {
	var out []row
	for _, c := range r.Changes {
		one := rows([]plan.Change{c.Change()})
		for i := range one {
			one[i].place = ""
			one[i].name = c.File + ": " + one[i].name
		}
		out = append(out, one...)
	}
	for _, m := range r.Modes {
		out = append(out, row{kind: changed, glyph: "~", name: m.File + ": mode", value: m.Before + " → " + m.After})
	}
	return out
}

func (v *textView) Saved(d plan.Document) { v.plan(d.Plan()) }

func (v *jsonView) History(records []plan.Record, home string) {
	if records == nil {
		records = []plan.Record{}
	}
	v.print(struct {
		Home    string        `json:"codex_home"`
		History []plan.Record `json:"history"`
	}{home, records})
}

func (v *jsonView) Saved(d plan.Document) { v.print(d) }

func (v *markdownView) History(records []plan.Record, home string) {
	if len(records) == 0 {
		v.say("Nothing has been applied to %s yet.", mdText(v.text.home(home)))
		return
	}
	c := &comment{room: commentSize - 1000}
	var all strings.Builder
	for _, r := range records {
		rows := recordRows(r)
		name, val := widths([]section{{rows: rows}})
		all.WriteString(c.section(section{path: recordLine(r), rows: rows}, name, val))
	}
	fmt.Fprint(v.out, c.cut())
	v.say("Applied to %s:\n", mdText(v.text.home(home)))
	fmt.Fprint(v.out, all.String())
}

func (v *markdownView) Saved(d plan.Document) { v.plan(d.Plan()) }
