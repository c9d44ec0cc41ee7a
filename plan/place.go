package plan

import "fmt"

// Place is a position in a file, line and column from 1; columns count characters. The
// zero Place is none.
type Place struct{ Line, Column int }

// String is line:column, "" for no place.
func (p Place) String() string {
	if p.Line == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// Says is a message with its place before it, the message alone where there is none.
func (p Place) Says(message string) string {
	if p.Line == 0 {
		return message
	}
	return p.String() + ": " + message
}
