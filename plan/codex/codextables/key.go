package main

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// key finds out what a key takes.
func (w *walker) key(s spot, key, base string) {
	at := s.with(key, true)
	if w.agreed(at) {
		return
	}
	if old := w.kept[at.String()]; old != nil && w.leaf(at, old) {
		w.out[at.String()] = old
		if item := w.kept[at.with("[]", false).String()]; item != nil {
			w.out[at.with("[]", false).String()] = item
		}
		return
	}
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
	if old := w.newer[at.String()]; old != nil && old.Sign == f.Sign && f.Sign != "" && w.alike(at, old, try) {
		*f = *old
		if item := w.newer[at.with("[]", false).String()]; item != nil {
			w.out[at.with("[]", false).String()] = item
		}
		return
	}
	five := try("5")
	if zz := try(`"zz"`); strings.Contains(zz, "unsupported") && len(listed(zz)) > 1 {
		f.Kinds, f.Values = []string{"enum"}, listed(zz)
		return
	}
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

// leaf reports a key with nothing below it that was understood the last time.
func (w *walker) leaf(at spot, old *found) bool {
	item := w.kept[at.with("[]", false).String()]
	switch {
	case at.path[len(at.path)-1] == "type", len(old.Kinds) == 0, strings.Contains(old.Sign, "untagged"), slices.Contains(old.Kinds, "any"), at.path[0] == "features":
		return false
	case slices.Contains(old.Kinds, "table"), slices.Contains(old.Kinds, "struct"):
		return false
	}
	return item == nil || slices.Equal(item.Kinds, []string{"string"}) && !slices.Contains(at.path, "env_vars") || slices.Equal(item.Kinds, []string{"enum"})
}

// agreed copies a key, and all below it, of which the versions on both sides say the
// same.
func (w *walker) agreed(at spot) bool {
	if at.path[len(at.path)-1] == "type" { // the table above has to hear what each needs
		return false
	}
	if w.older == nil || !reflect.DeepEqual(w.newer[at.String()], w.older[at.String()]) || w.newer[at.String()] == nil {
		return false
	}
	newer, older := subtree(w.newer, at.String()), subtree(w.older, at.String())
	if !reflect.DeepEqual(newer, older) {
		return false
	}
	for _, path := range slices.Sorted(maps.Keys(newer)) {
		if !w.asMany(path, newer[path].Count) || !w.sameWords(path, newer[path]) {
			return false
		}
	}
	maps.Copy(w.out, newer)
	return true
}

// asMany reports whether a table has as many keys as on both sides, as far as the program
// says so: one may have come and gone between them.
func (w *walker) asMany(path string, count int) bool {
	if count == 0 {
		return true
	}
	m := counted.FindStringSubmatch(w.said(path, "[]"))
	return m == nil || m[2] == strconv.Itoa(count)
}

// sameWords reports whether an enumeration takes what it takes on both sides.
func (w *walker) sameWords(path string, f *found) bool {
	if f.Says == "" || !slices.Equal(f.Kinds, []string{"enum"}) {
		return true
	}
	text := w.said(path, `"zz"`)
	return text == "" || text == f.Says
}

// said is what the program has against a value, "" of what stands in the item of a list.
func (w *walker) said(path, value string) string {
	segments := strings.Split(strings.ReplaceAll(path, `\.`, "\x00"), ".")
	if slices.Contains(segments, "[]") {
		return ""
	}
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(segment, "\x00", ".")
	}
	last := len(segments) - 1
	above := spot{}
	for _, segment := range segments[:last] {
		above = above.with(segment, true)
	}
	return w.load(above.config(quoted(segments[last]) + " = " + value + "\n"))
}

func subtree(keys map[string]*found, path string) map[string]*found {
	out := map[string]*found{path: keys[path]}
	for other, f := range keys {
		if strings.HasPrefix(other, path+".") {
			out[other] = f
		}
	}
	return out
}

