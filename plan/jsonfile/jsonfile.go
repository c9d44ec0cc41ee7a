// Package jsonfile edits the members of a JSON object without disturbing the
// bytes that are not ours: bytes and edits in, bytes out.
//
// It is made for Codex's auth.json: members are strings of the top-level object,
// and all else (order, spelling of names and numbers, escapes, blanks, line
// endings) stays as it is. Reading is as strict as Codex's own.
package jsonfile

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
)

// Member is one member of the top-level object.
type Member struct {
	plan.Place // of the value
	Name       string
	Raw        []byte // the value's bytes as they stand
}

// Text is the member's value when it is a string.
func (m Member) Text() (string, bool) {
	var s *string
	if json.Unmarshal(m.Raw, &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

// Parse reads the top-level object strictly, as Codex does: exact names, no byte
// order mark, no comments, no trailing data, valid UTF-8, and each of the managed
// names at most once, with a string or null. Anything else is an *Error. An empty
// file is an *editor.Error of kind Empty.
func Parse(src []byte, managed ...string) ([]Member, error) {
	o, err := read(src)
	if err != nil {
		return nil, err
	}
	for _, name := range managed {
		if err := o.check(name); err != nil {
			return nil, err
		}
	}
	members := make([]Member, len(o.members))
	line, start := 1, 0 // of the last value
	for i, m := range o.members {
		lines := strings.Count(o.text[start:m.val], "\n")
		start += strings.LastIndexByte(o.text[start:m.val], '\n') + 1
		line += lines
		members[i] = Member{
			Name: m.name, Raw: []byte(o.raw(m)),
			Place: plan.Place{Line: line, Column: 1 + utf8.RuneCountInString(o.text[start:m.val])},
		}
	}
	return members, nil
}

// Edit is one wanted change: a member set to a string, or removed. Removing what
// is not there is no change.
type Edit struct {
	Name   string
	Value  string
	Remove bool
	// TakeBack, when not empty, is the note that Result.Notes gave for the edit that
	// this one takes back; where the file still allows it the old bytes come back
	// exactly. A member that was null before us is null again when it is removed with it.
	TakeBack plan.Note
}

// Result is an edited file.
type Result struct {
	Data []byte
	// Notes has, for each edit, what is needed to take it back; "" for an edit that
	// changed nothing. They never hold a string of the file unless it is the auth_mode
	// member's.
	Notes []plan.Note
}

// Apply makes the edits, in order, and proves the result: read again, it is the
// old object with exactly the edits. A nil src is a file that does not exist: a new
// object is written, two blanks of indentation, a final newline; when no edit sets
// anything, Data is nil too. A member that already has the wanted value keeps its
// spelling.
//
// Notes are the notes of earlier edits of the file that still stand. Edits that
// know of those before them can be taken back together with them, in any order.
func Apply(src []byte, edits []Edit, notes ...plan.Note) (Result, error) {
	if src == nil {
		if !anySet(edits) {
			return Result{Notes: make([]plan.Note, len(edits))}, nil
		}
		src = []byte("{}\n")
	}
	before, err := read(src)
	if err != nil {
		return Result{}, err
	}
	for _, e := range edits {
		if err := before.check(e.Name); err != nil {
			return Result{}, err
		}
	}
	s := state{object: before, notes: make([]*note, len(edits))}
	s.recall(notes)
	if err := s.run(distinct(edits)); err != nil {
		return Result{}, err
	}
	if err := prove(before, s.object, distinct(edits)); err != nil {
		return Result{}, err
	}
	written, err := s.write()
	return Result{Data: []byte(s.object.text), Notes: written}, err
}

func anySet(edits []Edit) bool {
	for _, e := range edits {
		if !e.Remove {
			return true
		}
	}
	return false
}

// distinct are edits that may use their TakeBack: those of one name twice must be
// made in order and so take nothing back.
func distinct(edits []Edit) []Edit {
	seen := map[string]bool{}
	for _, e := range edits {
		if seen[e.Name] {
			return plain(edits)
		}
		seen[e.Name] = true
	}
	return edits
}

func plain(edits []Edit) []Edit {
	without := make([]Edit, len(edits))
	for i, e := range edits {
		e.TakeBack = ""
		without[i] = e
	}
	return without
}
