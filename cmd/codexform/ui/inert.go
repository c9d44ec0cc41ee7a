package ui

import (
	"io"
	"strings"
)

// inert is a stream on which no line is a command to the CI system that reads it, and
// nothing but colour a command to a terminal. Everything that people read goes through
// one, wrapped lines included.
type inert struct {
	to     io.Writer
	colour bool
	ascii  bool // every letter is one of ASCII
	within bool // the last text did not end its line
}

// Inert is a stream on which text stays text, for what is printed beside a View.
func Inert(w io.Writer) io.Writer { return &inert{to: w, colour: true} }

func (w *inert) Write(p []byte) (int, error) {
	lines := strings.SplitAfter(string(p), "\n")
	for i, line := range lines {
		lines[i] = w.line(line, i == 0 && w.within)
	}
	w.within = len(p) > 0 && p[len(p)-1] != '\n'
	if _, err := io.WriteString(w.to, strings.Join(lines, "")); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *inert) line(line string, within bool) string {
	text, end := strings.CutSuffix(line, "\n")
	text = inertText(w.visible(text))
	if w.ascii {
		text = ascii(text)
	}
	if bare := text[beginning(text):]; !within && strings.HasPrefix(bare, "::") {
		text = text[:len(text)-len(bare)] + ": :" + bare[2:]
	}
	if end {
		text += "\n"
	}
	return text
}

// beginning is where the words of a line begin, behind blanks and colours.
func beginning(line string) int {
	for at := 0; ; {
		n := len(line[at:]) - len(strings.TrimLeft(line[at:], " \t")) + colourCode(strings.TrimLeft(line[at:], " \t"))
		if n == 0 {
			return at
		}
		at += n
	}
}

// inertText is a text without the marks that CI systems act on anywhere in a line.
func inertText(s string) string {
	for _, mark := range marks {
		s = strings.ReplaceAll(s, mark, "# "+mark[1:])
	}
	return s
}

var marks = []string{"##[", "##vso[", "##teamcity["}

// InertDocument is a document of JSON, TOML, YAML, XML or HTML that says the same to whoever
// decodes it, without the marks that CI systems act on anywhere in a line: a printed
// document is an answer, and not a letter of it may be lost.
func InertDocument(doc string) string {
	hash := `\u0023`
	switch {
	case strings.HasPrefix(doc, "<?xml"), strings.HasPrefix(doc, "<!"):
		hash = "&#35;"
	case strings.HasPrefix(doc, "# HELP"): // metrics, which know no escape for it
		hash = " #"
	}
	for _, mark := range marks {
		doc = strings.ReplaceAll(doc, mark, "#"+hash+mark[2:])
	}
	return doc
}

// InertShell are lines for a shell, or for people, that say the same to whoever runs them:
// a quoted word is put together from two, and a comment has a blank more.
func InertShell(lines string, windows bool) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		apart := "#'" + "'#" // of a quoted word
		if windows {
			apart = "#'+'#"
		}
		if !strings.Contains(line, "='") && !strings.Contains(line, " = '") {
			apart = "# #"
		}
		for _, mark := range marks {
			line = strings.ReplaceAll(line, mark, apart+mark[2:])
		}
		b.WriteString(line)
	}
	return b.String()
}

// visible is Visible but for the colours that we put there, and tabs.
func (w *inert) visible(s string) string {
	var b strings.Builder
	for s != "" {
		if n := colourCode(s); n > 0 && w.colour {
			b.WriteString(s[:n])
			s = s[n:]
			continue
		}
		i := strings.IndexByte(s[1:], '\x1b') + 1
		if i == 0 {
			i = len(s)
		}
		b.WriteString(Visible(s[:i]))
		s = s[i:]
	}
	return b.String()
}

// colourCode is the length of the colour that a text begins with, 0 without one.
func colourCode(s string) int {
	rest, ok := strings.CutPrefix(s, "\x1b[")
	if !ok {
		return 0
	}
	end := strings.IndexByte(rest, 'm')
	if end < 0 || strings.Trim(rest[:end], "0123456789;") != "" {
		return 0
	}
	return 2 + end + 1
}
