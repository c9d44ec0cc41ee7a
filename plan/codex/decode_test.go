package codex_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/codexform/codexform/plan"
)

// decode is a TOML text as a value.
func decode(t testing.TB, text string) plan.Value {
	t.Helper()
	var m map[string]any
	if _, err := toml.Decode(text, &m); err != nil {
		t.Fatalf("decoding %q: %v", text, err)
	}
	return value(t, m)
}

func value(t testing.TB, v any) plan.Value {
	t.Helper()
	switch v := v.(type) {
	case string:
		return plan.Str(v)
	case bool:
		return plan.Bool(v)
	case int64:
		return plan.Int(v)
	case float64:
		return plan.Float(v)
	case []any:
		var items []plan.Value
		for _, item := range v {
			items = append(items, value(t, item))
		}
		return plan.List(items...)
	case map[string]any:
		var members []plan.Member
		for _, key := range slices.Sorted(maps.Keys(v)) {
			members = append(members, plan.Member{Key: key, Value: value(t, v[key])})
		}
		return plan.Table(members...)
	}
	t.Fatalf("no value for %T", v)
	return plan.Value{}
}
