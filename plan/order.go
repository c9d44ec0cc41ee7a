package plan

import "slices"

// inFileOrder puts the changes in the order in which their keys stand in the file. Where
// nothing changes nobody reads them in a row.
func (h *holding) inFileOrder() {
	if !slices.ContainsFunc(h.changes, func(c Change) bool { return c.Action != NoOp }) {
		return
	}
	order := order{}
	order.add(nil, h.found, h.now.Value())
	type placed struct{ at, change int } // a change is large to move, and its key costs
	all := make([]placed, len(h.changes))
	for i, c := range h.changes {
		all[i] = placed{order.of(c.Address), i}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.at - b.at })
	out := make([]Change, len(all))
	for i, p := range all {
		out[i] = h.changes[p.change]
	}
	h.changes = out
}

// order numbers the addresses of a file, by their keys.
type order map[string]int

// of is the number of an address; one that is nowhere comes last.
func (o order) of(a Address) int {
	if n, there := o[a.Key()]; there {
		return n
	}
	return len(o)
}

// add numbers a table before and after a plan: what was there as it stands, and what is
// new where a file has room for it, values before the tables and tables behind them.
func (o order) add(at Address, was, is Value) {
	o[at.Key()] = len(o)
	members := was.Members()
	values := 1 + lastValue(members)
	for _, some := range [][]Member{members[:values], fresh(was, is, false), members[values:], fresh(was, is, true)} {
		for _, m := range some {
			o.add(below(at, m.Key), was.Get(m.Key), is.Get(m.Key))
		}
	}
}

// lastValue is the index of the last member that is no table, -1 for none.
func lastValue(members []Member) int {
	for i, m := range slices.Backward(members) {
		if m.Value.Kind() != KindTable {
			return i
		}
	}
	return -1
}

// fresh are the members of a table that were not there before: tables, or values.
func fresh(was, is Value, tables bool) (out []Member) {
	for _, m := range is.Members() {
		if was.Get(m.Key).IsAbsent() && (m.Value.Kind() == KindTable) == tables {
			out = append(out, m)
		}
	}
	return out
}
