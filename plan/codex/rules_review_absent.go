package codex

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// letIn looks at keys that were kept away and may come back.
func (f *finder) letIn(c plan.PolicyChange) {
	for _, a := range listedOnly(c.Before, c.After) {
		if watches(a) {
			f.review(c.Origin, "absent: %s is no longer kept away", a)
		}
	}
}

// takenAway are keys that are taken from users from now on: what would be looked at
// where the policy had said it is looked at here. Where this plan takes one away, the
// change itself is.
func (f *finder) takenAway() (out []judgement) {
	for _, c := range f.Policy {
		if c.Path.String() != "absent" {
			continue
		}
		for _, a := range listedOnly(c.After, c.Before) {
			rule := holdsShut(a)
			if rule != "" && !slices.ContainsFunc(f.moves(), func(m moved) bool { return m.full.HasPrefix(a) }) {
				out = append(out, judgement{rule, "taken away from whoever has set it", moved{at: a, full: a, origin: c.Origin}})
			}
		}
	}
	return out
}

// listedOnly are the entries of a list of keys that another list has not.
func listedOnly(list, other plan.Value) []plan.Address {
	var out []plan.Address
	for _, entry := range list.Items() {
		if slices.ContainsFunc(other.Items(), entry.Equal) {
			continue
		}
		var a plan.Address
		for _, segment := range entry.Items() {
			a = append(a, segment.Text())
		}
		out = append(out, a)
	}
	return out
}

// shutting are values with which a key can hold something shut.
var shutting = []plan.Value{
	plan.Bool(false), plan.Bool(true), plan.List(plan.Str("x")),
	plan.Str("read-only"), plan.Str("untrusted"), plan.Str("deny"), plan.Str("disabled"), plan.Str("none"), plan.Str("prompt"), plan.Str("user"),
}

// holdsShut is the rule that looks at a key that goes, or at one below it, "" for none,
// and opens-sandbox before another. A server of tools, a plugin or a provider goes with its limits.
func holdsShut(a plan.Address) (rule string) {
	switch {
	case len(a) > 0 && a[0] == "profiles":
		return holdsShut(a[min(2, len(a)):])
	case len(a) == 0, len(a) < 3 && slices.Contains([]string{"mcp_servers", "plugins", "model_providers"}, a[0]):
		return ""
	case len(a) == 1 && a[0] == "features", a[0] == "projects":
		return "opens-sandbox"
	}
	f := new(finder)
	for _, at := range append(watchedAt(a), a) {
		for _, v := range shutting {
			switch r, text := f.judgeAlone(moved{at: at, full: at, before: v}); {
			case text == "":
			case r == "opens-sandbox":
				return r
			case rule == "":
				rule = r
			}
		}
	}
	return rule
}

// watchedAt are the watched addresses below one, with some name where any counts.
func watchedAt(a plan.Address) []plan.Address {
	var out []plan.Address
	for _, w := range watch {
		at := strings.Split(strings.TrimSuffix(w.pattern, " **")+strings.Repeat(" x", strings.Count(w.pattern, "**")), " ")
		if w.rule != "" && len(at) > len(a) && like(a, strings.Join(at[:len(a)], " ")) {
			out = append(out, append(slices.Clip(a), at[len(a):]...))
		}
	}
	return out
}

// watches reports whether something at, below or above an address is one to look at.
func watches(a plan.Address) bool {
	if len(a) > 0 && a[0] == "profiles" {
		return len(a) < 3 || watches(a[2:])
	}
	if len(a) == 0 || ladders[a[0]] != nil || a[0] == "projects" || a[0] == "features" {
		return true
	}
	near := func(pattern string) bool {
		want := strings.Split(strings.TrimSuffix(pattern, " **"), " ")
		n := min(len(want), len(a))
		return like(a[:n], strings.Join(want[:n], " "))
	}
	return slices.ContainsFunc(hosts, near) || slices.ContainsFunc(watch, func(w watched) bool { return w.rule != "" && near(w.pattern) })
}
