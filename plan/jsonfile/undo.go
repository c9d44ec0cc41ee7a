package jsonfile

import "encoding/json"

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

// parseUndo is the record of an edit that is taken back; a text that is not ours
// is an empty one.
func parseUndo(text string) record {
	var r record
	if text == "" || json.Unmarshal([]byte(text), &r) != nil {
		return record{}
	}
	return r
}

// holeAt is the place of a member: all between its neighbours.
func (o *object) holeAt(k int) hole {
	h := hole{start: o.open + 1, end: o.brace, First: true, Last: true}
	if k > 0 {
		h.start, h.First, h.Prev = o.members[k-1].end, false, o.members[k-1].name
	}
	if k+1 < len(o.members) {
		h.end, h.Last, h.Next = o.members[k+1].start, false, o.members[k+1].name
	}
	return h
}

// gapAt is the place between two members, in front of the one numbered k.
func (o *object) gapAt(k int) hole {
	h := hole{start: o.open + 1, end: o.brace, First: true, Last: true}
	if k > 0 {
		h.start, h.First, h.Prev = o.members[k-1].end, false, o.members[k-1].name
	}
	if k < len(o.members) {
		h.end, h.Last, h.Next = o.members[k].start, false, o.members[k].name
	}
	return h
}

// closeGap gives back what stood between the braces of an empty object, when the
// members that we put there are gone.
func (s *state) closeGap(edits []Edit) error {
	if len(s.object.members) > 0 {
		return nil
	}
	for _, e := range edits {
		if r := parseUndo(e.Undo); e.Remove && r.Gap != nil {
			return s.splice(s.object.open+1, s.object.brace, *r.Gap)
		}
	}
	return nil
}

// restore puts a removed member back in its old place and spelling where its
// neighbours still stand there, else as a new one.
func (s *state) restore(i int, e Edit) error {
	r, o := parseUndo(e.Undo), s.object
	if o.find(e.Name) >= 0 {
		return s.edit(i, e)
	}
	raw, err := quote(e.Value)
	if err != nil {
		return err
	}
	if r.Old != "" && spells(r.Old, e.Value) {
		raw = r.Old
	}
	for k := 0; k <= len(o.members); k++ {
		h := o.gapAt(k)
		if h.First == r.Hole.First && h.Last == r.Hole.Last && h.Prev == r.Hole.Prev && h.Next == r.Hole.Next &&
			o.text[h.start:h.end] == r.Hole.Left {
			s.records[i] = &record{New: true}
			return s.splice(h.start, h.end, r.Hole.Before+raw+r.Hole.After)
		}
	}
	return s.edit(i, e)
}
