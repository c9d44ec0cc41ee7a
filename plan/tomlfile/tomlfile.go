package tomlfile

import (
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// Document is a decoded TOML file. It never changes; Apply must not run on it twice
// at the same time.
type Document struct {
	// Root is the whole file as a table value, in the order of the file.
	Root plan.Value
	read *index // nil once it was let go: see index
	src  []byte

	lines editor.Lines // once somebody has asked for a place
}

// index is where everything stands. A long file that nobody may want to edit again is
// read anew for it: an index takes ten times the room of its file.
func (d *Document) index() *index {
	if d.read == nil {
		x, err := parse(d.src)
		if err != nil {
			panic("tomlfile: a file that was read is not readable: " + err.Error())
		}
		d.read = x
	}
	return d.read
}

// Parse decodes a file as Codex would read it (TOML 1.1, a leading byte order
// mark allowed). A file that Codex could not read is an *Error. Empty input is an
// empty table.
func Parse(src []byte) (*Document, error) {
	x, err := parse(src)
	if err != nil {
		return nil, err
	}
	return document(x, src), nil
}

func document(x *index, src []byte) *Document {
	return &Document{Root: x.root.table(), read: x, src: src}
}

func parse(src []byte) (*index, error) {
	if err := check(src); err != nil {
		return nil, err
	}
	text, marked := strings.CutPrefix(string(src), editor.Mark)
	return read(text, marked)
}

// Data is what was decoded. Do not change it.
func (d *Document) Data() []byte { return d.src }

// Place is where the key or table at an address stands: its key, or the first
// header that names it. False when there is nothing, and below an array of tables.
func (d *Document) Place(a plan.Address) (plan.Place, bool) {
	n, depth := d.index().find(a)
	if depth < len(a) || depth == 0 {
		return plan.Place{}, false
	}
	if d.lines == nil {
		d.lines = editor.LinesOf(d.index().text)
	}
	return d.lines.PlaceAt(d.index().text, n.at), true
}

// Edit is one wanted change of a file.
type Edit struct {
	Address plan.Address
	// Value is what the key must be set to; absent removes the key, or the table
	// with all that is below it. Removing what is not there is no change. A table
	// value sets each of its members and removes the others.
	Value plan.Value
	// TakeBack, when not empty, is the note that Result.Notes gave for the edit that
	// this one takes back: where the file still allows it, the old bytes come back
	// exactly; where it does not, the edit is carried out as if TakeBack were empty.
	TakeBack plan.Note
}

// Result is an edited file.
type Result struct {
	Data []byte
	// Notes has, for each edit, what is needed to take it back; "" for an edit that
	// changed nothing. They are free of secrets beyond what the file held at that key.
	Notes []plan.Note
	// Document is Data, decoded.
	Document *Document
}

// Apply makes the edits, in order, and proves the result: two independent
// decoders read it as the old data with exactly the edits. Either all edits are
// made or none: a conflict anywhere (a table where a value is wanted, an array of
// tables on the path) is an *editor.Error of kind Conflict. A value that is already equal
// in any spelling changes no byte.
//
// Notes are the notes of earlier edits of the file that still stand. Edits that
// know of those before them can be taken back together with them, in any order.
func Apply(src []byte, edits []Edit, notes ...plan.Note) (Result, error) {
	d, err := Parse(src)
	if err != nil {
		return Result{}, err
	}
	return d.Apply(edits, notes...)
}

// Apply is Apply on a file that is read already.
func (d *Document) Apply(edits []Edit, notes ...plan.Note) (Result, error) {
	edits, err := wanted(edits)
	if err != nil {
		return Result{}, err
	}
	s := newState(d.index(), d.Root, len(edits))
	s.recall(notes)
	if err := s.run(edits); err != nil {
		return Result{}, err
	}
	written, err := s.write(edits)
	if err != nil {
		return Result{}, err
	}
	if !s.own {
		return Result{Data: d.src, Notes: written, Document: d}, nil
	}
	return s.result(written)
}

// result proves the edited file, as read as a whole.
func (s *state) result(notes []plan.Note) (Result, error) {
	text, marked := s.index.text, s.index.marked
	if s.renewed {
		if err := s.become(text); err != nil {
			return Result{}, err
		}
	}
	if err := prove(s.index, s.want.whole()); err != nil {
		return Result{}, err
	}
	if marked {
		text = editor.Mark + text
	}
	d := document(s.index, []byte(text))
	if len(text) > 2*long {
		d.read = nil
	}
	return Result{Data: d.src, Notes: notes, Document: d}, nil
}
