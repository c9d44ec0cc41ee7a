package tomlfile

import "github.com/codexform/codexform/plan"

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
