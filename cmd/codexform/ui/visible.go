package ui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/width"
)

// Visible is s with every character escaped that a terminal would act on or not
// show: controls, bidirectional and zero-width ones, line separators. What is not
// UTF-8 becomes U+FFFD.
func Visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(escaped(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// visibleText is Visible for text of our own that may have several lines.
func visibleText(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Visible(line)
	}
	return strings.Join(lines, "\n")
}

func hidden(r rune) bool {
	if r >= ' ' && r < 0x7f {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// escaped is r as both JSON and, below U+10000, TOML spell it.
func escaped(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04X`, r)
	}
	high, low := utf16.EncodeRune(r)
	return fmt.Sprintf(`\u%04X\u%04X`, high, low)
}

// cells is how many columns a terminal gives to s, which is Visible.
func cells(s string) int {
	n, last := 0, 0
	for _, r := range s {
		switch {
		case r < 0x300: // most there is, and never zero or two columns wide
			n, last = n+1, 1
		case r == pictured && last == 1:
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

// pictured makes a picture of the sign before it.
const pictured = '\uFE0F'

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
