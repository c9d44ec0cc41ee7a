package plan

import "slices"

// Same reports whether v says the same as w to Codex: equal, or the same number spelt
// as an integer and as a float, which Codex itself rewrites.
func (v Value) Same(w Value) bool {
	switch {
	case v.kind == KindInt && w.kind == KindFloat:
		return float64(v.num) == w.float
	case v.kind == KindFloat && w.kind == KindInt:
		return float64(w.num) == v.float
	case v.kind != w.kind || len(v.list) != len(w.list) || len(v.table) != len(w.table):
		return false
	case v.kind == KindList:
		return slices.EqualFunc(v.list, w.list, Value.Same)
	case v.kind == KindTable:
		return !slices.ContainsFunc(v.table, func(m Member) bool { return !m.Value.Same(w.Get(m.Key)) })
	}
	return v.Equal(w)
}
