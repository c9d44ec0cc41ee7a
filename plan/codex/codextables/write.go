package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// write makes the tables of what all versions say, the oldest first.
func write(into string, all []*told) error {
	m := merger{all: all}
	for _, t := range all {
		m.versions = append(m.versions, t.Version)
	}
	for name, text := range map[string]string{
		"keys.txt": m.keys(), "features.txt": m.features(), "models.txt": m.models(), "measured.go": m.measured(),
		"testdata/counts.txt": m.counts(),
	} {
		if err := os.WriteFile(filepath.Join(into, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

type merger struct {
	all      []*told
	versions []string
}

// span is where in the versions something holds, from one up to but without another.
type span struct{ first, end int }

// spanOf is the span of all versions for which holds is true; false for none.
func (m merger) spanOf(holds func(*told) bool) (span, bool) {
	s := span{-1, 0}
	for i, t := range m.all {
		if holds(t) {
			if s.first < 0 {
				s.first = i
			}
			s.end = i + 1
		}
	}
	return s, s.first >= 0
}

// fact writes a span within another: "" where both are the same.
func (m merger) fact(s, in span) string {
	if s == in {
		return ""
	}
	since, gone := "", ""
	if s.first > in.first {
		since = m.versions[s.first]
	}
	if s.end < in.end {
		gone = m.versions[s.end]
	}
	return "@" + since + ".." + gone
}

// facts are the words that a list has in some version, each with its span.
func (m merger) facts(in span, words func(*told) []string) []string {
	var order []string
	for _, t := range slices.Backward(m.all) {
		for _, w := range words(t) {
			if !slices.Contains(order, w) {
				order = append(order, w)
			}
		}
	}
	for i, w := range order {
		s, _ := m.spanOf(func(t *told) bool { return slices.Contains(words(t), w) })
		order[i] += m.fact(s, in)
	}
	return order
}

const keysHead = `# The keys of config.toml that Codex knows, measured with the programs themselves by
# make codex-tables: key, kinds, values of an enumeration, facts.
#
# In a key, * stands for any name and [] for an item of a list. Kinds:
#   string bool list table
#   int     a whole number; uint: not below 0; nat: not below 1; u8 u16 u32: with a limit
#   float   a number
#   enum    a string out of the values
#   struct  a table whose keys are all listed here
#   empty   a list without items; empty:K, or with one table, which is read as the key K
#   shortcut  keys to press, such as ctrl-t
#   any     whatever
# Facts: needs:K the table has to have a key, needs:K?type=T where its type is T; +deny
# Codex does not start with a key in it that is not listed; +refused nor with this one. What does not hold in every measured version ends with
# @SINCE..GONE: the first version with it, and the first without it again.

`

// paths are the keys of all versions.
func (m merger) paths() map[string]bool {
	paths := map[string]bool{}
	for _, t := range m.all {
		for path := range t.Keys {
			paths[path] = true
		}
	}
	return paths
}

func (m merger) keys() string {
	whole := span{0, len(m.all)}
	var b strings.Builder
	b.WriteString(keysHead)
	for _, path := range slices.Sorted(maps.Keys(m.paths())) {
		in, _ := m.spanOf(func(t *told) bool { return t.Keys[path] != nil })
		kinds := m.facts(in, func(t *told) []string { return m.kinds(t, path) })
		if len(kinds) == 0 {
			kinds = []string{"any"}
		}
		line := []string{path, strings.Join(kinds, "|")}
		enum, _ := m.spanOf(func(t *told) bool { return t.Keys[path] != nil && len(t.Keys[path].Values) > 0 })
		line = append(line, m.facts(enum, func(t *told) []string { return m.of(t, path).Values })...)
		line = append(line, m.facts(in, func(t *told) []string { return needs(m.of(t, path)) })...)
		if fact := m.fact(in, whole); fact != "" {
			line = append(line, fact)
		}
		b.WriteString(strings.Join(line, " ") + "\n")
	}
	return b.String()
}

func (m merger) of(t *told, path string) *found {
	if f := t.Keys[path]; f != nil {
		return f
	}
	return &found{}
}

func needs(f *found) []string {
	var out []string
	for _, n := range f.Needs {
		out = append(out, "needs:"+n)
	}
	if f.Refused {
		out = append(out, "+refused")
	}
	if f.Deny {
		out = append(out, "+deny")
	}
	return out
}

// kinds are the kinds of a key. A table is closed when it has names and takes no other.
func (m merger) kinds(t *told, path string) []string {
	kinds := slices.Clone(m.of(t, path).Kinds)
	for i, kind := range kinds {
		if kind != "table" && kind != "struct" {
			continue
		}
		kinds[i] = "table"
		if m.hasBelow(t, path) && t.Keys[path+".*"] == nil || kind == "struct" && m.of(t, path).Count > 0 {
			kinds[i] = "struct"
			if m.open(path) && path != "features" || path == "profiles.*.features" {
				kinds[i] = "table"
			}
		}
	}
	return kinds
}

// open reports a table of which a version with a strict check says that it is.
func (m merger) open(path string) bool {
	return slices.ContainsFunc(m.all, func(t *told) bool { return m.of(t, path).Open })
}

func (m merger) hasBelow(t *told, path string) bool {
	for other := range t.Keys {
		if rest, ok := strings.CutPrefix(other, path+"."); ok && !strings.HasPrefix(rest, "[]") {
			return true
		}
	}
	return false
}

const featuresHead = `# The names below features, measured with the programs themselves by make
# codex-tables: name and stage, as codex features list prints it; an alias is an older
# name that it still takes. What does not hold in every measured version ends with
# @SINCE..GONE, as in keys.txt.

`

func (m merger) features() string {
	names := map[string]bool{}
	for _, t := range m.all {
		for name := range t.Features {
			names[name] = true
		}
	}
	whole := span{0, len(m.all)}
	lines := []string{}
	for name := range names {
		in, _ := m.spanOf(func(t *told) bool { return t.Features[name] != "" })
		line := append([]string{name}, m.facts(in, func(t *told) []string { return stage(t.Features[name]) })...)
		if fact := m.fact(in, whole); fact != "" {
			line = append(line, fact)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	for _, alias := range strings.Fields(aliases) {
		if !names[alias] {
			lines = append(lines, alias+" alias")
		}
	}
	slices.SortFunc(lines, func(a, b string) int {
		a, _, _ = strings.Cut(a, " ")
		b, _, _ = strings.Cut(b, " ")
		return strings.Compare(a, b)
	})
	return featuresHead + strings.Join(lines, "\n") + "\n"
}

func stage(text string) []string {
	if text == "" {
		return nil
	}
	return []string{strings.TrimPrefix(text, "under ")}
}

const modelsHead = `# The models of Codex's own catalogue, measured by make codex-tables: slug, and the
# largest context window that a setting gets. What does not hold in every version that
# lists its catalogue ends with @SINCE..GONE, as in keys.txt.

`

func (m merger) models() string {
	listed := merger{}
	for i, t := range m.all {
		if len(t.Windows) > 0 {
			listed.all, listed.versions = append(listed.all, t), append(listed.versions, m.versions[i])
		}
	}
	slugs := map[string]bool{}
	for _, t := range listed.all {
		for slug := range t.Windows {
			slugs[slug] = true
		}
	}
	whole := span{0, len(listed.all)}
	var b strings.Builder
	b.WriteString(modelsHead)
	for _, slug := range slices.Sorted(maps.Keys(slugs)) {
		in, _ := listed.spanOf(func(t *told) bool { _, ok := t.Windows[slug]; return ok })
		line := append([]string{slug}, listed.facts(in, func(t *told) []string { return windowOf(t.Windows, slug) })...)
		if fact := listed.fact(in, whole); fact != "" {
			line = append(line, fact)
		}
		b.WriteString(strings.Join(line, " ") + "\n")
	}
	return b.String()
}

// measured is the list of versions in the program's own words.
func (m merger) measured() string {
	var b strings.Builder
	b.WriteString("// Code generated by make codex-tables. DO NOT EDIT.\n\npackage codex\n\n// measured are the versions that the tables were measured with.\nvar measured = []Version{\n")
	for _, v := range m.versions {
		fmt.Fprintf(&b, "\t{%s},\n", strings.ReplaceAll(v, ".", ", "))
	}
	b.WriteString("}\n")
	return b.String()
}

const countsHead = `# How many keys each version has at every depth, as its program was asked by make
# codex-tables: TestKeysAreKnown holds keys.txt against it.
`

// counts is how many keys each version has, the oldest first.
func (m merger) counts() string {
	keys := make([]int, len(m.all))
	for path := range m.paths() {
		in, _ := m.spanOf(func(t *told) bool { return t.Keys[path] != nil })
		for i := in.first; i < in.end; i++ {
			keys[i]++
		}
	}
	var b strings.Builder
	b.WriteString(countsHead)
	for i, v := range m.versions {
		fmt.Fprintf(&b, "%s %d\n", v, keys[i])
	}
	return b.String()
}

func windowOf(windows map[string]limits, slug string) []string {
	w, ok := windows[slug]
	if !ok {
		return nil
	}
	return []string{fmt.Sprint(max(w.Default, w.Max))}
}
