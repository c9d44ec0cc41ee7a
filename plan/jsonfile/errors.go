package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrorKind says why a file was refused.
type ErrorKind string

// The kinds of Error.
const (
	Empty     ErrorKind = "empty"     // nothing, or nothing but blanks
	Syntax    ErrorKind = "syntax"    // not JSON, or more than one document
	Duplicate ErrorKind = "duplicate" // a managed member twice; the message names both lines
	Encoding  ErrorKind = "encoding"  // not UTF-8, a byte order mark
	Conflict  ErrorKind = "conflict"  // the top level is no object, a managed member is no string
	Limit     ErrorKind = "limit"     // too large or nested too deeply
)

// Error is a file or an edit that was refused; nothing was changed. Its text
// never quotes the file.
type Error struct {
	Kind         ErrorKind
	Line, Column int // from 1, columns count characters; 0 when there is no place
	Message      string
	// Damaged is true for a file that nobody wrote like this: empty, cut short, NUL
	// bytes left by a crash, bytes that are no UTF-8.
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

// check refuses what is no single JSON document in UTF-8.
func check(src []byte) error {
	switch {
	case len(src) > maxSize:
		return &Error{Kind: Limit, Message: fmt.Sprintf("larger than %d MiB", maxSize>>20)}
	case len(bytes.Trim(src, " \t\r\n")) == 0:
		return &Error{Kind: Empty, Message: "empty: not even an object", Damaged: true}
	case bytes.HasPrefix(src, []byte("\ufeff")):
		return &Error{Kind: Encoding, Line: 1, Column: 1, Message: "begins with a byte order mark, which Codex does not read here: remove it"}
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}), bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return &Error{Kind: Encoding, Line: 1, Column: 1, Message: "UTF-16, not UTF-8", Damaged: true}
	case bytes.IndexByte(src, 0) >= 0:
		return damaged(src, bytes.IndexByte(src, 0), Syntax, "damaged: a NUL byte")
	case !utf8.Valid(src):
		return damaged(src, invalidAt(src), Encoding, "not UTF-8")
	}
	return checkSyntax(src)
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

func damaged(src []byte, offset int, kind ErrorKind, message string) error {
	e := errorAt(string(src), offset, kind, "%s", message)
	e.Damaged = true
	return e
}

func checkSyntax(src []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(src, &raw)
	var e *json.SyntaxError
	if !errors.As(err, &e) {
		return nil
	}
	offset := max(int(e.Offset)-1, 0)
	if strings.Contains(e.Error(), "max depth") {
		return errorAt(string(src), offset, Limit, "nested more than %d levels deep", maxDepth)
	}
	if e.Offset >= int64(len(src)) && strings.Contains(e.Error(), "unexpected end") {
		return damaged(src, len(src), Syntax, "damaged: the file ends in the middle of the object")
	}
	return errorAt(string(src), offset, Syntax, "%s", reason(src, offset, e))
}

// reason is what is wrong at an offset; the standard library's words may quote a
// character of a secret.
func reason(src []byte, offset int, e *json.SyntaxError) string {
	switch {
	case strings.Contains(e.Error(), "after top-level value"):
		return "more data behind the object"
	case strings.Contains(e.Error(), "looking for beginning of object key") && bytes.IndexByte(src[offset:], '}') == 0:
		return "a comma behind the last member"
	case src[offset] == '/':
		return "a comment, which JSON does not have"
	}
	return "not JSON"
}

// errorAt is an error at a byte offset.
func errorAt(text string, offset int, kind ErrorKind, format string, args ...any) *Error {
	line, column := position(text, offset)
	return &Error{Kind: kind, Line: line, Column: column, Message: fmt.Sprintf(format, args...)}
}

func position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}
