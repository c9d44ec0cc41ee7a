package jsonfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/codexform/codexform/plan/editor"
)

// object is a file, read: its members and where they stand.
type object struct {
	text        string
	open, brace int // the offsets of the braces
	members     []member
}

// member is one member of the object: offsets of its name and its value.
type member struct {
	name         string
	start, colon int // the name, and what is behind it
	val, end     int
}

func (o *object) raw(m member) string { return o.text[m.val:m.end] }

// read reads a file whose top level is an object.
func read(src []byte) (*object, error) {
	if err := check(src); err != nil {
		return nil, err
	}
	o := &object{text: string(src)}
	o.open = len(o.text) - len(strings.TrimLeft(o.text, " \t\r\n"))
	if o.text[o.open] != '{' {
		return nil, editor.At(o.text, o.open, editor.Conflict, "the top level is not an object")
	}
	o.brace = strings.LastIndexByte(o.text, '}')
	return o, o.scan(src)
}

// scan finds the members. The syntax is checked already.
func (o *object) scan(src []byte) error {
	d := json.NewDecoder(bytes.NewReader(src))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		start := o.skip(int(d.InputOffset()), ",")
		name, err := d.Token()
		if err != nil {
			return err
		}
		m := member{name: name.(string), start: start, colon: int(d.InputOffset())}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		m.end = int(d.InputOffset())
		m.val = m.end - len(raw)
		if depth(raw) > editor.MaxDepth {
			return editor.At(o.text, m.val, editor.Limit, "nested more than %d levels deep", editor.MaxDepth)
		}
		o.members = append(o.members, m)
	}
	return nil
}

// skip is the offset behind blanks and given other characters.
func (o *object) skip(i int, also string) int {
	return len(o.text) - len(strings.TrimLeft(o.text[i:], " \t\r\n"+also))
}

// depth is how deep arrays and objects are nested in a valid value.
func depth(raw []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// find is the place of a member among the others, -1 when it is not there.
func (o *object) find(name string) int {
	for i, m := range o.members {
		if m.name == name {
			return i
		}
	}
	return -1
}

// check refuses a managed member that stands there twice or is no string.
func (o *object) check(name string) error {
	first := -1
	for i, m := range o.members {
		if m.name != name {
			continue
		}
		if first >= 0 {
			return editor.At(o.text, m.start, editor.Duplicate, "%s stands here a second time; line %d has it already",
				name, editor.PlaceAt(o.text, o.members[first].start).Line)
		}
		first = i
		if raw := o.raw(m); raw[0] != '"' && raw != "null" {
			return editor.At(o.text, m.val, editor.Conflict, "%s is not a string", name)
		}
	}
	return nil
}

// quote is a string as JSON.
func quote(s string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return "", fmt.Errorf("jsonfile: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
