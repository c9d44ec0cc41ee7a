package sources

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// shape says what may stand at a place of the desired state.
type shape struct {
	kind  shapeKind
	keys  []key                 // of a table
	one   bool                  // a table with exactly one of its keys, beside the extra ones
	items *shape                // of a list
	empty bool                  // of a list: it may be empty
	text  *shape                // of a table: the other form, a text
	unit  bool                  // of a text: a number with its unit
	argv  bool                  // of a list: a program and its arguments
	check func(n *node) Problem // of a text, number or flag; no Message when it is fine
}

type shapeKind uint8

const (
	textShape shapeKind = iota
	numberShape
	flagShape
	listShape
	tableShape
	openShape   // any nested keys: settings, defaults
	secretShape // a table; text in its place is a secret in the file
)

type key struct {
	name     string
	shape    *shape
	required bool
	merged   bool // required of all files together, not of each
	extra    bool // where exactly one key is wanted: may stand beside it
}

// checker walks a tree along a shape and reports every departure.
type checker struct{ *problems }

func (c checker) node(n *node, s *shape, path plan.Address) {
	if n.kind == bad {
		return
	}
	if s.text != nil && n.kind == scalar {
		s = s.text
	}
	switch s.kind {
	case tableShape, secretShape:
		c.table(n, s, path)
	case listShape:
		c.list(n, s, path)
	case openShape:
		c.open(n, path)
	default:
		c.scalar(n, s, path)
	}
}

func (c checker) table(n *node, s *shape, path plan.Address) {
	if n.kind != table {
		c.notTable(n, s, path)
		return
	}
	for _, f := range n.fields {
		i := slices.IndexFunc(s.keys, func(k key) bool { return k.name == f.name })
		if i < 0 {
			c.unknown(f, s, path)
			continue
		}
		c.node(f.value, s.keys[i].shape, child(path, f.name))
	}
	c.required(n, s, path)
}

func (c checker) notTable(n *node, s *shape, path plan.Address) {
	if s.kind == secretShape && n.kind == scalar {
		c.add(Problem{
			Origin: n.at, Rule: "secret-in-file", Message: about(path) + "a secret does not belong in this file",
			Fix: "say where it is: " + forms(s),
		})
		n.kind = bad
		return
	}
	c.at(n.at, about(path)+"must be a table of keys", cmp.Or(asTable(n, path), "its keys are "+strings.Join(names(s), ", ")))
}

// forms lists the keys of a table as people write them: {env: …} or {file: …}.
func forms(s *shape) string {
	var out []string
	for _, k := range s.keys[:min(len(s.keys), 2)] {
		out = append(out, "{"+k.name+": …}")
	}
	return strings.Join(out, " or ")
}

func (c checker) required(n *node, s *shape, path plan.Address) {
	for _, k := range s.keys {
		if k.required && !k.merged && n.get(k.name) == nil {
			c.missing(n, k.name, path)
		}
	}
	if s.one {
		c.oneOf(n, s, path)
	}
}

// missing reports a key that has to be there; one that is misspelt is reported as such.
func (c checker) missing(n *node, name string, path plan.Address) {
	if misspelt(n, name) {
		return
	}
	fix := ""
	if name == "version" {
		fix = "write version: 1 at the top"
	}
	c.at(n.key, about(path)+name+" is missing", fix)
}

// misspelt reports a key that is near to a name.
func misspelt(n *node, name string) bool {
	return n != nil && slices.ContainsFunc(n.fields, func(f field) bool { return len(plan.Near(f.name, []string{name}, 1)) > 0 })
}

func (c checker) oneOf(n *node, s *shape, path plan.Address) {
	var choices []string
	for _, k := range s.keys {
		if !k.extra {
			choices = append(choices, k.name)
		}
	}
	count, unknown := 0, 0 // which are reported for what they are
	for _, f := range n.fields {
		switch i := slices.IndexFunc(s.keys, func(k key) bool { return k.name == f.name }); {
		case i < 0:
			unknown++
		case !s.keys[i].extra:
			count++
		}
	}
	if count > 1 || count+unknown == 0 {
		c.at(n.key, about(path)+fmt.Sprintf("%d sources where exactly one is wanted", count),
			"give one of "+strings.Join(choices, ", "))
	}
}

func (c checker) unknown(f field, s *shape, path plan.Address) {
	fix := otherwise(f, path)
	switch near := plan.Near(f.name, names(s), 1); {
	case within[child(path, f.name).String()] != "":
	case len(path) == 0 && belongsTo(f.name) != "" && (f.name != "models" || f.value.kind == list):
		fix = unknownRoot(f, s)
	case len(path) > 0 && slices.Contains(names(rootShape), f.name):
	case len(near) > 0 && (len(path) > 0 || elsewhere[strings.ToLower(f.name)] == ""):
		fix = fmt.Sprintf("did you mean %q?", near[0])
	case len(path) == 0:
		fix = unknownRoot(f, s)
	case fix == "":
		fix = "the keys here are " + strings.Join(names(s), ", ")
	}
	c.at(f.value.key, about(child(path, f.name))+"unknown key", fix)
	c.secrets(f.value, child(path, f.name))
}

func names(s *shape) []string {
	out := make([]string, len(s.keys))
	for i, k := range s.keys {
		out[i] = k.name
	}
	return out
}

