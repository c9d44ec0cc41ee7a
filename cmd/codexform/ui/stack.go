package ui

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// fits reports whether every row of a table has room on one line of the terminal. A
// pipe has room for all.
func (v *textView) fits(all []section, name, val int) bool {
	if v.Width <= 0 {
		return true
	}
	bare := &textView{}
	for _, s := range all {
		for _, r := range s.rows {
			if cells("  "+bare.row(r, name, val)) > v.Width {
				return false
			}
		}
	}
	return true
}

// stacked prints a row below itself: the address, the values, where it comes from.
func (v *textView) stacked(r row) {
	const in = "      "
	v.say("  " + v.style.paint(r.kind, r.glyph+" "+v.cut(r.name, len("  + "))))
	for _, value := range v.values(r, len(in)) {
		if strings.HasPrefix(value, "(") {
			value = v.style.paint(secret, value)
		}
		v.say(in + value)
	}
	if r.place != "" {
		v.say(in + v.style.paint(faint, v.cut(r.place, len(in))))
	}
	if r.note != "" {
		for _, line := range wrap(in, r.note, v.lineWidth()) {
			v.say(v.style.paint(faint, line))
		}
	}
}

// values are the lines of a row's values: one where old and new fit, else one each.
func (v *textView) values(r row, in int) []string {
	switch {
	case r.value == "":
		return nil
	case r.old == "" || in+cells(r.value) <= v.Width:
		return []string{v.cut(r.value, in)}
	}
	to := v.plain("→ ")
	return []string{v.cutAround(r.old, r.new, in), to + v.cutAround(r.new, r.old, in+cells(to))}
}

// cut is a text that fits on a line of the terminal so far in, its middle replaced by
// how long it is. --full cuts nothing.
func (v *textView) cut(s string, in int) string {
	if v.Full || v.Width <= 0 {
		return s
	}
	return v.within(s, in, 2, middle)
}

// cutAround is a text that fits as cut does it, where it stands beside another one: what
// tells them apart is never what is cut, since both would look the same.
func (v *textView) cutAround(s, other string, in int) string {
	if v.Full || v.Width <= 0 {
		return s
	}
	return v.within(s, in, 4, func(s string, room int) string { return around(s, other, room) })
}

// within shortens a text to what has room so far in, with so many marks in it.
func (v *textView) within(s string, in, marks int, shorten func(string, int) string) string {
	room := max(v.Width-in, minCut)
	if v.ASCII && cells(s) > room {
		return ascii(shorten(s, room-marks*len("..."))) // each becomes longer
	}
	return shorten(s, room)
}

// minCut is the width below which a cut text would say nothing.
const minCut = 24

// minFolded is how many keys of one table have to go before they are counted only.
const minFolded = 3

// folded is a file's rows with those of each removed table counted on one line, which
// names the command that shows them.
func folded(rows []row, full string) []row {
	out := make([]row, 0, len(rows))
	for len(rows) > 0 {
		n := sameTable(rows)
		if n < minFolded {
			out, rows = append(out, rows[0]), rows[1:]
			continue
		}
		out, rows = append(out, gone(rows[0], n, full)), rows[n:]
	}
	return out
}

// gone is a removed table with so many keys, of which r is the first.
func gone(r row, n int, full string) row {
	said := count(n, "key") + " below it, " + full + " shows them"
	if r.note != "" {
		said += "; " + strings.TrimSuffix(strings.TrimPrefix(r.note, "("), ")")
	}
	return row{glyph: r.glyph, kind: r.kind, name: Visible(r.table.String()), note: paren(said)}
}

// sameTable is how many rows from the first one on are removals from one table, for
// one reason.
func sameTable(rows []row) int {
	first := rows[0]
	if first.kind != removed || len(first.table) == 0 {
		return 0
	}
	n := 0
	for _, r := range rows {
		if r.kind != removed || r.note != first.note || !below(r.address, first.table) {
			break
		}
		n++
	}
	return n
}

// below reports an address that stands in a table or deeper.
func below(a, table plan.Address) bool {
	return len(a) > len(table) && slices.Equal(a[:len(table)], table)
}
