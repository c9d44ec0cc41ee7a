package sources

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

const maxFile = 64 << 10

// checkText refuses what no person types on purpose: other encodings, control
// characters, characters that cannot be seen or that turn the text around. It
// returns the text with each of those replaced, so that the rest can be checked
// too, and whether there is anything to check.
func checkText(file string, data []byte, ps *problems) (string, bool) {
	at := plan.Origin{File: file, Place: plan.Place{Line: 1, Column: 1}}
	if what, fix := unreadable(data); what != "" {
		ps.at(at, what, fix)
		return "", false
	}
	ps.keep(file, string(data))
	var b strings.Builder
	for len(data) > 0 {
		if at.Column == 1 {
			line, _, _ := bytes.Cut(data, []byte("\n"))
			if r := indentSpace(string(line)); r != 0 {
				ps.at(at, wrongSpace(r), "indent with spaces")
				return "", false
			}
			if len(line) > 0 && plan.Plain(string(line)) {
				b.Write(line)
				at.Column += len(line)
				data = data[len(line):]
				continue
			}
		}
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			ps.at(at, "a byte that is not UTF-8", "save the file as UTF-8")
			return "", false
		case r == '\r' && !bytes.HasPrefix(data[1:], []byte("\n")):
			ps.at(at, "a carriage return without a line feed", "end lines with a line feed")
			r = '\n'
		case r != '\n' && r != '\r' && r != '\t' && forbidden(r) != "":
			ps.at(at, forbidden(r), "remove it")
			r = utf8.RuneError
		}
		b.WriteRune(r)
		at.Column++
		if r == '\n' {
			at.Line, at.Column = at.Line+1, 1
		}
		data = data[size:]
	}
	return b.String(), true
}

// unreadable is why a file is no text that is read here, and what to do; "" where it may be.
func unreadable(data []byte) (what, fix string) {
	switch {
	case len(data) > maxFile:
		return "the file is larger than 64 KiB", ""
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return "the file starts with a byte order mark", "save it as UTF-8 without one"
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")), utf16(data):
		return "the file is UTF-16", "save it as UTF-8"
	}
	return "", ""
}

// utf16 recognises UTF-16 without a mark by the zero beside the first character.
func utf16(data []byte) bool {
	return len(data) >= 2 && (data[0] == 0) != (data[1] == 0)
}

// forbidden says what is wrong with a character in a string, "" when nothing is.
func forbidden(r rune) string {
	switch {
	case r >= ' ' && r <= '~': // most there is
	case unicode.IsControl(r):
		return fmt.Sprintf("a control character (U+%04X)", r)
	case r == '\u2028' || r == '\u2029':
		return fmt.Sprintf("a hidden line break (U+%04X)", r)
	case unicode.Is(unicode.Bidi_Control, r):
		return fmt.Sprintf("a character that changes the direction of text (U+%04X)", r)
	case plan.Unseen(r) && r != plan.Pictured && !unicode.Is(unicode.Zs, r): // those are shown as what they are
		return fmt.Sprintf("a character that cannot be seen (U+%04X)", r)
	}
	return ""
}

// forbiddenIn says what is wrong with the first such character of a string.
func forbiddenIn(s string) string {
	if plan.Plain(s) {
		return ""
	}
	for _, r := range s {
		if what := forbidden(r); what != "" {
			return what
		}
	}
	return ""
}
