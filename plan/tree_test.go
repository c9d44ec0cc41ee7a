package plan_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
)

func TestTree(t *testing.T) {
	one, two := plan.Int(1), plan.Int(2)
	table := func(members ...any) plan.Value {
		var out []plan.Member
		for i := 0; i < len(members); i += 2 {
			out = append(out, plan.Member{Key: members[i].(string), Value: members[i+1].(plan.Value)})
		}
		return plan.Table(out...)
	}
	v := table("a", table("b", one), "c", one)
	for _, tt := range []struct {
		name      string
		got, want plan.Value
	}{
		{"at", v.At(plan.Address{"a", "b"}), one},
		{"at nothing", v.At(plan.Address{"a", "b", "c"}), plan.Value{}},
		{"at itself", v.At(nil), v},
		{"with another", v.With(plan.Address{"a", "b"}, two), table("a", table("b", two), "c", one)},
		{"with a new one", v.With(plan.Address{"x", "y"}, two), table("a", table("b", one), "c", one, "x", table("y", two))},
		{"with a table for a value", v.With(plan.Address{"c", "d"}, two), table("a", table("b", one), "c", table("d", two))},
		{"with nothing", v.With(plan.Address{"c"}, plan.Value{}), table("a", table("b", one))},
		{"below nothing", plan.Value{}.With(plan.Address{"a"}, one), table("a", one)},
		{"without", v.Without(plan.Address{"a", "b"}), table("a", table(), "c", one)},
		{"without what is not there", v.Without(plan.Address{"a", "x", "y"}), v},
		{"without itself", v.Without(nil), plan.Value{}},
	} {
		if !tt.got.Equal(tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	if !v.Equal(table("a", table("b", one), "c", one)) {
		t.Errorf("the table itself was changed: %s", v)
	}
}