func (c checker) list(n *node, s *shape, path plan.Address) {
	if n.kind != list {
		c.at(n.at, about(path)+"must be a list", asList(n, path))
		n.kind = bad
		return
	}
	if len(n.items) == 0 && !s.empty {
		c.at(n.at, about(path)+"the list is empty", "remove the key, or fill it")
	}
	if onePath(n, path) {
		c.at(n.at, about(path)+"each entry is a path of keys, a list of its own", asPaths(n))
		n.kind = bad
		return
	}
	for i, item := range n.items {
		c.node(item, s.items, child(path, fmt.Sprint(i+1)))
	}
	if s.argv {
		c.argv(n, path)
		c.secretsIn(n, path, plan.Address{"command"})
	}
}

// argv reports a first word that can be no program.
func (c checker) argv(n *node, path plan.Address) {
	if len(n.items) == 0 || n.items[0].kind != scalar {
		return
	}
	first := n.items[0].text()
	name, _, _ := strings.Cut(first, " ")
	switch v, _, set := strings.Cut(first, "="); {
	case set && variableName(v):
		c.at(n.items[0].at, about(path)+"no shell reads this: a variable is set by a program", "begin with env: [env, "+v+"=…, PROGRAM, …]")
	case strings.Contains(first, " - ") && sayable(first):
		c.at(n.items[0].at, about(path)+"a dash that is indented more is part of the word above it", "write "+asArgv(strings.ReplaceAll(first, " - ", " ")))
	case len(n.items) == 1 && name != first && !strings.ContainsAny(name, `/\`) && sayable(first):
		c.at(n.items[0].at, about(path)+"no shell splits this into words", "write "+asArgv(first))
	}
}

func (c checker) scalar(n *node, s *shape, path plan.Address) {
	p := kindProblem(n, s)
	if p.Message == "" {
		p = foreign(n.text(), path)
	}
	if p.Message == "" && s.check != nil && !expandable(n.text()) {
		p = s.check(n)
	}
	if p.Rule == "" && c.leaked(n, path) {
		return
	}
	if p.Message != "" && len(path) == 1 && path[0] == "version" {
		p.Fix = cmp.Or(p.Fix, "write 1")
	}
	if p.Message != "" {
		p.Origin, p.Message = n.at, about(path)+p.Message
		c.add(p)
		n.kind = bad
	}
}

func kindProblem(n *node, s *shape) Problem {
	wanted, got := [...]plan.Kind{plan.KindString, plan.KindInt, plan.KindBool}[s.kind], n.value.Kind()
	switch {
	case n.kind == scalar && got == wanted:
		return Problem{}
	case s.unit && n.kind == scalar && got == plan.KindInt:
		return s.check(&node{kind: scalar, value: plan.Str(n.value.TOML())}) // which says how it is written
	case s.kind == textShape && n.kind == scalar:
		p := Problem{Message: "must be text, not " + got.String(), Fix: "quote it"}
		if s.check != nil {
			if asText := s.check(&node{kind: scalar, value: plan.Str(n.value.TOML())}); asText.Message != "" {
				return asText
			}
		}
		return p
	case s.kind == textShape && len(n.items) == 1:
		return Problem{Message: "must be text", Fix: write(n.items[0].text())}
	case s.kind == textShape:
		return Problem{Message: "must be text"}
	case s.kind == numberShape:
		return Problem{Message: "must be a whole number", Fix: meantNumber(n)}
	}
	return Problem{Message: "must be true or false", Fix: meantBool(n)}
}

// leaked reports a value that is shaped like a secret.
func (c checker) leaked(n *node, path plan.Address) bool {
	if !plan.LooksSecret(n.value.Text()) {
		return false
	}
	c.inFile(n, path)
	return true
}

func (c checker) inFile(n *node, path plan.Address) {
	c.add(Problem{
		Origin: n.at, Rule: "secret-in-file", Message: about(path) + "this looks like a secret, and secrets do not belong in this file",
		Fix: "name its source under secret, or a variable that holds it",
	})
	n.kind = bad
}

// secrets looks for secrets in a part of the file that is wrong anyway.
func (c checker) secrets(n *node, path plan.Address) {
	if n.kind == scalar {
		c.leaked(n, path)
	}
	for i, item := range n.items {
		c.secrets(item, child(path, fmt.Sprint(i+1)))
	}
	for _, f := range n.fields {
		c.secrets(f.value, child(path, f.name))
	}
}

// open checks settings and defaults: any keys, but no empty tables and no secrets.
func (c checker) open(n *node, path plan.Address) {
	if n.kind != table {
		c.at(n.at, about(path)+"must be a table of keys", asTable(n, path))
		return
	}
	if len(n.fields) == 0 {
		c.at(n.at, about(path)+"an empty table manages nothing", "remove it, or name its keys")
	}
	for _, f := range n.fields {
		if len(path) == 1 && dotted(f.name) {
			c.at(f.value.key, about(path)+"a dotted key would be one key with dots in its name", "write "+nested(segments(f.name), f.value))
		}
		if f.value.kind == table {
			c.open(f.value, child(path, f.name))
		}
	}
	if len(path) == 1 {
		c.secretsIn(n, path, nil)
	}
}

// secretsIn looks for secrets, by name and by shape, in a part of the file whose keys
// are those of config.toml, or of which a is the address.
func (c checker) secretsIn(n *node, path, a plan.Address) {
	seen := map[*node]bool{}
	for _, at := range plan.Secrets(a, n.toValue()) {
		found := n.at1(at[len(a):])
		if found == nil || found.kind == bad || seen[found] {
			continue
		}
		seen[found] = true
		c.inFile(found, append(path[:len(path):len(path)], at[len(a):]...))
	}
}
