package tomlfile

import (
	"errors"
	"fmt"

	burnt "github.com/BurntSushi/toml"
	"github.com/pelletier/go-toml/v2"

	"github.com/codexform/codexform/plan"
)

// prove compares what an edited file decodes to with what was wanted: as this
// package reads it, with go-toml's parser, and as an independent decoder does. Its
// error is a bug of this package.
func prove(x *index, want plan.Value) error {
	if !x.root.is(want) {
		return errors.New("tomlfile: the edited file does not say what was wanted")
	}
	for _, p := range x.passages(want) {
		if err := agree("BurntSushi/toml", p.want(), func(got *any) error {
			_, err := burnt.Decode(p.text, got)
			return err
		}); err != nil {
			return err
		}
	}
	if x.size > few {
		return nil
	}
	return agree("go-toml", want, func(got *any) error { return toml.Unmarshal([]byte(x.text), got) })
}

// few is how many keys a file may have for go-toml's Unmarshal, whose time grows
// with their square. It is the third decoder: it decides what Codex would refuse,
// and our own reading of a file is tested to decide alike.
const few = 2000

// agree decodes with another decoder.
func agree(name string, want plan.Value, decode func(*any) error) error {
	var got any
	if err := decode(&got); err != nil {
		return fmt.Errorf("tomlfile: %s refuses the edited file", name)
	}
	if !decodesTo(got, want) {
		return fmt.Errorf("tomlfile: %s reads the edited file differently", name)
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

// decodesTo reports whether what a decoder made of a file is a value.
func decodesTo(got any, v plan.Value) bool {
	switch g := got.(type) {
	case map[string]any:
		return tableIs(g, v)
	case []map[string]any:
		return listIs(len(g), func(i int) any { return g[i] }, v)
	case []any:
		return listIs(len(g), func(i int) any { return g[i] }, v)
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

func tableIs(got map[string]any, v plan.Value) bool {
	if v.Kind() != plan.KindTable || len(v.Members()) != len(got) {
		return false
	}
	for _, m := range v.Members() {
		if g, ok := got[m.Key]; !ok || !decodesTo(g, m.Value) {
			return false
		}
	}
	return true
}

func listIs(n int, at func(int) any, v plan.Value) bool {
	if v.Kind() != plan.KindList || len(v.Items()) != n {
		return false
	}
	for i, item := range v.Items() {
		if !decodesTo(at(i), item) {
			return false
		}
	}
	return true
}
