package ui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// commentSize is how many characters a plan in Markdown has at most: GitHub takes
// 65,536 for a comment, and others write around ours.
const commentSize = 60_000

// comment is a plan in pieces, of which those are left out at the end that have no room.
type comment struct {
	room            int
	changes, advice int // how many were left out
}

// fits takes a piece's room, where there is room for it.
func (c *comment) fits(piece string) bool {
	n := utf8.RuneCountInString(piece)
	if c.room < n {
		return false
	}
	c.room -= n
	return true
}

// cut says what is missing, "" for nothing.
func (c *comment) cut() string {
	var missing []string
	if c.changes > 0 {
		missing = append(missing, count(c.changes, "change"))
	}
	if c.advice > 0 {
		missing = append(missing, count(c.advice, "finding"))
	}
	if missing == nil {
		return ""
	}
	return "**Cut to " + fmt.Sprintf("%d", commentSize) + " characters: " + strings.Join(missing, " and ") + " left out here; --format text shows all.**\n\n"
}

// pieces is what a view says, instead of writing it.
func pieces(say func(v *markdownView)) string {
	var b strings.Builder
	say(&markdownView{out: &b})
	return b.String()
}

// plan writes the pieces of a plan: what is on top and at the end is whole, changes
// and then findings have what room is left.
func (v *markdownView) plan(p plan.Plan) {
	top := pieces(func(v *markdownView) { v.top(p) })
	end := pieces(func(v *markdownView) { v.end(p) })
	c := &comment{room: commentSize - utf8.RuneCountInString(top+end) - 200}
	var middle strings.Builder
	all := sections(p)
	name, val := widths(all)
	for _, s := range all {
		middle.WriteString(c.section(s, name, val))
	}
	shown, yours := v.text.grouped(p.Diagnostics)
	middle.WriteString(c.findings(shown))
	if yours != "" {
		middle.WriteString(mdText(yours) + "\n\n")
	}
	fmt.Fprint(v.out, c.cut()+top+middle.String()+end)
}

// section is one file, folded: its changes as a diff block, where no text of a
// value can end the block, because each line begins with its action.
func (c *comment) section(s section, name, val int) string {
	title := htmlText(strings.TrimSpace(s.path + "  " + s.note)) // no Markdown inside a block of HTML
	begin := fmt.Sprintf("<details open><summary>%s: %s</summary>\n\n```diff\n", title, count(len(s.rows), "change"))
	const end = "```\n\n</details>\n\n"
	if !c.fits(begin + end) {
		c.changes += len(s.rows)
		return ""
	}
	var b strings.Builder
	for i, r := range s.rows {
		if r.glyph == "~" {
			r.glyph = "!"
		}
		line := (&textView{}).row(r, name, val) + "\n"
		if !c.fits(line) {
			c.changes += len(s.rows) - i
			break
		}
		b.WriteString(line)
	}
	return begin + b.String() + end
}

// findings are those that do not stand on top.
func (c *comment) findings(all []plan.Diagnostic) string {
	var b strings.Builder
	for _, d := range all {
		if d.Severity == plan.Review {
			continue
		}
		if said := finding(d); c.advice == 0 && c.fits(said) {
			b.WriteString(said)
		} else {
			c.advice++
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "\n"
}

func finding(d plan.Diagnostic) string {
	line := fmt.Sprintf("- **%s: %s**", mdText(Visible(string(d.Severity))), mdText(Visible(d.Rule)))
	if at := d.Origin.String(); at != "" {
		line += " at " + mdText(Visible(at))
	}
	line += "  \n  " + mdText(oneLine(Visible(d.Summary))) + "\n"
	if d.Fix != "" {
		line += "  _Fix:_ " + mdText(oneLine(Visible(d.Fix))) + "\n"
	}
	return line
}
