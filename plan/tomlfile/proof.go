package tomlfile

import (
	"errors"
	"fmt"

	burnt "github.com/BurntSushi/toml"
	"github.com/pelletier/go-toml/v2"

	"github.com/codexform/codexform/plan"
)

// lookup is the value at an address, absent when there is none.
func lookup(v plan.Value, at plan.Address) plan.Value {
	for _, key := range at {
		v = v.Get(key)
	}
	return v
}

// with is a table in which the value at an address is another.
func with(table plan.Value, at plan.Address, v plan.Value) plan.Value {
	if len(at) == 0 {
		return v
	}
	members := table.Members()
	for i, m := range members {
		if m.Key == at[0] {
			changed := append([]plan.Member(nil), members...)
			changed[i].Value = with(m.Value, at[1:], v)
			return plan.Table(changed...)
		}
	}
	added := make([]plan.Member, len(members), len(members)+1)
	copy(added, members)
	return plan.Table(append(added, plan.Member{Key: at[0], Value: with(plan.Value{}, at[1:], v)})...)
}

// without is a table in which nothing is at an address.
func without(table plan.Value, at plan.Address) plan.Value {
	members := table.Members()
	for i, m := range members {
		if m.Key != at[0] {
			continue
		}
		if len(at) > 1 {
			return with(table, at[:1], without(m.Value, at[1:]))
		}
		rest := append(make([]plan.Member, 0, len(members)-1), members[:i]...)
		return plan.Table(append(rest, members[i+1:]...)...)
	}
	return table
}

// prove decodes an edited file with two independent decoders and compares both
// outcomes with what was wanted. Its error is a bug of this package.
func prove(x *index, want plan.Value) error {
	if !x.root.is(want) {
		return errors.New("tomlfile: the edited file does not say what was wanted")
	}
	var second map[string]any
	if _, err := burnt.Decode(x.text, &second); err != nil {
		return fmt.Errorf("tomlfile: the second decoder refuses the edited file: %w", bug(err))
	}
	if !says(second, want) {
		return errors.New("tomlfile: the second decoder reads the edited file differently")
	}
	return nil
}

// is reports whether a node decodes to a value.
func (n *node) is(v plan.Value) bool {
	switch n.shape {
	case leaf:
		return n.value.Equal(v)
	case tables:
		items := v.Items()
		if v.Kind() != plan.KindList || len(items) != len(n.kids) {
			return false
		}
		for i, kid := range n.kids {
			if !kid.is(items[i]) {
				return false
			}
		}
		return true
	}
	if v.Kind() != plan.KindTable || len(v.Members()) != len(n.kids) {
		return false
	}
	for _, m := range v.Members() {
		if kid := n.child(m.Key); kid == nil || !kid.is(m.Value) {
			return false
		}
	}
	return true
}

// says reports whether what a decoder made of a file is a value.
func says(got any, v plan.Value) bool {
	switch g := got.(type) {
	case map[string]any:
		return saysTable(g, v)
	case []map[string]any:
		return saysList(len(g), func(i int) any { return g[i] }, v)
	case []any:
		return saysList(len(g), func(i int) any { return g[i] }, v)
	case string:
		return v.Equal(plan.Str(g))
	case bool:
		return v.Equal(plan.Bool(g))
	case int64:
		return v.Equal(plan.Int(g))
	case float64:
		return v.Equal(plan.Float(g))
	}
	text, ok := timeText(got)
	return ok && v.Equal(plan.Time(text))
}

func saysTable(got map[string]any, v plan.Value) bool {
	if v.Kind() != plan.KindTable || len(v.Members()) != len(got) {
		return false
	}
	for _, m := range v.Members() {
		if g, ok := got[m.Key]; !ok || !says(g, m.Value) {
			return false
		}
	}
	return true
}

func saysList(n int, at func(int) any, v plan.Value) bool {
	if v.Kind() != plan.KindList || len(v.Items()) != n {
		return false
	}
	for i, item := range v.Items() {
		if !says(at(i), item) {
			return false
		}
	}
	return true
}

var _ = toml.Unmarshal
