package jsonfile

import (
	"encoding/json"
	"strings"

	"github.com/codexform/codexform/plan"
)

// note is how to take an edit back. Values of members are secrets: the only one
// kept is that of auth_mode.
type note struct {
	New   bool    `json:"new,omitempty"`  // the member was not there
	Gap   *string `json:"gap,omitempty"`  // what stood between the braces when nothing else did
	Null  bool    `json:"null,omitempty"` // the member was null
	Old   string  `json:"old,omitempty"`  // auth_mode as it was
	Hole  *hole   `json:"hole,omitempty"` // of a removed member
	Round int     `json:"round,omitempty"`
}

// hole is where a removed member stood: between which members, what surrounded
// its value, and what was left there.
type hole struct {
	start, end  int
	First, Last bool   // no member before, behind
	Prev, Next  string // their names
	Before      string
	After       string
	Left        string
}

func (s *state) write() ([]plan.Note, error) {
	notes := make([]plan.Note, len(s.notes))
	for i, n := range s.notes {
		if n == nil {
			continue
		}
		text, err := json.Marshal(n)
		if err != nil {
			return nil, err
		}
		notes[i] = plan.Note(text)
	}
	return notes, nil
}

// recall learns from the notes of earlier Applies how the object looked while it was
// empty.
func (s *state) recall(notes []plan.Note) {
	for _, text := range notes {
		if n := parseNote(text); n.Gap != nil {
			s.gap = n.Gap
		}
	}
}

// parseNote is the note of an edit that is taken back; a text that is not ours
// is an empty one.
func parseNote(text plan.Note) note {
	var n note
	if text == "" || json.Unmarshal([]byte(text), &n) != nil {
		return note{}
	}
	return n
}

// between is the place between two members, or between one and a brace: in front
// of it the member before the one numbered k, behind it the one numbered next.
func (o *object) between(k, next int) hole {
	h := hole{start: o.open + 1, end: o.brace, First: true, Last: true}
	if k > 0 {
		h.start, h.First, h.Prev = o.members[k-1].end, false, o.members[k-1].name
	}
	if next < len(o.members) {
		h.end, h.Last, h.Next = o.members[next].start, false, o.members[next].name
	}
	return h
}

// takeBack makes one edit that takes back another. It reports false when a removed
// member could not be put back.
func (s *state) takeBack(i int, e Edit) (bool, error) {
	n := parseNote(e.TakeBack)
	if (!e.Remove || n.Null) && n.Hole != nil && s.object.find(e.Name) < 0 {
		return s.putBack(i, e, n)
	}
	if err := s.edit(i, e); err != nil {
		return false, err
	}
	if !e.Remove || n.Gap == nil || len(s.object.members) > 0 || strings.Trim(*n.Gap, " \t\r\n") != "" {
		return true, nil
	}
	return true, s.splice(s.object.open+1, s.object.brace, *n.Gap)
}

// putBack puts a removed member back in its old place and spelling where its
// neighbours still stand there.
func (s *state) putBack(i int, e Edit, n note) (bool, error) {
	o := s.object
	raw, err := quote(e.Value)
	if err != nil {
		return false, err
	}
	if e.Remove {
		raw = "null"
	}
	if n.Old != "" && spells(n.Old, e.Value) {
		raw = n.Old
	}
	for k := 0; k <= len(o.members); k++ {
		if h := o.between(k, k); h.was(*n.Hole, o.text) && s.fill(h, *n.Hole, e, raw) {
			s.notes[i] = &note{Round: i, New: true}
			return true, nil
		}
	}
	return false, nil
}

// was reports whether a gap is what a removed member left.
func (h hole) was(old hole, text string) bool {
	return h.First == old.First && h.Last == old.Last && h.Prev == old.Prev && h.Next == old.Next && text[h.start:h.end] == old.Left
}

// fill puts a member back into a gap. It reports false, and changes nothing, when
// that would give more or less than this member.
func (s *state) fill(h, old hole, e Edit, raw string) bool {
	before := s.object
	if s.splice(h.start, h.end, old.Before+raw+old.After) != nil {
		return false
	}
	if prove(before, s.object, []Edit{e}) != nil {
		s.object = before
		return false
	}
	return true
}
