package tomlfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrorKind says why a file or an edit was refused.
type ErrorKind string

// The kinds of Error.
const (
	Syntax    ErrorKind = "syntax"    // not TOML; NUL bytes and a misplaced byte order mark too
	Duplicate ErrorKind = "duplicate" // a key or table defined twice; the message names both lines
	Encoding  ErrorKind = "encoding"  // not UTF-8: UTF-16, Latin-1
	Conflict  ErrorKind = "conflict"  // the file has a table where a value is wanted, or the reverse
	Limit     ErrorKind = "limit"     // too large or nested too deeply
)

// Error is a file or an edit that was refused; nothing was changed. Its text
// never quotes a value of the file.
type Error struct {
	Kind         ErrorKind
	Line, Column int // from 1, columns count characters; 0 when there is no place
	Message      string
	// Damaged is true for a file that nobody wrote like this: NUL bytes left by a
	// crash, bytes that are no UTF-8.
	Damaged bool
}

// Error is "line:column: message", or the message alone when there is no place.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
}

const (
	maxSize  = 4 << 20
	maxDepth = 100
)

const mark = "\ufeff" // a byte order mark

// check refuses what must not reach the parser.
func check(src []byte) error {
	switch {
	case len(src) > maxSize:
		return &Error{Kind: Limit, Message: fmt.Sprintf("larger than %d MiB", maxSize>>20)}
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return &Error{Kind: Encoding, Line: 1, Column: 1, Message: "UTF-16, not UTF-8: save the file as UTF-8", Damaged: true}
	case len(src) > 0 && len(bytes.Trim(src, "\x00")) == 0:
		return &Error{Kind: Syntax, Line: 1, Column: 1, Message: "damaged: nothing but NUL bytes", Damaged: true}
	}
	return checkBytes(src)
}

func checkBytes(src []byte) error {
	if i := bytes.IndexByte(src, 0); i >= 0 {
		e := errorAt(src, i, Syntax, "damaged: a NUL byte")
		e.Damaged = true
		return e
	}
	if !utf8.Valid(src) {
		e := errorAt(src, invalidAt(src), Encoding, "not UTF-8: save the file as UTF-8")
		e.Damaged = true
		return e
	}
	return nil
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

// errorAt is an error at a byte offset. A byte order mark takes no column.
func errorAt[T ~string | ~[]byte](text T, offset int, kind ErrorKind, format string, args ...any) *Error {
	line, column := position(text, offset)
	return &Error{Kind: kind, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

func position[T ~string | ~[]byte](text T, offset int) (line, column int) {
	before := strings.TrimPrefix(string(text[:min(offset, len(text))]), mark)
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before[:start], "\n"), 1 + utf8.RuneCountInString(before[start:])
}

// explain places a parser's message, in better words where it is a known mishap.
func explain(text string, offset int, message string) error {
	rest := text[offset:]
	switch {
	case strings.HasPrefix(rest, mark):
		message = "a byte order mark inside the file: remove it"
	case strings.HasPrefix(rest, "\r"):
		message = "a carriage return without a line feed"
	case strings.Contains(message, "escape"):
		message += `; a path with \ needs single quotes`
	}
	return errorAt(text, offset, Syntax, "%s", message)
}
