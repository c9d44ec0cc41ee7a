package plan

import "slices"

// At is the value at an address below v: v itself for the empty address, absent
// where there is nothing.
func (v Value) At(a Address) Value {
	for _, segment := range a {
		v = v.Get(segment)
	}
	return v
}

// With is v with w at an address below it. Tables on the way are made where they are
// missing, and take the place of what is no table. An absent w is Without.
func (v Value) With(a Address, w Value) Value {
	switch {
	case w.IsAbsent():
		return v.Without(a)
	case len(a) == 0:
		return w
	}
	members := slices.Clone(v.Members())
	i := slices.IndexFunc(members, func(m Member) bool { return m.Key == a[0] })
	if i < 0 {
		return Table(append(members, Member{a[0], Value{}.With(a[1:], w)})...)
	}
	members[i].Value = members[i].Value.With(a[1:], w)
	return Table(members...)
}

// Without is v with nothing at an address below it. Tables on the way stay, empty
// ones too.
func (v Value) Without(a Address) Value {
	switch {
	case len(a) == 0:
		return Value{}
	case v.At(a).IsAbsent():
		return v
	}
	members := slices.Clone(v.Members())
	i := slices.IndexFunc(members, func(m Member) bool { return m.Key == a[0] })
	if len(a) == 1 {
		return Table(slices.Delete(members, i, i+1)...)
	}
	members[i].Value = members[i].Value.Without(a[1:])
	return Table(members...)
}
