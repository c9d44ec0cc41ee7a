package codex

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/codexform/codexform/plan"
)

// Tables are taken apart member by member, those from before first, each once.
func TestTablesTakenApart(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 14))
	var draw func(depth int) plan.Value
	draw = func(depth int) plan.Value {
		switch n := rnd.IntN(6); {
		case n == 0:
			return plan.Value{}
		case n < 3 || depth == 0:
			return plan.Int(int64(rnd.IntN(3)))
		}
		var members []plan.Member
		for _, i := range rnd.Perm(4)[:rnd.IntN(5)] {
			if v := draw(depth - 1); !v.IsAbsent() {
				members = append(members, plan.Member{Key: fmt.Sprint("k", i), Value: v})
			}
		}
		return plan.Table(members...)
	}
	some := 0
	for range 3_000 {
		before, after := draw(3), draw(3)
		got, want := appendMoved(nil, plan.Address{"a"}, before, after, plan.Origin{}), takenApart(plan.Address{"a"}, before, after)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("from %v to %v moves\n%v\nand not\n%v", before, after, got, want)
		}
		some += len(want)
	}
	if some < 1_000 {
		t.Errorf("only %d values moved", some)
	}
}

// takenApart is the same by the names of both tables.
func takenApart(a plan.Address, before, after plan.Value) (out []moved) {
	table := func(v plan.Value) bool { return v.Kind() == plan.KindTable }
	if !table(before) && !table(after) {
		if !before.Equal(after) {
			out = append(out, moved{a, a, before, after, plan.Origin{}})
		}
		return out
	}
	var names []string
	for _, m := range slices.Concat(before.Members(), after.Members()) {
		if !slices.Contains(names, m.Key) {
			names = append(names, m.Key)
		}
	}
	for _, name := range names {
		out = append(out, takenApart(append(slices.Clone(a), name), before.Get(name), after.Get(name))...)
	}
	if !table(before) && !before.IsAbsent() {
		out = append(out, moved{a, a, before, plan.Value{}, plan.Origin{}})
	}
	if !table(after) && !after.IsAbsent() {
		out = append(out, moved{a, a, plan.Value{}, after, plan.Origin{}})
	}
	return out
}
