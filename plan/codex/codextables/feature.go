package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// feature finds the names in the table of a feature. Such a table refuses whatever is
// not right, and says nothing of it: so names stand near "enabled" in a list of the
// program, and are known where some value passes.
func (w *walker) feature(at spot, f *found, base string) {
	anything := at.with("*", true).String()
	if w.agreed(at) {
		return
	}
	if w.load(at.config(nonsense+" = 1\n")) == base {
		w.out[anything] = &found{Kinds: []string{"any"}}
		return
	}
	best, hints := map[string]*found{}, w.hints(at)
	for _, list := range w.own {
		for i, name := range list {
			if name != "enabled" {
				continue
			}
			if len(hints) > 1 && !slices.ContainsFunc(list[max(0, i-1):min(len(list), i+2)], func(n string) bool { return n != "enabled" && slices.Contains(hints, n) }) {
				continue
			}
			found := map[string]*found{}
			w.along(at, base, list[i+1:], found)
			back := slices.Clone(list[max(0, i-30):i])
			slices.Reverse(back)
			w.along(at, base, back, found)
			if len(found) > len(best) {
				best = found
			}
		}
	}
	if len(best) == 0 {
		w.out[anything] = &found{Kinds: []string{"any"}}
		return
	}
	f.Deny = true
	for _, name := range slices.Sorted(maps.Keys(best)) {
		key := at.with(name, true)
		w.out[key.String()] = best[name]
		if slices.Contains(best[name].Kinds, "table") {
			w.out[key.with("*", true).String()] = w.entries(at, base, name)
		}
	}
}

// entries is what a table of a feature takes under any name.
func (w *walker) entries(at spot, base, name string) *found {
	f := &found{}
	pass := func(value string) bool {
		return w.load(at.config(quoted(name)+" = { zz = "+value+" }\n")) == base
	}
	for _, v := range []struct{ value, kind string }{{"true", "bool"}, {"5", "int"}, {`"zz"`, "string"}, {`["zz"]`, "list"}, {"{}", "table"}} {
		if pass(v.value) {
			f.Kinds = append(f.Kinds, v.kind)
		}
	}
	for _, words := range [][]string{{"allow", "deny"}} {
		if len(f.Kinds) == 0 && !slices.ContainsFunc(words, func(v string) bool { return !pass(strconv.Quote(v)) }) {
			return &found{Kinds: []string{"enum"}, Values: words}
		}
	}
	if len(f.Kinds) == 0 {
		f.Kinds = []string{"any"}
	}
	return f
}

// along goes along a list for as long as its names are known. One for which no value was
// found, between others that are known, may be known all the same, so it takes anything;
// those that come behind the last known one belong to something else.
func (w *walker) along(at spot, base string, list []string, out map[string]*found) {
	var missed, beyond []string
	for _, name := range list[:min(len(list), 30)] {
		f := w.taken(at, base, name)
		if f == nil {
			if beyond = append(beyond, name); len(missed)+len(beyond) > 2 || len(out) == 0 {
				break
			}
			continue
		}
		out[name] = f
		missed, beyond = append(missed, beyond...), nil
	}
	if len(out) == 0 {
		return
	}
	for _, name := range missed {
		if out[name] == nil && name != "enabled" {
			out[name] = &found{Kinds: []string{"any"}}
		}
	}
}

// noFeature is how the table of a feature refuses what is not right in it. What is right
// may be refused for what it says, with other words.
const noFeature = "did not match any variant"

// fewWords are what other tables take for a key of the kind.
var fewWords = [][]string{{"limited", "full"}, {"system", "external"}, {"any_inference", "after_user_or_tool_output"}, {"low", "medium", "high"}, {"auto", "always", "never"}, {"auto", "prompt", "approve"}, {"local", "remote"}}

// taken is what a key of a table that says nothing takes, nil when nothing passes.
func (w *walker) taken(at spot, base, name string) *found {
	f := &found{}
	pass := func(value string) bool {
		text := w.load(at.config(quoted(name) + " = " + value + "\n"))
		return text == base || !strings.Contains(text, noFeature)
	}
	for _, v := range []struct{ value, kind string }{{"true", "bool"}, {"5", "int"}, {"0.5", "float"}, {`"zz"`, "string"}, {`["zz"]`, "list"}, {"[5]", "list"}, {"{}", "table"}} {
		if !slices.Contains(f.Kinds, v.kind) && !(v.kind == "float" && slices.Contains(f.Kinds, "int")) && pass(v.value) {
			f.Kinds = append(f.Kinds, v.kind)
		}
	}
	if exact := func(value string) bool { return w.load(at.config(quoted(name)+" = "+value+"\n")) == base }; exact("5") {
		pass = exact // else other keys say which numbers are right
	}
	switch i := slices.Index(f.Kinds, "int"); {
	case i < 0:
	case pass("1.5"):
		f.Kinds[i] = "float"
	case !pass("0"):
		f.Kinds[i] = "nat"
	case !pass("-1"):
		f.Kinds[i] = "uint"
	}
	if len(f.Kinds) > 0 {
		return f
	}
	for _, words := range fewWords {
		if !slices.ContainsFunc(words, func(v string) bool { return !pass(strconv.Quote(v)) }) {
			return &found{Kinds: []string{"enum"}, Values: words}
		}
	}
	return nil
}
