package plan_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/codexform/codexform/plan"
)

var kinds = []plan.Value{
	{},
	plan.Str(""), plan.Str("0"), plan.Bool(false), plan.Bool(true), plan.Int(0), plan.Int(1), plan.Float(0), plan.Float(1),
	plan.Time("1979-05-27"), plan.List(), plan.List(plan.Int(0)), plan.Table(), plan.Table(plan.Member{Key: "a"}),
	plan.Table(plan.Member{Key: "a", Value: plan.Int(1)}), plan.Float(math.NaN()), plan.Float(math.Inf(1)),
}

func TestEqual(t *testing.T) {
	for i, v := range kinds {
		for j, w := range kinds {
			if got := v.Equal(w); got != (i == j) {
				t.Errorf("%s %q equals %s %q: %v", v.Kind(), v, w.Kind(), w, got)
			}
		}
	}
	x, y := plan.Member{Key: "x", Value: plan.Int(1)}, plan.Member{Key: "y", Value: plan.Int(2)}
	if !plan.Table(x, y).Equal(plan.Table(y, x)) {
		t.Error("the order of a table's members counts")
	}
}

func TestValueJSON(t *testing.T) {
	for _, v := range append(kinds, plan.Int(math.MaxInt64), plan.Int(math.MinInt64), plan.Str("<a>\n\"")) {
		if v.Kind() == plan.KindTable && len(v.Members()) == 1 && v.Members()[0].Value.IsAbsent() {
			continue // no file holds a table with an absent member
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var got plan.Value
		if err := json.Unmarshal(data, &got); err != nil || !got.Equal(v) {
			t.Errorf("%s %q came back as %s %q by %s (%v)", v.Kind(), v, got.Kind(), got, data, err)
		}
	}
}

func TestTOML(t *testing.T) {
	for want, v := range map[string]plan.Value{
		`"a\"\\\n\t\u0001\u007F"`: plan.Str("a\"\\\n\t\x01\x7f"),
		`1e+21`:                   plan.Float(1e21),
		`1.0`:                     plan.Float(1),
		`nan`:                     plan.Float(math.NaN()),
		`-inf`:                    plan.Float(math.Inf(-1)),
		`[1, "b", { k = true }]`:  plan.List(plan.Int(1), plan.Str("b"), plan.Table(plan.Member{Key: "k", Value: plan.Bool(true)})),
		`{ "a b" = 1 }`:           plan.Table(plan.Member{Key: "a b", Value: plan.Int(1)}),
	} {
		if got := v.TOML(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	a := plan.Address{"model_providers", "open.ai", "x y", ""}
	if got, want := a.String(), `model_providers."open.ai"."x y".""`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !a.HasPrefix(plan.Address{"model_providers"}) || a.HasPrefix(plan.Address{"model"}) || a.HasPrefix(append(a, "more")) {
		t.Error("prefixes")
	}
}

// TestAddressKey wants different keys, and different texts, for different addresses.
func TestAddressKey(t *testing.T) {
	keys, texts := map[string]plan.Address{}, map[string]plan.Address{}
	for _, a := range []plan.Address{
		{},
		{""},
		{"", ""},
		{"a"},
		{"a", ""},
		{"", "a"},
		{"a", "b"},
		{"a.b"},
		{"a\x00b"},
		{"a", "\x00b"},
		{"a\x00", "b"},
		{"1:a"},
		{"1", "a"},
		{"a1:b"},
		{"\"a\""},
		{"a\".\"b"},
	} {
		if other, twice := keys[a.Key()]; twice {
			t.Errorf("Key of %q and of %q is %q", a, other, a.Key())
		}
		if other, twice := texts[a.String()]; twice {
			t.Errorf("String of %q and of %q is %q", a, other, a.String())
		}
		keys[a.Key()], texts[a.String()] = a, a
	}
}
