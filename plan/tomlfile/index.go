package tomlfile

import (
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// shape says how a node is spelt in the file.
type shape uint8

const (
	leaf    shape = iota // a scalar or an array
	inline               // { … }
	dotted               // a table that dotted keys make
	implied              // a table that only longer headers name
	header               // [a]; the root too
	tables               // [[a]], the list
	element              // one [[a]]
)

// node is a key, a table or an element of an array of tables, and where it stands.
type node struct {
	key    string
	shape  shape
	parent *node
	kids   []*node
	value  plan.Value // of a leaf
	at     int        // the first segment that names it, in a file as it was read

	section         *section // whose header it is, or in which it stands; nil for neither
	start, val, end int      // a pair's key, value and end
	holder          *node    // the inline table in which a pair stands
	gone            bool     // it is about to leave the tree
	more            *more    // what few nodes have
}

// more is what few nodes have.
type more struct {
	byKey map[string]*node // the kids, once there are many
	pairs []*node          // of an inline table, in the order of the file
}

// pairs are those of an inline table, in the order of the file.
func (n *node) pairs() []*node {
	if n.more == nil {
		return nil
	}
	return n.more.pairs
}

// section is the root or what one header opens.
type section struct {
	node       *node
	start, end int // the header's line; both 0 for the root
	pairs      []*node
	layout     []unit // see units; offsets count from start
}

// index is a file, read: its tree, and where everything in it stands. The one of a
// Document does not change; a state follows its own edits with one (see renew).
// Offsets count from behind a byte order mark.
type index struct {
	text     string
	marked   bool // a byte order mark stands before text
	root     *node
	sections []*section
	size     int // the number of nodes
	slab     []node
	places   []*node            // for the kids of tables that begin
	fenced   bool               // there may be another tool's block, see marks.go
	tails    map[*node]*section // the last section of a node or below it, where place looked
	untailed []*node            // while sections are read again: what tails lost

	// While a passage of the text is read: the passage, where it begins, the sections in it.
	passage string
	base    int
	fresh   []*section
	knotty  bool // what it says depends on what stands before it
}

// segment is one name of a key.
type segment struct {
	name       string
	start, end int
}

const wide = 12 // more kids than this are found by a map

func (n *node) child(key string) *node {
	if n.more != nil && n.more.byKey != nil {
		return n.more.byKey[key]
	}
	for _, kid := range n.kids {
		if kid.key == key {
			return kid
		}
	}
	return nil
}

func (x *index) add(parent *node, p segment, s shape) *node {
	if len(x.slab) == 0 {
		x.slab = make([]node, 32)
	}
	n := &x.slab[0]
	x.slab = x.slab[1:]
	x.size++
	*n = node{key: p.name, shape: s, parent: parent, at: x.base + p.start}
	if parent.kids == nil {
		parent.kids = x.few()
	}
	parent.kids = append(parent.kids, n)
	if s != element {
		parent.remember(n)
	}
	return n
}

// few is room for the kids that most tables have at most.
func (x *index) few() []*node {
	const most = 4
	if len(x.places) < most {
		x.places = make([]*node, 32*most)
	}
	kids := x.places[:0:most]
	x.places = x.places[most:]
	return kids
}

func (n *node) remember(kid *node) {
	switch {
	case n.more != nil && n.more.byKey != nil:
		n.more.byKey[kid.key] = kid
	case len(n.kids) > wide:
		if n.more == nil {
			n.more = new(more)
		}
		n.more.byKey = make(map[string]*node, 4*wide)
		for _, k := range n.kids {
			n.more.byKey[k.key] = k
		}
	}
}

// open adds the section of a [header].
func (x *index) open(segments []segment) error {
	parent, err := x.path(segments)
	if err != nil {
		return err
	}
	last := segments[len(segments)-1]
	n := parent.child(last.name)
	switch {
	case n == nil:
		n = x.add(parent, last, header)
	case n.shape == implied:
		n.shape = header
	default:
		return x.twice(last, n)
	}
	x.begin(n, segments)
	return nil
}

// openArray adds the section of an [[element]].
func (x *index) openArray(segments []segment) error {
	parent, err := x.path(segments)
	if err != nil {
		return err
	}
	x.knotty = true
	last := segments[len(segments)-1]
	n := parent.child(last.name)
	switch {
	case n == nil:
		n = x.add(parent, last, tables)
	case n.shape != tables:
		return x.twice(last, n)
	}
	x.begin(x.add(n, last, element), segments)
	return nil
}

// path walks all segments of a header but the last.
func (x *index) path(segments []segment) (*node, error) {
	n := x.root
	for _, p := range segments[:len(segments)-1] {
		kid := n.child(p.name)
		switch {
		case kid == nil:
			kid = x.add(n, p, implied)
		case kid.shape == tables:
			x.knotty = true
			kid = kid.kids[len(kid.kids)-1]
		case kid.shape == leaf || kid.shape == inline:
			return nil, x.twice(p, kid)
		case kid.shape == dotted:
			x.knotty = true
		}
		n = kid
	}
	return n, nil
}

func (x *index) begin(n *node, segments []segment) {
	n.section = &section{
		node:  n,
		start: x.base + lineStart(x.passage, segments[0].start),
		end:   x.base + lineEnd(x.passage, segments[len(segments)-1].end),
	}
	x.fresh = append(x.fresh, n.section)
	x.extend(n.section)
}

// pair adds the leaf that a possibly dotted key names below a table.
func (x *index) pair(table *node, segments []segment) (*node, error) {
	n := table
	for _, p := range segments[:len(segments)-1] {
		kid := n.child(p.name)
		switch {
		case kid == nil:
			kid = x.add(n, p, dotted)
		case kid.shape != dotted:
			return nil, x.twice(p, kid)
		}
		n = kid
	}
	last := segments[len(segments)-1]
	if kid := n.child(last.name); kid != nil {
		return nil, x.twice(last, kid)
	}
	n = x.add(n, last, leaf)
	n.start, n.section = x.base+segments[0].start, x.fresh[len(x.fresh)-1]
	return n, nil
}

// twice is the error for a segment that names what the file has already.
func (x *index) twice(p segment, first *node) error {
	at := first.at
	if first.shape == header {
		at = first.section.start
	}
	return editor.At(x.passage, p.start, editor.Duplicate, "%s is defined a second time; it was defined on line %d already",
		plan.Address{p.name}, editor.PlaceAt(x.passage, max(at-x.base, 0)).Line)
}

// table is the value of a table node.
func (n *node) table() plan.Value {
	members := make([]plan.Member, len(n.kids))
	for i, kid := range n.kids {
		members[i] = plan.Member{Key: kid.key, Value: kid.decoded()}
	}
	return plan.Table(members...)
}

func (n *node) decoded() plan.Value {
	switch n.shape {
	case leaf:
		return n.value
	case tables:
		items := make([]plan.Value, len(n.kids))
		for i, kid := range n.kids {
			items[i] = kid.table()
		}
		return plan.List(items...)
	}
	return n.table()
}

// find walks down an address as far as the file has it: the deepest node, and
// how many segments led there. It never enters an array of tables.
func (x *index) find(a plan.Address) (*node, int) {
	n := x.root
	for i, key := range a {
		if n.shape == leaf || n.shape == tables {
			return n, i
		}
		kid := n.child(key)
		if kid == nil {
			return n, i
		}
		n = kid
	}
	return n, len(a)
}

// address is the way from the root to n.
func (n *node) address() plan.Address {
	depth := 0
	for m := n; m.parent != nil; m = m.parent {
		depth++
	}
	a := make(plan.Address, depth)
	for m := n; m.parent != nil; m = m.parent {
		depth--
		a[depth] = m.key
	}
	return a
}
