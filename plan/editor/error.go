package editor

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// Kind says why a file or an edit was refused.
type Kind string

// The kinds of Error.
const (
	Empty     Kind = "empty"     // nothing, or nothing but blanks, where that is no document
	Syntax    Kind = "syntax"    // not the language of the file; NUL bytes too
	Duplicate Kind = "duplicate" // a key, table or managed member twice; the message names both lines
	Encoding  Kind = "encoding"  // not UTF-8: UTF-16, Latin-1, a byte order mark where none may be
	Conflict  Kind = "conflict"  // the file has a table where a value is wanted, or the reverse
	Limit     Kind = "limit"     // too large or nested too deeply
)

// Error is a file or an edit that was refused; nothing was changed. Its text
// never quotes a value of the file.
type Error struct {
	plan.Place // zero when there is none
	Kind       Kind
	Message    string
	// Damaged is true for a file that nobody wrote like this: cut short, NUL bytes left
	// by a crash, bytes that are no UTF-8.
	Damaged bool
}

// Error is "line:column: message", or the message alone when there is no place.
func (e *Error) Error() string { return e.Place.Says(e.Message) }

// At is an error at a byte offset.
func At[T ~string | ~[]byte](text T, offset int, kind Kind, format string, args ...any) *Error {
	return &Error{Place: PlaceAt(text, offset), Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// DamagedAt is an error at a byte offset of a file that nobody wrote like this.
func DamagedAt[T ~string | ~[]byte](text T, offset int, kind Kind, message string) *Error {
	e := At(text, offset, kind, "%s", message)
	e.Damaged = true
	return e
}

// Mark is a byte order mark. At the start of a file it takes no column.
const Mark = "\ufeff"

// Lines are where the lines of a text begin: for whoever asks for many places of it.
type Lines []int

// LinesOf finds the lines of a text.
func LinesOf(text string) Lines {
	lines := Lines{0}
	for i := range len(text) {
		if text[i] == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// PlaceAt is PlaceAt of the text whose lines these are.
func (l Lines) PlaceAt(text string, offset int) plan.Place {
	line, exact := slices.BinarySearch(l, offset)
	if !exact {
		line--
	}
	return plan.Place{Line: 1 + line, Column: PlaceAt(text[l[line]:], offset-l[line]).Column}
}

// PlaceAt is the place of a byte offset.
func PlaceAt[T ~string | ~[]byte](text T, offset int) plan.Place {
	before := strings.TrimPrefix(string(text[:min(offset, len(text))]), Mark)
	start := strings.LastIndexByte(before, '\n') + 1
	return plan.Place{Line: 1 + strings.Count(before[:start], "\n"), Column: 1 + utf8.RuneCountInString(before[start:])}
}
