package plan

import "slices"

// draft is a value while many changes are made to it. A table that it has made itself it
// changes in place; a value that it hands out stays as it is. So n keys of one table cost
// n, where With would copy the table for each.
type draft struct {
	value Value
	own   map[*many]bool // the tables that nobody else has
}

// Value is what the draft says now.
func (d *draft) Value() Value {
	clear(d.own)
	return d.value
}

// At is the value at an address, to keep.
func (d *draft) At(a Address) Value {
	v := d.value.At(a)
	if d.own[v.many] {
		clear(d.own)
	}
	return v
}

// look is the value at an address, to look at before the next change.
func (d *draft) look(a Address) Value { return d.value.At(a) }

// put is Value.With.
func (d *draft) put(a Address, w Value) {
	if w.IsAbsent() {
		d.remove(a)
		return
	}
	d.value = d.with(d.value, a, w)
}

func (d *draft) with(v Value, a Address, w Value) Value {
	if len(a) == 0 {
		return w
	}
	v = d.mine(v)
	i, there := v.many.find(a[0])
	if !there {
		v.many.add(Member{a[0], d.with(Value{}, a[1:], w)})
		return v
	}
	v.many.members[i].Value = d.with(v.many.members[i].Value, a[1:], w)
	return v
}

// remove is Value.Without.
func (d *draft) remove(a Address) {
	if !d.value.At(a).IsAbsent() {
		d.value = d.without(d.value, a)
	}
}

func (d *draft) without(v Value, a Address) Value {
	if len(a) == 0 {
		return Value{}
	}
	v = d.mine(v)
	i, _ := v.many.find(a[0])
	switch {
	case len(a) > 1:
		v.many.members[i].Value = d.without(v.many.members[i].Value, a[1:])
	case len(v.many.members) == 1:
		return Table()
	default:
		v.many.drop(i)
	}
	return v
}

// mine is a table that nobody else has.
func (d *draft) mine(v Value) Value {
	if v.many != nil && d.own[v.many] {
		return v
	}
	m := &many{members: slices.Clone(v.Members())}
	if d.own == nil {
		d.own = map[*many]bool{}
	}
	d.own[m] = true
	return Value{kind: KindTable, many: m}
}
