package ui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"

	"github.com/codexform/codexform/plan"
)

// Visible is s with every character escaped that a terminal would act on or not
// show: controls, bidirectional and zero-width ones, line separators, and marks that
// pile up on a letter until they cover the lines around. What is not UTF-8 becomes U+FFFD.
func Visible(s string) string {
	if plan.Plain(s) {
		return s
	}
	if strings.IndexFunc(s, suspect) < 0 {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	marks, last := 0, ' '
	for _, r := range s {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		if plan.Unseen(r) && !(r == plan.Pictured && unicode.Is(unicode.So, last)) || marks > mostMarks {
			b.WriteString(escaped(r))
		} else {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// mostMarks are as many as a letter of any language has.
const mostMarks = 4

// suspect reports a letter for which Visible has to look at a text more closely.
func suspect(r rune) bool {
	return plan.Unseen(r) || r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me)
}

// visibleText is Visible for text of our own that may have several lines.
func visibleText(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	return strings.Join(lines, "\n")
}

// escaped is r as both JSON and, below U+10000, TOML spell it.
func escaped(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04X`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Sprintf(`\u%04X\u%04X`, high, low)
}

// become is a value that becomes another one. Between two that read from right to left
// stands a word, since without one a browser shows the new one first.
func become(before, after string) string {
	if leftward(before) && leftward(after) {
		return before + " → now " + after
	}
	return before + " → " + after
}

// leftward reports a text with letters that are read from right to left.
func leftward(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		if r < 0x590 {
			return false
		}
		p, _ := bidi.LookupRune(r)
		return p.Class() == bidi.R || p.Class() == bidi.AL
	})
}

// cells is how many columns a terminal gives to s, which is Visible.
func cells(s string) int {
	if plan.Plain(s) {
		return len(s)
	}
	n, last := 0, 0
	for _, r := range s {
		switch {
		case r < 0x300: // most there is, and never zero or two columns wide
			n, last = n+1, 1
		case r == plan.Pictured && last == 1:
			n, last = n+1, 2
		case unicode.In(r, unicode.Mn, unicode.Me), r >= 0x1160 && r <= 0x11FF: // within a syllable of Hangul
		case wide(r):
			n, last = n+2, 2
		default:
			n, last = n+1, 1
		}
	}
	return n
}

// wide reports whether a terminal gives two columns to r.
func wide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// pad is s with blanks up to a width, and none where it is wider.
func pad(s string, width int) string {
	if n := width - cells(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}
