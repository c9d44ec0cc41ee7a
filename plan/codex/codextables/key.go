package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// key finds out what a key takes.
func (w *walker) key(s spot, key, base string) {
	at := s.with(key, true)
	f := &found{}
	w.out[at.String()] = f
	try := func(value string) string {
		text := w.load(s.config(quoted(key) + " = " + value + "\n"))
		if text == base {
			return ""
		}
		return text
	}
	f.Sign = try(wrong)
	if old := w.newer[at.String()]; old != nil && old.Sign == f.Sign && f.Sign != "" && plain(old) {
		*f = *old
		return
	}
	five := try("5")
	switch {
	case strings.Contains(five, "untagged enum"):
		w.union(at, f, try)
	case strings.Contains(five, "expected a sequence"), strings.Contains(five, "expected a set"):
		w.list(at, f, try)
	case strings.Contains(five, "expected a map"):
		f.Kinds = []string{"table"}
		w.anyName(at, f)
	case enumerated(five):
		w.enumeration(at, f, try, listed(try(`"zz"`)))
	case ofTable.MatchString(five):
		w.structure(at, f, try, five)
	case strings.Contains(five, "expected a boolean"):
		f.Kinds = []string{"bool"}
	case strings.Contains(five, "expected a string"), strings.Contains(five, "expected a borrowed string"), strings.Contains(five, "expected path string"):
		if zz := try(`"zz"`); strings.Contains(zz, "unknown variant") {
			w.enumeration(at, f, try, listed(zz))
		} else {
			f.Kinds = []string{"string"}
			f.Refused = strings.Contains(zz, "no longer supported")
			if zz != "" && !strings.Contains(zz, "missing field") {
				w.note("%s = \"zz\": %s", at, zz)
			}
		}
	default:
		w.number(at, f, try, five)
	}
}

// enumerated reports the refusal of a number where a word out of a few is wanted.
func enumerated(five string) bool {
	for _, words := range []string{"expected string only", "wanted string or table", "expected string or map", "expected variant identifier"} {
		if strings.Contains(five, words) {
			return true
		}
	}
	return false
}

// anyName is a table that takes any name.
func (w *walker) anyName(at spot, f *found) {
	w.needs(at, f)
	if base := w.load(at.config("")); w.load(at.config(nonsense+" = "+wrong+"\n")) != base {
		w.key(at, "*", base)
	}
}

// plain reports a key that takes the same wherever its refusal is the same.
func plain(f *found) bool {
	return len(f.Kinds) == 1 && slices.Contains([]string{"string", "bool", "float"}, f.Kinds[0])
}

func (w *walker) number(at spot, f *found, try func(string) string, five string) {
	zz := try(`"zz"`)
	kinds := []struct{ word, kind string }{
		{"nonzero", "nat"},
		{"u64", "uint"},
		{"usize", "uint"},
		{"u32", "u32"},
		{"u16", "u16"},
		{"u8", "u8"},
		{"i64", "int"},
		{"i32", "int"},
		{"isize", "int"},
		{"f64", "float"},
		{"f32", "float"},
	}
	for _, k := range kinds {
		if strings.Contains(zz, "expected "+k.word) || strings.Contains(zz, "expected a "+k.word) {
			f.Kinds = []string{k.kind}
			if k.kind != "float" && k.kind != "nat" && try("0") != "" {
				f.Kinds = []string{"nat"}
			}
			return
		}
	}
	if five == "" && zz == "" {
		f.Kinds = []string{"any"}
		return
	}
	w.union(at, f, try)
	if len(f.Kinds) == 0 {
		w.note("%s: not understood: 5: %s; \"zz\": %s", at, five, zz)
	}
}

// union tries one value of each kind.
func (w *walker) union(at spot, f *found, try func(string) string) {
	for _, v := range []struct{ value, kind string }{{`"zz"`, "string"}, {"true", "bool"}, {"5", "int"}, {"1.5", "float"}, {`["zz"]`, "list"}, {"[]", "list"}} {
		if try(v.value) == "" && !slices.Contains(f.Kinds, v.kind) {
			f.Kinds = append(f.Kinds, v.kind)
		}
	}
	switch {
	case slices.Contains(f.Kinds, "list") && try(`["zz"]`) == "":
		w.out[at.with("[]", false).String()] = &found{Kinds: []string{"string"}}
	}
	if len(f.Kinds) == 0 {
		for _, word := range []string{"low", "medium", "high", "auto", "none", "full", "always", "never"} {
			if try(strconv.Quote(word)) == "" {
				f.Values = append(f.Values, word)
			}
		}
		if len(f.Values) > 0 {
			f.Kinds = []string{"enum"}
		}
	}
	if text := try("{}"); text == "" || strings.Contains(text, "missing field") {
		f.Kinds = append(f.Kinds, "table")
		w.table(at, f)
	}
}

