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

// stands reports whether a key still says what we made of it: as we wrote it, or left
// out by Codex, which writes the servers anew without what it takes for granted.
func (e Entry) stands(root Value) bool {
	now := root.At(e.Address)
	if !now.IsAbsent() || e.Last.IsAbsent() {
		return e.Last.Same(now)
	}
	return impliedByCodex(e.Address, e.Last) && root.At(e.Address[:2]).Kind() == KindTable
}

// impliedByCodex reports whether `codex mcp add` leaves a value out of a server.
func impliedByCodex(a Address, v Value) bool {
	if len(a) != 3 || a[0] != "mcp_servers" {
		return false
	}
	switch a[2] {
	case "enabled":
		return v.Equal(Bool(true))
	case "required", "supports_parallel_tool_calls":
		return v.Equal(Bool(false))
	case "args", "enabled_tools", "disabled_tools", "env_vars":
		return v.Equal(List())
	}
	return false
}
