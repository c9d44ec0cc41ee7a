package plan

import "slices"

// Same reports whether v says the same as w to Codex: equal, or the same number spelt
// as an integer and as a float, which Codex itself rewrites.
func (v Value) Same(w Value) bool {
	switch {
	case v.kind == KindInt && w.kind == KindFloat:
		return float64(v.num) == w.Float64()
	case v.kind == KindFloat && w.kind == KindInt:
		return float64(w.num) == v.Float64()
	case v.kind != w.kind || len(v.Items()) != len(w.Items()) || len(v.Members()) != len(w.Members()):
		return false
	case v.kind == KindList:
		return slices.EqualFunc(v.Items(), w.Items(), Value.Same)
	case v.kind == KindTable:
		return !slices.ContainsFunc(v.Members(), func(m Member) bool { return !m.Value.Same(w.Get(m.Key)) })
	}
	return v.Equal(w)
}
