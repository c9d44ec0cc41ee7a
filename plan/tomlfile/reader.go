package tomlfile

import (
	"errors"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// reader builds an index from go-toml's parser. That parser knows the grammar
// and gives byte ranges, and has no compatibility promise: this is the only file
// that uses it, and reader_test.go pins what is relied on. What it leaves to its
// callers is done here and in index.go: numbers, dates, duplicates. go-toml's own
// Unmarshal decides those in time that grows with the square of the file.
type reader struct {
	parser   unstable.Parser
	text     string
	index    *index
	segments []segment
	at       int // the value of the pair at hand: arrays have no range
}

// read indexes a file that check has let through.
func read(text string, marked bool) (*index, error) {
	root := &node{shape: header}
	root.section = &section{node: root}
	x := &index{text: text, marked: marked, root: root}
	if err := x.read(text, 0, root.section); err != nil {
		return nil, err
	}
	x.sections, x.fresh = x.fresh, nil
	return x, nil
}

// read adds what a passage of the text says, which begins at base with a header or in
// the root, to the tree; x.fresh are its sections.
func (x *index) read(passage string, base int, root *section) error {
	x.passage, x.base, x.fresh, x.knotty = passage, base, nil, false
	if root != nil {
		x.fresh = append(x.fresh, root)
	}
	x.fenced = x.fenced || strings.Contains(passage, "<<<")
	r := reader{text: passage, index: x}
	data := []byte(passage)
	r.parser.Reset(data[:len(data):len(data)]) // Range needs the capacity to be the length
	for r.parser.NextExpression() {
		if err := r.expression(r.parser.Expression()); err != nil {
			return err
		}
	}
	if err := r.parser.Error(); err != nil {
		return r.syntax(err)
	}
	return nil
}

func (r *reader) expression(e *unstable.Node) error {
	r.key(e)
	if len(r.segments) > editor.MaxDepth {
		return r.tooDeep(r.segments[0].start)
	}
	switch e.Kind {
	case unstable.Table:
		return r.index.open(r.segments)
	case unstable.ArrayTable:
		return r.index.openArray(r.segments)
	}
	s := r.index.fresh[len(r.index.fresh)-1]
	n, err := r.index.pair(s.node, r.segments)
	if err != nil {
		return err
	}
	s.pairs = append(s.pairs, n)
	return r.fill(n, e, 0)
}

// key decodes the segments of a key into r.segments.
func (r *reader) key(e *unstable.Node) {
	r.segments = r.segments[:0]
	for it := e.Key(); it.Next(); {
		k := it.Node()
		start := int(k.Raw.Offset)
		end := start + int(k.Raw.Length)
		r.segments = append(r.segments, segment{name: r.string(k), start: start, end: end})
	}
}

// string is the decoded text of a key or string, cut from the file's text
// instead of copied where it stands there as it is.
func (r *reader) string(n *unstable.Node) string {
	start, length := int(n.Raw.Offset), int(n.Raw.Length)
	switch length - len(n.Data) {
	case 0:
		return r.text[start : start+length]
	case 2:
		if s := r.text[start+1 : start+length-1]; s == string(n.Data) {
			return s
		}
	}
	return string(n.Data)
}

// fill gives a pair its value and its place.
func (r *reader) fill(n *node, e *unstable.Node, depth int) error {
	r.at = afterEquals(r.text, r.segments[len(r.segments)-1].end)
	n.val = r.index.base + r.at
	n.end = r.index.base + int(e.Raw.Offset+e.Raw.Length)
	v := e.Value()
	if v.Kind == unstable.InlineTable {
		n.shape = inline
		return r.inline(n, v, depth+1)
	}
	var err error
	n.value, err = r.value(v, depth)
	return err
}

func (r *reader) inline(n *node, v *unstable.Node, depth int) error {
	for it := v.Children(); it.Next(); {
		r.key(it.Node())
		if depth+len(r.segments) > editor.MaxDepth {
			return r.tooDeep(r.segments[0].start)
		}
		kid, err := r.index.pair(n, r.segments)
		if err != nil {
			return err
		}
		kid.holder = n
		if n.more == nil {
			n.more = new(more)
		}
		n.more.pairs = append(n.more.pairs, kid)
		if err := r.fill(kid, it.Node(), depth); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) value(v *unstable.Node, depth int) (plan.Value, error) {
	switch v.Kind {
	case unstable.String:
		return plan.Str(r.string(v)), nil
	case unstable.Bool:
		return plan.Bool(v.Data[0] == 't'), nil
	case unstable.Integer:
		// The grammar is checked: base 0 reads TOML's prefixes and underscores.
		i, err := strconv.ParseInt(string(v.Data), 0, 64)
		if err != nil {
			return plan.Value{}, editor.At(r.text, int(v.Raw.Offset), editor.Syntax, "the integer does not fit in 64 bits")
		}
		return plan.Int(i), nil
	case unstable.Array:
		return r.array(v, depth+1)
	case unstable.InlineTable:
		n := &node{shape: inline}
		err := r.inline(n, v, depth+1)
		return n.table(), err
	}
	return r.rare(v)
}

func (r *reader) array(v *unstable.Node, depth int) (plan.Value, error) {
	var items []plan.Value
	for it := v.Children(); it.Next(); {
		if depth > editor.MaxDepth {
			return plan.Value{}, r.tooDeep(r.at)
		}
		item, err := r.value(it.Node(), depth)
		if err != nil {
			return plan.Value{}, err
		}
		items = append(items, item)
	}
	return plan.List(items...), nil
}

// rare decodes floats, dates and times, which few files have, with go-toml.
func (r *reader) rare(v *unstable.Node) (plan.Value, error) {
	val, ok := decodeScalar(string(v.Data))
	switch {
	case ok:
		return val, nil
	case v.Kind == unstable.Float:
		return val, editor.At(r.text, int(v.Raw.Offset), editor.Syntax, "the float does not fit in 64 bits")
	}
	return val, editor.At(r.text, int(v.Raw.Offset), editor.Syntax, "not a valid date or time")
}

func (r *reader) tooDeep(offset int) error {
	return editor.At(r.text, offset, editor.Limit, "nested more than %d levels deep", editor.MaxDepth)
}

// syntax places a parser's error.
func (r *reader) syntax(err error) error {
	var e *unstable.ParserError
	if !errors.As(err, &e) {
		return &editor.Error{Kind: editor.Syntax, Message: err.Error()}
	}
	return explain(r.text, int(r.parser.Range(e.Highlight).Offset), e.Message)
}
