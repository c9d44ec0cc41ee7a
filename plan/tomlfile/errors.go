package tomlfile

import (
	"strings"

	"github.com/codexform/codexform/plan/editor"
)

// check refuses what must not reach the parser.
func check(src []byte) error {
	e := editor.Check(src)
	if e == nil {
		return nil
	}
	if e.Kind == editor.Encoding {
		e.Message += ": save the file as UTF-8"
	}
	return e
}

// explain places a parser's message, in better words where it is a known mishap.
func explain(text string, offset int, message string) error {
	rest := text[offset:]
	switch {
	case strings.HasPrefix(rest, editor.Mark):
		message = "a byte order mark inside the file: remove it"
	case strings.HasPrefix(rest, "\r"):
		message = "a carriage return without a line feed"
	case strings.Contains(message, "escape"):
		message += `; a path with \ needs single quotes`
	}
	return editor.At(text, offset, editor.Syntax, "%s", message)
}
