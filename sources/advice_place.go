package sources

import (
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// belongsTo is the table at the top that alone has a key of this name, "" for none.
func belongsTo(name string) string {
	found := ""
	for _, k := range rootShape.keys {
		switch {
		case !holdsTable(k.name) || !slices.Contains(names(k.shape), name):
		case found != "":
			return ""
		default:
			found = k.name
		}
	}
	return found
}

// holdsTable reports a key at the top with keys of its own.
func holdsTable(name string) bool {
	return slices.ContainsFunc(rootShape.keys, func(k key) bool {
		return k.name == name && slices.Contains([]shapeKind{tableShape, secretShape, openShape}, k.shape.kind)
	})
}

// someValue is the advice for a key that has none.
func someValue(at plan.Address, said string) string {
	switch {
	case len(at) == 1 && holdsTable(at[0]):
		return "indent the lines that belong to it, or remove it"
	case said == "~" && at.String() == "codex_home":
		return "write ~/.codex" // a tilde alone is YAML's null
	}
	return "give it one, or remove the line"
}

// inPaths is a table in the place of a list of paths.
func inPaths(n *node) string {
	var out []string
	for _, f := range n.fields {
		if f.value.kind != scalar || !sayable(f.name) {
			return ""
		}
		at := []string{f.name}
		if below := f.value.value; below.Kind() == plan.KindString && sayable(below.Text()) {
			at = append(at, segments(below.Text())...)
		}
		out = append(out, words(at))
	}
	return "each is a path of keys: write [" + strings.Join(out, ", ") + "]"
}

// onePath reports a list of keys in the place of a list of paths, which may be one path
// or some.
func onePath(n *node, path plan.Address) bool {
	return len(path) == 1 && path[0] == "absent" && len(n.items) > 1 && !slices.ContainsFunc(n.items, func(i *node) bool {
		return i.kind != scalar || dotted(i.text()) || !sayable(i.text()) || strings.ContainsAny(i.text(), "[]")
	})
}

// asPaths is such a list in both ways.
func asPaths(n *node) string {
	var all, each []string
	for _, i := range n.items {
		all, each = append(all, i.text()), append(each, words([]string{i.text()}))
	}
	return fmt.Sprintf("write [%s] for one key below the other, [%s] for keys at the top", words(all), strings.Join(each, ", "))
}

// inRings are groups given as a table, the last of them everybody.
func inRings(n *node) string {
	var out []string
	all := false
	for _, f := range n.fields {
		percent := strings.TrimPrefix(meantNumber(f.value), "write ")
		if f.value.kind != scalar || percent == "" || !sayable(f.name) {
			return ""
		}
		all = percent == "100"
		out = append(out, fmt.Sprintf("{name: %s, percent: %s}", word(f.name), percent))
	}
	if !all {
		out = append(out, "{name: everybody, percent: 100}")
	}
	return "write [" + strings.Join(out, ", ") + "]"
}

// inVault is a reference such as other tools write, mount/path#field.
func inVault(s string) string {
	s, field, hasField := strings.Cut(strings.TrimPrefix(s, "vault:"), "#")
	mount, path, hasPath := strings.Cut(strings.Trim(s, "/"), "/")
	if !hasPath || !sayable(s) || hasField && !sayable(field) {
		return ""
	}
	out := "write {mount: " + word(mount) + ", path: " + word(strings.TrimPrefix(path, "data/"))
	if hasField {
		out += ", field: " + word(field)
	}
	return out + "}"
}
