// Package jsonfile edits the members of a JSON object without disturbing the
// bytes that are not ours: bytes and edits in, bytes out.
package jsonfile

import "errors"

// Member is one member of the top-level object.
type Member struct {
	Name         string
	Raw          []byte // the value's bytes as they stand
	Line, Column int    // of the value, from 1
}

// Parse reads the top-level object strictly, as Codex does: exact names, no byte
// order mark, no comments, no trailing data, valid UTF-8, no duplicates among the
// given managed names. Anything else is an *Error. An empty file is an *Error of
// kind Empty.
func Parse(src []byte, managed ...string) ([]Member, error) { return nil, errors.New("not there yet") }

// Edit is one wanted change: a member set to a string, or removed.
type Edit struct {
	Name   string
	Value  string
	Remove bool
	Undo   string // as in tomlfile.Edit
}

// Result is an edited file; see tomlfile.Result. Undo never holds a string value
// of the file unless it is the auth_mode member's.
type Result struct {
	Data []byte
	Undo []string
}

// Apply makes the edits and proves the result: read again, it is the old object
// with exactly the edits. A nil src is a file that does not exist: a new object is
// written, two blanks of indentation, a final newline.
func Apply(src []byte, edits []Edit) (Result, error) { return Result{}, errors.New("not there yet") }

// ErrorKind says why a file was refused.
type ErrorKind string

// The kinds of Error.
const (
	Empty     ErrorKind = "empty"
	Syntax    ErrorKind = "syntax"
	Duplicate ErrorKind = "duplicate"
	Encoding  ErrorKind = "encoding"
	Conflict  ErrorKind = "conflict" // the top level is no object, the key is no string
	Limit     ErrorKind = "limit"
)

// Error is a file or an edit that was refused; nothing was changed. Its text
// never quotes the file.
type Error struct {
	Kind         ErrorKind
	Line, Column int
	Message      string
}

// Error is "line:column: message".
func (e *Error) Error() string { return e.Message }