// alike reports a key that takes what it takes in the version after this one, once a
// wrong value is refused alike. Only what is not below the key can be told so.
func (w *walker) alike(at spot, old *found, try func(string) string) bool {
	kinds := strings.Join(old.Kinds, "|")
	item := w.newer[at.with("[]", false).String()]
	switch {
	case at.path[len(at.path)-1] == "type": // the table above has to hear what each needs
		return false
	case len(old.Values) > 0:
		return len(at.path) > 1 && kinds == "enum" && old.Says != "" && try(`"zz"`) == old.Says
	case kinds == "list":
		return item != nil && len(item.Values) == 0 && slices.Equal(item.Kinds, []string{"string"}) && try("[]") == "" && try(`["zz"]`) == ""
	case kinds == "nat", kinds == "int", strings.HasPrefix(kinds, "u"):
		return (try("0") == "") == (kinds != "nat")
	case strings.Contains(old.Sign, "untagged enum"):
		return !slices.Contains(old.Kinds, "table") && !slices.Contains(old.Kinds, "struct")
	}
	return plain(old)
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

var ofUnion = regexp.MustCompile(`untagged enum (\S+)`)

// union tries one value of each kind.
func (w *walker) union(at spot, f *found, try func(string) string) {
	name, item := "", at.with("[]", false).String()
	if m := ofUnion.FindStringSubmatch(try("5")); m != nil {
		name = m[1]
	}
	if slices.Contains(w.inside, name) {
		name = ""
	}
	below := func(at spot, f *found) {
		w.inside = append(w.inside, name)
		w.table(at, f)
		w.inside = w.inside[:len(w.inside)-1]
	}
	if like := w.unions[name]; like != nil {
		f.Kinds, f.Values = like.Kinds, like.Values
		if g := w.items[name]; g != nil {
			w.out[item] = g
		}
		return
	}
	for _, v := range []struct{ value, kind string }{{`"zz"`, "string"}, {`"f2"`, "shortcut"}, {"true", "bool"}, {"5", "int"}, {"1.5", "float"}, {`["zz"]`, "list"}, {"[]", "list"}} {
		if try(v.value) == "" && !slices.Contains(f.Kinds, v.kind) && (v.kind != "shortcut" || len(f.Kinds) == 0) {
			f.Kinds = append(f.Kinds, v.kind)
		}
	}
	switch {
	case !slices.Contains(f.Kinds, "list"):
	case try(`["zz"]`) == "":
		w.out[item] = &found{Kinds: []string{"string"}}
	case try(`["f2"]`) == "":
		w.out[item] = &found{Kinds: []string{"shortcut"}}
	}
	if !slices.Contains(f.Kinds, "string") && !slices.Contains(f.Kinds, "shortcut") {
		for _, word := range []string{"low", "medium", "high", "auto", "none", "full", "always", "never", "read", "write", "deny", "allow"} {
			if try(strconv.Quote(word)) == "" {
				f.Values = append(f.Values, word)
			}
		}
		if len(f.Values) > 0 {
			f.Kinds = append(f.Kinds, "enum")
		}
	}
	switch text := try("{}"); {
	case text == "", strings.Contains(text, "missing field"):
		f.Kinds = append(f.Kinds, "table")
		below(at, f)
	case try(`{name = "zz"}`) == "":
		f.Kinds, f.Needs, f.Deny = append(f.Kinds, "table"), []string{"name"}, true
		w.out[at.with("name", true).String()] = &found{Kinds: []string{"string"}}
		named := at.fix(`name = "zz"`)
		for _, key := range []string{"source", "value", "default", "required", "optional", "from", "prefix"} {
			if g := w.taken(named, w.load(named.config("")), key); g != nil {
				w.out[at.with(key, true).String()] = g
			}
		}
	case name != "":
		w.unions[name], w.items[name] = f, w.out[item]
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
	} else if try("[]") == "" {
		f.Kinds = append(f.Kinds, "empty")
	}
	w.fields(at, f)
	if i := slices.Index(f.Kinds, "empty"); i >= 0 && try("[{}]") == "" {
		f.Kinds[i] = w.first(at, try)
	}
}

// fields are the names in a structure.
func (w *walker) fields(at spot, f *found) {
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

// first says as which key the table in a list of one is read: a list is taken for the
// keys of a table, in their order.
func (w *walker) first(at spot, try func(string) string) string {
	for _, path := range slices.Sorted(maps.Keys(w.out)) {
		name, below := strings.CutPrefix(path, at.String()+".")
		if !below || strings.Contains(name, ".") || !w.reads(path, try) {
			continue
		}
		return "empty:" + name
	}
	return "empty"
}

// reads reports whether what is in a table in a list is refused as what is below a key.
func (w *walker) reads(path string, try func(string) string) bool {
	names := 0
	for other := range w.out {
		name, below := strings.CutPrefix(other, path+".")
		if !below || strings.Contains(name, ".") || name == "*" || name == "[]" {
			continue
		}
		names++
		if text := try("[{" + quoted(name) + " = " + wrong + "}]"); text == "" || strings.Contains(text, "unknown field") {
			return false
		}
	}
	return names > 0
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
		f.Deny, f.Needs, f.Open = like.Deny, like.Needs, w.open(at)
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
	f.Kinds, f.Says = []string{"enum"}, try(`"zz"`)
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
