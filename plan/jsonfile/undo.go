package jsonfile

import (
	"encoding/json"
	"strings"
)

// record is how to take an edit back. Values of members are secrets: the only one
// kept is that of auth_mode.
type record struct {
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

func (s *state) undo() ([]string, error) {
	texts := make([]string, len(s.records))
	for i, r := range s.records {
		if r == nil {
			continue
		}
		text, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// recall learns from the notes of earlier Applies how the object looked while it was
// empty.
func (s *state) recall(notes []string) {
	for _, text := range notes {
		if r := parseUndo(text); r.Gap != nil {
			s.gap = r.Gap
		}
	}
}

// parseUndo is the record of an edit that is taken back; a text that is not ours
// is an empty one.
func parseUndo(text string) record {
	var r record
	if text == "" || json.Unmarshal([]byte(text), &r) != nil {
		return record{}
	}
	return r
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

// invert makes one edit that takes back another. It reports false when a removed
// member could not be put back.
func (s *state) invert(i int, e Edit) (bool, error) {
	r := parseUndo(e.Undo)
	if (!e.Remove || r.Null) && r.Hole != nil && s.object.find(e.Name) < 0 {
		return s.restore(i, e, r)
	}
	if err := s.edit(i, e); err != nil {
		return false, err
	}
	if !e.Remove || r.Gap == nil || len(s.object.members) > 0 || strings.Trim(*r.Gap, " \t\r\n") != "" {
		return true, nil
	}
	return true, s.splice(s.object.open+1, s.object.brace, *r.Gap)
}

// restore puts a removed member back in its old place and spelling where its
// neighbours still stand there.
func (s *state) restore(i int, e Edit, r record) (bool, error) {
	o := s.object
	raw, err := quote(e.Value)
	if err != nil {
		return false, err
	}
	if e.Remove {
		raw = "null"
	}
	if r.Old != "" && spells(r.Old, e.Value) {
		raw = r.Old
	}
	for k := 0; k <= len(o.members); k++ {
		if h := o.between(k, k); h.was(*r.Hole, o.text) && s.fill(h, *r.Hole, e, raw) {
			s.records[i] = &record{Round: i, New: true}
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
