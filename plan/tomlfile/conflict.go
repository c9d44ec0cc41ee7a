package tomlfile

import (
	"math"
	"slices"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// refuse is the conflict between what the file has at an address and what it is
// wanted to have, nil when there is none.
func (x *index) refuse(at plan.Address, v plan.Value) error {
	n, depth := x.find(at)
	switch {
	case v.IsAbsent() && n.shape == tables:
		return x.conflict(n, "%s cannot be removed: %s is an array of tables", at, at[:depth])
	case v.IsAbsent():
		return nil
	case depth < len(at) && (n.shape == leaf || n.shape == tables):
		return x.conflict(n, "%s cannot be set: %s is %s, not a table", at, at[:depth], n.kind())
	case depth < len(at):
		return nil
	case v.Kind() == plan.KindTable:
		return x.refuseTable(n, at, v)
	case n.shape != leaf && !n.decoded().Equal(v):
		return x.conflict(n, "%s cannot be set to %s: it is %s", at, v.Kind(), n.kind())
	}
	return nil
}

func (x *index) refuseTable(n *node, at plan.Address, v plan.Value) error {
	if n.shape == leaf || n.shape == tables {
		return x.conflict(n, "%s cannot be set to a table: it is %s", at, n.kind())
	}
	for _, m := range v.Members() {
		if err := x.refuse(child(at, m.Key), m.Value); err != nil {
			return err
		}
	}
	for _, kid := range n.others(v) {
		if err := x.refuse(child(at, kid.key), plan.Value{}); err != nil {
			return err
		}
	}
	return nil
}

// others are what a table has and a value does not.
func (n *node) others(v plan.Value) []*node {
	named := make(map[string]bool, len(v.Members()))
	for _, m := range v.Members() {
		named[m.Key] = !m.Value.IsAbsent()
	}
	var others []*node
	for _, kid := range n.kids {
		if !named[kid.key] {
			others = append(others, kid)
		}
	}
	slices.SortStableFunc(others, func(a, b *node) int { return a.first() - b.first() })
	return others
}

// first is where a node is named first, or something below it.
func (n *node) first() int {
	if n.shape == leaf || n.shape == inline {
		return n.start
	}
	first := math.MaxInt
	if sec := n.ownSection(); sec != nil {
		first = sec.start
	}
	for _, kid := range n.kids {
		first = min(first, kid.first())
	}
	return first
}

func (x *index) conflict(n *node, format string, args ...any) error {
	return editor.At(x.text, n.at, editor.Conflict, format, args...)
}

func (n *node) kind() string {
	if n.shape == tables {
		return "an array of tables"
	}
	return n.decoded().Kind().String()
}
