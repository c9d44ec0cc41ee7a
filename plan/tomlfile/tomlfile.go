// Package tomlfile edits a TOML file without disturbing the bytes that are not
// ours: bytes and edits in, bytes out.
package tomlfile

import (
	"errors"

	"github.com/codexform/codexform/plan"
)

// Document is a decoded TOML file. It is immutable.
type Document struct {
	// Root is the whole file as a table value.
	Root plan.Value
}

// Place is a position in a file, line and column from 1; columns count characters.
type Place struct{ Line, Column int }

// Parse decodes a file as Codex would read it (TOML 1.1, a leading byte order
// mark allowed). A file that Codex could not read is an *Error. Empty input is an
// empty table.
func Parse(src []byte) (*Document, error) { return nil, errors.New("not there yet") }

// Place is where the key or table at an address stands: its key, or the first
// header that names it. False when there is nothing.
func (d *Document) Place(a plan.Address) (Place, bool) { return Place{}, false }

// Edit is one wanted change of a file.
type Edit struct {
	Address plan.Address
	// Value is what the key must be set to; absent removes the key, or the table
	// with all that is below it. Removing what is not there is no change.
	Value plan.Value
	// Undo, when not empty, is the text that Result.Undo gave for the edit that this
	// one takes back: where the file still allows it, the old bytes come back
	// exactly; where it does not, the edit is carried out as if Undo were empty.
	Undo string
}

// Result is an edited file.
type Result struct {
	Data []byte
	// Undo has, for each edit, what is needed to take it back; "" for an edit that
	// changed nothing. Opaque to callers, valid UTF-8, and free of secrets beyond
	// what the file held at that key.
	Undo []string
}

// Apply makes the edits, in order, and proves the result: two independent
// decoders read it as the old data with exactly the edits. Either all edits are
// made or none: a conflict anywhere (a table where a value is wanted, an array of
// tables on the path) is an *Error of kind Conflict before the first cut. A value
// that is already equal in any spelling changes no byte.
func Apply(src []byte, edits []Edit) (Result, error) { return Result{}, errors.New("not there yet") }

// ErrorKind says why a file was refused.
type ErrorKind string

// The kinds of Error.
const (
	Syntax    ErrorKind = "syntax"
	Duplicate ErrorKind = "duplicate"
	Encoding  ErrorKind = "encoding" // not UTF-8, a NUL, UTF-16, a second byte order mark
	Conflict  ErrorKind = "conflict"
	Limit     ErrorKind = "limit" // too large or too deep
)

// Error is a file or an edit that was refused; nothing was changed.
type Error struct {
	Kind         ErrorKind
	Line, Column int // from 1; 0 when there is no place
	Message      string
}

// Error is "line:column: message".
func (e *Error) Error() string { return e.Message }
