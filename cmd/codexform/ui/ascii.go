package ui

import "strings"

// signs are our own that ASCII has no letter for.
var signs = strings.NewReplacer("→", "->", "…", "...", "·", "*", "“", `"`, "”", `"`, "’", "'", "–", "-", "—", "-")

// ascii is a text for a terminal that shows nothing else: our own signs in letters, what
// is left escaped. Such a terminal may take the bytes of other letters for commands.
func ascii(s string) string {
	if strings.IndexFunc(s, beyond) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range signs.Replace(s) {
		if beyond(r) {
			b.WriteString(escaped(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func beyond(r rune) bool { return r >= 0x7f }

// plain is a text as the terminal of the answers can show it.
func (v *textView) plain(s string) string {
	if v.ASCII {
		return ascii(s)
	}
	return s
}

// plainRows are rows as the terminal can show them: before they are laid out, since
// letters become longer.
func (v *textView) plainRows(rows []row) []row {
	if !v.ASCII {
		return rows
	}
	for i := range rows {
		r := &rows[i]
		for _, s := range []*string{&r.glyph, &r.name, &r.value, &r.place, &r.note, &r.old, &r.new} {
			*s = ascii(*s)
		}
	}
	return rows
}
