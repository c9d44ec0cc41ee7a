package ui

import (
	"fmt"
	"strings"
)

func (v *textView) Warn(text string) { v.complain(warning, "warning", text) }

func (v *textView) Fail(f *Failure) {
	for _, p := range f.Problems {
		v.problem(p)
		for _, line := range p.caret(v.lineWidth(), v.ErrASCII) {
			fmt.Fprintln(v.err, v.errStyle.paint(faint, line))
		}
	}
	v.complain(failure, "error", f.Message)
	for _, hint := range f.hints {
		v.complain(warning, "hint", hint)
	}
	for _, note := range f.Notes {
		v.complain(plain, "note", note)
	}
}

// problem prints where and what, on a line that compilers and editors know the form of,
// wrapped on a terminal.
func (v *textView) problem(p Problem) {
	text := Visible(p.line())
	if v.ErrASCII {
		text = ascii(text)
	}
	if cells(text) <= v.lineWidth() {
		fmt.Fprintln(v.err, text)
		return
	}
	const in = "  "
	for i, line := range wrap("", text, v.lineWidth()-len(in)) {
		if i > 0 {
			line = in + line
		}
		fmt.Fprintln(v.err, line)
	}
}

func (v *textView) complain(m meaning, what, text string) {
	lead := "codexform: " + what + ": "
	text = Visible(text)
	if v.ErrASCII {
		text = ascii(text)
	}
	lines := wrap(lead, text, v.lineWidth())
	if v.lineWidth() == unwrapped {
		lines = []string{lead + text}
	}
	for i, line := range lines {
		if i == 0 {
			line = "codexform: " + v.errStyle.paint(m, what+":") + " " + strings.TrimPrefix(line, lead)
		}
		fmt.Fprintln(v.err, line)
	}
}
