package tomlfile

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
)

// wanted is edits that a file can hold: it refuses what no TOML file can say, and
// brings times into the form in which they are read again.
func wanted(edits []Edit) ([]Edit, error) {
	checked := make([]Edit, len(edits))
	for i, e := range edits {
		if len(e.Address) == 0 {
			return nil, errors.New("tomlfile: an edit without an address")
		}
		for _, key := range e.Address {
			if !utf8.ValidString(key) {
				return nil, fmt.Errorf("tomlfile: a key of %s is not UTF-8", e.Address)
			}
		}
		v, err := writable(e.Value, len(e.Address))
		if err != nil {
			return nil, fmt.Errorf("tomlfile: %s: %w", e.Address, err)
		}
		e.Value = v
		checked[i] = e
	}
	return checked, nil
}

// writable is a value at some depth as it will be read again.
func writable(v plan.Value, depth int) (plan.Value, error) {
	if depth > editor.MaxDepth {
		return v, fmt.Errorf("nested more than %d levels deep", editor.MaxDepth)
	}
	switch v.Kind() {
	case plan.KindString:
		if !utf8.ValidString(v.Text()) {
			return v, errors.New("the text is not UTF-8")
		}
	case plan.KindTime:
		if t, ok := decodeScalar(v.Text()); ok && t.Kind() == plan.KindTime {
			return t, nil
		}
		return v, errors.New("not a date or time")
	case plan.KindList:
		return writableList(v, depth)
	case plan.KindTable:
		return writableTable(v, depth)
	}
	return v, nil
}

func writableList(v plan.Value, depth int) (plan.Value, error) {
	items := make([]plan.Value, len(v.Items()))
	for i, item := range v.Items() {
		var err error
		if items[i], err = writable(item, depth+1); err != nil {
			return v, err
		}
		if item.IsAbsent() {
			return v, errors.New("a list with nothing in one place")
		}
	}
	return plan.List(items...), nil
}

func writableTable(v plan.Value, depth int) (plan.Value, error) {
	members := make([]plan.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		val, err := writable(m.Value, depth+1)
		switch {
		case err != nil:
			return v, err
		case !utf8.ValidString(m.Key):
			return v, errors.New("a key is not UTF-8")
		case !plan.Table(members...).Get(m.Key).IsAbsent():
			return v, fmt.Errorf("%s is there twice", plan.Address{m.Key})
		case !m.Value.IsAbsent():
			members = append(members, plan.Member{Key: m.Key, Value: val})
		}
	}
	return plan.Table(members...), nil
}
