package plan

import "unicode"

// Pictured makes a picture of the sign before it. Behind anything else nobody sees it.
const Pictured = '\uFE0F'

// Unseen reports a letter that a reader does not see, or takes for another one: controls,
// what turns or joins letters, fillers, selectors of a variant, blanks that are not the
// keyboard's. The wide blank of East Asian text is seen.
func Unseen(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return false
	}
	switch r {
	case '\u3000':
		return false
	case '\u2800': // a sign of Braille without a dot
		return true
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Zs, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Plain reports that a text is all letters of ASCII that are seen. Most are, and need not
// be looked at letter by letter.
func Plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
