package sources

import (
	"slices"
	"strconv"
	"strings"

	"github.com/codexform/codexform/plan"
)

// kind says what a node of the tree is.
type kind uint8

const (
	bad    kind = iota // already reported: nothing more is said about it
	null               // no value
	scalar             // text, number or boolean
	list
	table
)

// node is one value of a YAML file and its place.
type node struct {
	kind   kind
	at     plan.Origin // of the value; of its first key for a block of keys
	key    plan.Origin // of the key that it belongs to, else its own place
	value  plan.Value  // of a scalar
	items  []*node     // of a list
	fields []field     // of a table, in the order of the file
}

type field struct {
	name  string
	value *node
}

// placeholders reports whether anything at or below a node may be replaced.
func (n *node) placeholders() bool {
	return n != nil && (strings.Contains(n.value.Text(), "${") || slices.ContainsFunc(n.items, (*node).placeholders) ||
		slices.ContainsFunc(n.fields, func(f field) bool { return strings.Contains(f.name, "${") || f.value.placeholders() }))
}

// get is the value of a key, nil where there is none. A nil node has none.
func (n *node) get(path ...string) *node {
	for _, name := range path {
		n = n.child(name)
	}
	return n
}

func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

// at1 is the node at the end of a path that counts items from 1, nil where there is none.
func (n *node) at1(path plan.Address) *node {
	for _, name := range path {
		switch {
		case n == nil:
			return nil
		case n.kind == list:
			i, err := strconv.Atoi(name)
			if err != nil || i < 1 || i > len(n.items) {
				return nil
			}
			n = n.items[i-1]
		default:
			n = n.child(name)
		}
	}
	return n
}

// text is the text of a string, "" for anything else.
func (n *node) text() string {
	if n == nil || n.value.Kind() != plan.KindString {
		return ""
	}
	return n.value.Text()
}

// texts are the texts of a list of strings.
func (n *node) texts() []string {
	if n == nil {
		return nil
	}
	var out []string
	for _, item := range n.items {
		out = append(out, item.text())
	}
	return out
}

// toValue is the whole node as one value.
func (n *node) toValue() plan.Value {
	switch n.kind {
	case list:
		items := make([]plan.Value, len(n.items))
		for i, item := range n.items {
			items[i] = item.toValue()
		}
		return plan.List(items...)
	case table:
		members := make([]plan.Member, len(n.fields))
		for i, f := range n.fields {
			members[i] = plan.Member{Key: f.name, Value: f.value.toValue()}
		}
		return plan.Table(members...)
	}
	return n.value
}

// merge lays top over base: tables merge key by key, anything else of top wins,
// with its place. The keys in whole are never merged, but taken from top as they are.
func merge(base, top *node, whole ...string) *node {
	if base == nil || base.kind != table || top.kind != table {
		return top
	}
	out := *base
	out.fields = append([]field{}, base.fields...)
	place := make(map[string]int, len(out.fields))
	for i, f := range out.fields {
		place[f.name] = i
	}
	for _, f := range top.fields {
		i, both := place[f.name]
		switch {
		case !both:
			out.fields = append(out.fields, f)
		case slices.Contains(whole, f.name):
			out.fields[i] = f
		default:
			out.fields[i].value = merge(out.fields[i].value, f.value)
		}
	}
	return &out
}
