package jsonfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// state is a file on its way from what it was to what it shall be: each edit
// makes a new object.
type state struct {
	object *object
	notes  []*note // by edit: how to take it back
	gap    *string // what stood between the braces while there was no member
}

// run makes all edits: first those that take others back, the latest of them
// first, so that each finds the file as it left it; then the rest in order.
func (s *state) run(edits []Edit) error {
	taken := make([]bool, len(edits))
	for _, i := range takers(edits) {
		done, err := s.takeBack(i, edits[i])
		if err != nil {
			return err
		}
		taken[i] = done
	}
	for i, e := range edits {
		if taken[i] {
			continue
		}
		if err := s.edit(i, e); err != nil {
			return err
		}
	}
	return nil
}

// takers are the numbers of the edits with a TakeBack, the latest taken back first.
func takers(edits []Edit) []int {
	var all []int
	for i, e := range edits {
		if e.TakeBack != "" {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return parseNote(edits[b].TakeBack).Round - parseNote(edits[a].TakeBack).Round
	})
	return all
}

func (s *state) edit(i int, e Edit) error {
	k := s.object.find(e.Name)
	switch {
	case e.Remove && k < 0:
		return nil
	case e.Remove && parseNote(e.TakeBack).Null && s.object.raw(s.object.members[k]) != "null":
		return s.replace(i, k, "null")
	case e.Remove && parseNote(e.TakeBack).Null:
		return nil
	case e.Remove:
		return s.remove(i, k)
	}
	if !utf8.ValidString(e.Name) || !utf8.ValidString(e.Value) {
		return errors.New("jsonfile: a name or value that is not UTF-8")
	}
	raw, err := quote(e.Value)
	if err != nil {
		return err
	}
	if k < 0 {
		return s.insert(i, e.Name, raw)
	}
	m := s.object.members[k]
	if text, ok := (Member{Raw: []byte(s.object.raw(m))}).Text(); ok && text == e.Value {
		return nil
	}
	if old := parseNote(e.TakeBack).Old; old != "" && spells(old, e.Value) {
		raw = old
	}
	return s.replace(i, k, raw)
}

func spells(raw, text string) bool {
	got, ok := Member{Raw: []byte(raw)}.Text()
	return ok && got == text
}

// splice replaces a range of the text.
func (s *state) splice(start, end int, text string) error {
	o, err := read([]byte(s.object.text[:start] + text + s.object.text[end:]))
	if err != nil {
		return fmt.Errorf("jsonfile: the edited file would not be readable: %v", err)
	}
	s.object = o
	return nil
}

func (s *state) replace(i, k int, raw string) error {
	m := s.object.members[k]
	s.notes[i] = &note{Round: i, Null: s.object.raw(m) == "null"}
	if m.name == "auth_mode" {
		s.notes[i].Old = s.object.raw(m)
	}
	return s.splice(m.val, m.end, raw)
}

// insert adds a member behind the last one, set apart and spaced like it.
func (s *state) insert(i int, name, raw string) error {
	o := s.object
	key, err := quote(name)
	if err != nil {
		return err
	}
	s.notes[i] = &note{Round: i, New: true}
	if len(o.members) == 0 {
		gap, eol := o.text[o.open+1:o.brace], o.eol()
		s.gap = &gap
		s.notes[i].Gap = s.gap
		return s.splice(o.open+1, o.brace, eol+"  "+key+": "+raw+eol)
	}
	s.notes[i].Gap = s.gap
	last := o.members[len(o.members)-1]
	return s.splice(last.end, last.end, ","+o.lead()+key+o.text[last.colon:last.val]+raw)
}

// lead is what stands in front of the last member's name on its line, or in
// front of its line.
func (o *object) lead() string {
	k := len(o.members) - 1
	m := o.members[k]
	if k > 0 {
		between := o.text[o.members[k-1].end:m.start]
		return between[strings.IndexByte(between, ',')+1:]
	}
	lead := o.text[o.open+1 : m.start]
	if lead == "" && o.text[m.colon:m.val] != ":" {
		return " "
	}
	return lead
}

func (o *object) eol() string {
	if strings.Contains(o.text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// remove takes out a member with the comma and the blanks in front of it, or
// behind it when it is the first.
func (s *state) remove(i, k int) error {
	o := s.object
	m := o.members[k]
	start, end := o.open+1, o.brace
	switch {
	case k > 0:
		start, end = o.members[k-1].end, m.end
	case len(o.members) > 1:
		start, end = m.start, o.members[1].start
	}
	h := o.between(k, k+1)
	h.Before, h.After = o.text[h.start:m.val], o.text[m.end:h.end]
	h.Left = o.text[h.start:start] + o.text[end:h.end]
	s.notes[i] = &note{Hole: &h, Round: i, Null: o.raw(m) == "null"}
	if m.name == "auth_mode" {
		s.notes[i].Old = o.raw(m)
	}
	return s.splice(start, end, "")
}

// prove compares the members of the edited object with the old ones: edited ones
// say what was wanted, all others are the same bytes in the same order.
func prove(before, after *object, edits []Edit) error {
	bug := errors.New("jsonfile: the edited file does not say what was wanted")
	edited := map[string]Edit{}
	for _, e := range edits {
		edited[e.Name] = e
	}
	if !slices.Equal(before.others(edited), after.others(edited)) {
		return bug
	}
	for name, e := range edited {
		k := after.find(name)
		switch {
		case after.check(name) != nil:
			return bug
		case e.Remove && k >= 0 && !(parseNote(e.TakeBack).Null && after.raw(after.members[k]) == "null"):
			return bug
		case !e.Remove && (k < 0 || !spells(after.raw(after.members[k]), e.Value)):
			return bug
		}
	}
	return nil
}

// others are the members that no edit names, as they stand.
func (o *object) others(edited map[string]Edit) []string {
	var others []string
	for _, m := range o.members {
		if _, ok := edited[m.name]; !ok {
			others = append(others, o.text[m.start:m.end])
		}
	}
	return others
}