func (w *walker) list(at spot, f *found, try func(string) string) {
	f.Kinds = []string{"list"}
	item := at.with("[]", false)
	g := &found{}
	w.out[item.String()] = g
	five := try("[5]")
	switch {
	case ofTable.MatchString(five):
		w.structure(item, g, func(v string) string { return try("[" + v + "]") }, five)
	case strings.Contains(five, "expected a map"):
		g.Kinds = []string{"table"}
		w.anyName(item, g)
	case strings.Contains(five, "untagged enum"):
		w.union(item, g, func(v string) string { return try("[" + v + "]") })
	case strings.Contains(five, "internally tagged"):
		g.Kinds = []string{"table"}
		w.tagged(item, g)
	case enumerated(five):
		w.enumeration(item, g, func(v string) string { return try("[" + v + "]") }, listed(try(`["zz"]`)))
	case strings.Contains(five, "expected a string"), strings.Contains(five, "path string"):
		g.Kinds = []string{"string"}
		if zz := try(`["zz"]`); strings.Contains(zz, "unknown variant") {
			w.enumeration(item, g, func(v string) string { return try("[" + v + "]") }, listed(zz))
		}
	case five == "":
		g.Kinds = []string{"int"}
		if try(`["zz"]`) == "" {
			g.Kinds = []string{"any"}
		}
	default:
		w.note("%s: not understood: %s", item, five)
		g.Kinds = []string{"any"}
	}
}

// structure is a table with names of its own.
func (w *walker) structure(at spot, f *found, try func(string) string, five string) {
	f.Kinds, f.Struct = []string{"struct"}, ofTable.FindStringSubmatch(five)[1]
	if m := counted.FindStringSubmatch(try("[]")); m != nil && m[1] == f.Struct {
		f.Count, _ = strconv.Atoi(m[2])
	}
	id := f.Struct + strconv.Itoa(f.Count)
	if seen, ok := w.structs[id]; ok {
		w.again(seen, at, f)
		return
	}
	w.structs[id] = at.String()
	if text := w.load(at.config("")); strings.Contains(text, "missing field `type`") {
		w.tagged(at, f)
		return
	}
	w.table(at, f)
}

// needs are the keys that a table has to have, one after the other.
func (w *walker) needs(at spot, f *found) {
	parent := spot{path: at.path[:len(at.path)-1], fixed: at.fixed}
	above := w.load(parent.config(""))
	for text := w.load(at.config("")); text != above && len(f.Needs) < 5; text = w.load(at.config("")) {
		m := missing.FindStringSubmatch(text)
		if m == nil || slices.Contains(f.Needs, m[1]) {
			return
		}
		f.Needs = append(f.Needs, m[1])
		value := w.good(at, m[1])
		if value == "" {
			return
		}
		at = at.fix(m[1] + " = " + value)
	}
}

// good is a value of the right type for a key, "" when none of those tried is.
func (w *walker) good(at spot, key string) string {
	for _, v := range []string{`"zz"`, "true", "5", "[]", "{}"} {
		if text := w.load(at.config(key + " = " + v + "\n")); !strings.Contains(text, "invalid type") && !strings.Contains(text, "expected") {
			return v
		}
	}
	if values := listed(w.load(at.config(key + " = \"zz\"\n"))); len(values) > 0 {
		return strconv.Quote(values[0])
	}
	return ""
}

// again copies what is known of a structure that stands in another place too.
func (w *walker) again(seen string, at spot, f *found) {
	if like := w.out[seen]; like != nil {
		f.Deny, f.Needs = like.Deny, like.Needs
	}
	for path, g := range maps.Clone(w.out) {
		if rest, ok := strings.CutPrefix(path, seen+"."); ok {
			w.out[at.String()+"."+rest] = g
		}
	}
}

// tagged is a table whose type says which other names it has.
func (w *walker) tagged(at spot, f *found) {
	f.Needs = append(f.Needs, "type")
	types := listed(w.load(at.config("type = \"zz\"\n")))
	w.out[at.with("type", true).String()] = &found{Kinds: []string{"enum"}, Values: types}
	for _, t := range types {
		one := &found{}
		w.table(at.fix(`type = "`+t+`"`), one)
		for _, n := range one.Needs {
			f.Needs = append(f.Needs, n+"?type="+t)
		}
	}
}

func (w *walker) enumeration(at spot, f *found, try func(string) string, values []string) {
	f.Kinds = []string{"enum"}
	for _, v := range values {
		said := try(strconv.Quote(v))
		if m := missing.FindStringSubmatch(said); m != nil && at.path[len(at.path)-1] == "type" {
			if above := w.out[strings.Join(at.path[:len(at.path)-1], ".")]; above != nil {
				above.Needs = append(above.Needs, m[1]+"?type="+v)
			}
			said = ""
		}
		if said == "" {
			f.Values = append(f.Values, v)
			continue
		}
		text := try("{" + quoted(v) + " = 5}")
		if m := ofTable.FindStringSubmatch(text); m != nil {
			if !slices.Contains(f.Kinds, "table") {
				f.Kinds = append(f.Kinds, "table")
			}
			f.Deny = true
			variant := at.with(v, false)
			g := &found{}
			w.out[variant.String()] = g
			w.structure(variant, g, func(value string) string { return try("{" + quoted(v) + " = " + value + "}") }, text)
			continue
		}
		if try("{"+quoted(v)+" = \"zz\"}") == "" {
			if !slices.Contains(f.Kinds, "table") {
				f.Kinds = append(f.Kinds, "table")
			}
			w.out[at.with(v, false).String()] = &found{Kinds: []string{"string"}}
			continue
		}
		w.note("%s = %q is listed and refused: %s", at, v, try(strconv.Quote(v)))
	}
}
