package tomlfile

import "github.com/codexform/codexform/plan"

// data is a value on its way to what is wanted: tables in it become maps where an
// edit comes through.
type data struct {
	value plan.Value
	kids  map[string]*data // once it is open
}

func (d *data) open() {
	if d.kids != nil {
		return
	}
	d.kids = make(map[string]*data, len(d.value.Members()))
	for _, m := range d.value.Members() {
		d.kids[m.Key] = &data{value: m.Value}
	}
}

// set makes the value at an address another.
func (d *data) set(at plan.Address, v plan.Value) {
	for _, key := range at {
		d.open()
		if d.kids[key] == nil {
			d.kids[key] = &data{}
		}
		d = d.kids[key]
	}
	d.value, d.kids = v, nil
}

// remove takes the value at an address away.
func (d *data) remove(at plan.Address) {
	if d = d.find(at[:len(at)-1]); d != nil {
		d.open()
		delete(d.kids, at[len(at)-1])
	}
}

// find is what is at an address, nil when there is nothing.
func (d *data) find(at plan.Address) *data {
	for _, key := range at {
		d.open()
		if d = d.kids[key]; d == nil {
			return nil
		}
	}
	return d
}

// empty reports whether a table has no members.
func (d *data) empty() bool {
	return len(d.kids) == 0 && (d.kids != nil || len(d.value.Members()) == 0)
}

// whole is the value as edits have left it.
func (d *data) whole() plan.Value {
	if d.kids == nil {
		return d.value
	}
	members := make([]plan.Member, 0, len(d.kids))
	for key, kid := range d.kids {
		members = append(members, plan.Member{Key: key, Value: kid.whole()})
	}
	return plan.Table(members...)
}

// lookup is the value at an address, absent when there is none.
func lookup(v plan.Value, at plan.Address) plan.Value {
	for _, key := range at {
		v = v.Get(key)
	}
	return v
}
