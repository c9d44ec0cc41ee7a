package sources

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/codexform/codexform/plan"
	"gopkg.in/yaml.v3"
)

const maxDepth = 20

// parse makes a tree of one YAML document, nil when there is nothing to look at.
// Nothing is ever expanded: anchors, aliases, merge keys and tags are refused, so a
// small file stays a small tree.
func parse(file, text string, ps *problems) *node {
	p := &parser{file: file, lines: strings.Split(text, "\n"), problems: ps}
	doc, err := decode(text, p)
	if err != nil {
		p.syntax(text, strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	p.directives()
	if doc == nil || emptyDocument(doc) {
		p.at(p.origin(1, 1), "the file is empty", "codexform init writes one to start from")
		return nil
	}
	return p.node(doc.Content[0], nil, 1)
}

// decode gives the first document, nil when there is none, and reports a second one.
// The library is finished, not flawless: a panic of it is a syntax error to us.
func decode(text string, p *parser) (doc *yaml.Node, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("yaml: unreadable")
		}
	}()
	d := yaml.NewDecoder(strings.NewReader(text))
	var first, second yaml.Node
	switch err := d.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := d.Decode(&second); {
	case errors.Is(err, io.EOF):
		return &first, nil
	case err != nil:
		return nil, err
	}
	p.at(p.origin(second.Line, second.Column), "a second document", "put each into a file of its own")
	return &first, nil
}

// parses reports whether a text is YAML at all.
func parses(text string) bool {
	_, err := decode(text, &parser{problems: &problems{}})
	return err == nil
}

// linesRead counts the lines that the library looks at before it finds an error. It
// gets one byte at a time, so it never looks far ahead.
func linesRead(text string) (lines int) {
	r := &byByte{text: text}
	defer func() {
		_ = recover()
		lines = 1 + strings.Count(text[:r.next], "\n")
	}()
	var n yaml.Node
	_ = yaml.NewDecoder(r).Decode(&n)
	return 0
}

type byByte struct {
	text string
	next int
}

func (r *byByte) Read(p []byte) (int, error) {
	if r.next == len(r.text) {
		return 0, io.EOF
	}
	p[0] = r.text[r.next]
	r.next++
	return 1, nil
}

type parser struct {
	file  string
	lines []string
	runes [][]rune // of the lines that were asked for
	*problems
}

func (p *parser) origin(line, column int) plan.Origin {
	return plan.Origin{File: p.file, Place: plan.Place{Line: max(line, 1), Column: max(column, 1)}}
}

func (p *parser) node(y *yaml.Node, path plan.Address, depth int) *node {
	n := &node{at: p.origin(y.Line, y.Column)}
	n.key = n.at
	if p.refused(y, n.at, path) {
		return n
	}
	if depth > maxDepth && y.Kind != yaml.ScalarNode {
		p.at(n.at, fmt.Sprintf("nested more than %d deep", maxDepth), "")
		return n
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = table
		n.fields = p.fields(y, path, depth)
		if len(n.fields) == 0 && len(y.Content) > 0 {
			n.kind = bad // every key of it was
		}
	case yaml.SequenceNode:
		n.kind = list
		for i, item := range y.Content {
			n.items = append(n.items, p.item(item, child(path, strconv.Itoa(i+1)), depth+1))
		}
	case yaml.ScalarNode:
		p.scalar(n, y, path)
	}
	return n
}

func (p *parser) item(y *yaml.Node, path plan.Address, depth int) *node {
	n := p.node(y, path, depth)
	if n.kind == null {
		p.at(n.at, about(path)+"no value", "give it one, or remove the item")
		n.kind = bad
	}
	return n
}

func emptyDocument(doc *yaml.Node) bool {
	root := doc.Content[0]
	return root.Kind == yaml.ScalarNode && root.Value == "" && root.Style == 0 && root.Anchor == ""
}

// refused reports what YAML can do and a policy must not.
func (p *parser) refused(y *yaml.Node, at plan.Origin, path plan.Address) bool {
	switch {
	case y.Kind == yaml.AliasNode:
		p.at(at, about(path)+"an alias (*)", "write the value out")
	case y.Anchor != "":
		p.at(at, about(path)+"an anchor (&)", "write the value out where it is used")
	case y.Style&yaml.TaggedStyle != 0 || p.runeAt(at) == '!':
		p.at(at, about(path)+"a tag (!)", "leave it out, or quote the text")
	default:
		return false
	}
	return true
}

// runeAt is the character at a place. Lines are decoded once, because a file may
// be a single long one.
func (p *parser) runeAt(at plan.Origin) rune {
	if at.Line > len(p.lines) {
		return 0
	}
	if p.runes == nil {
		p.runes = make([][]rune, len(p.lines))
	}
	if p.runes[at.Line-1] == nil {
		p.runes[at.Line-1] = []rune(p.lines[at.Line-1])
	}
	if line := p.runes[at.Line-1]; at.Column <= len(line) {
		return line[at.Column-1]
	}
	return 0
}

func (p *parser) fields(y *yaml.Node, path plan.Address, depth int) []field {
	var out []field
	seen := map[string]plan.Origin{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		at := p.origin(y.Content[i].Line, y.Content[i].Column)
		name, ok := p.name(y.Content[i], at, path)
		if !ok {
			continue
		}
		here := child(path, name)
		value := p.node(y.Content[i+1], here, depth+1)
		value.key = at
		if first, twice := seen[name]; twice {
			p.at(at, about(here)+"the key is here twice, first at "+first.String(), "keep one")
			continue
		}
		seen[name] = at
		if value.kind == null {
			p.at(at, about(here)+"no value", someValue(here, y.Content[i+1].Value))
			value.kind = bad
		}
		out = append(out, field{name, value})
	}
	return out
}

// name is the text of a key.
func (p *parser) name(y *yaml.Node, at plan.Origin, path plan.Address) (string, bool) {
	if p.refused(y, at, path) {
		return "", false
	}
	plain := y.Style == 0
	switch value, wrong := resolve(y.Value); {
	case y.Kind == yaml.MappingNode:
		at.Column = max(at.Column-1, 1) // of the first brace: the second one begins this table
		p.at(at, about(path)+"a template that nobody has filled in: {{…}}", "render the file first, or write the value")
	case y.Kind != yaml.ScalarNode:
		p.at(at, about(path)+"a key that is not a string", tableName(y))
	case plain && typographic(y.Value):
		p.letters(at, y.Value, path)
	case plain && y.Value == "<<":
		p.at(at, about(path)+"a merge key (<<)", "write the keys out")
	case plain && len(y.Value) == 3 && digits(y.Value) && len(path) > 0:
		p.at(at, about(path)+"a comma between braces parts keys", "write the number before it without the comma")
	case plain && (wrong != nil || value.Kind() != plan.KindString):
		p.at(at, about(path)+"a key that YAML does not read as text", "quote it")
	case forbiddenIn(y.Value) != "":
		p.at(at, about(path)+forbiddenIn(y.Value)+" in a key", "remove it")
	case plan.LooksSecret(y.Value):
		p.add(Problem{
			Origin: at, Rule: "secret-in-file", Message: about(path) + "a key that looks like a secret, and secrets do not belong in this file",
			Fix: "name its source under secret",
		})
	default:
		return y.Value, true
	}
	return "", false
}

func (p *parser) scalar(n *node, y *yaml.Node, path plan.Address) {
	n.kind, n.value = scalar, plan.Str(y.Value)
	if y.Style == 0 && (typographic(y.Value) || falseDash(y.Value)) {
		p.letters(n.at, y.Value, path)
		n.kind = bad
		return
	}
	if y.Style == 0 {
		value, wrong := resolve(y.Value)
		switch {
		case wrong != nil && isStart(path):
		case wrong != nil && isWhole(path):
			p.at(n.at, about(path)+"must be a whole number", digitsOf(y.Value))
			n.kind = bad
			return
		case wrong != nil:
			p.at(n.at, about(path)+wrong.Message, wrong.Fix)
			n.kind = bad
			return
		case value.IsAbsent():
			n.kind = null
			return
		default:
			n.value = value
		}
	}
	if what := forbiddenIn(n.value.Text()); what != "" && len(path) > 0 { // a file that is one text is told so
		fix := "a value is one line of visible text"
		if strings.Contains(n.value.Text(), "\n") {
			what, fix = "a text of several lines", cmp.Or(inLines(path), fix)
		}
		p.at(n.at, about(path)+what, fix)
		n.kind = bad
	}
}

// inLines is how what somebody wrote as a text of several lines is written.
func inLines(path plan.Address) string {
	i := slices.IndexFunc(rootShape.keys, func(k key) bool { return k.name == path[0] })
	switch {
	case path[len(path)-1] == "command" && path[0] == "secret":
		return "there is no shell: write the program and its arguments as a list, [PROGRAM, ARGUMENT, …]"
	case len(path) == 1 && i >= 0 && (rootShape.keys[i].shape.kind == tableShape || rootShape.keys[i].shape.kind == openShape):
		return "leave out the | or >: its keys stand below it, as YAML"
	}
	return ""
}

// tableName is what somebody meant by the head of a table of TOML.
func tableName(y *yaml.Node) string {
	if y.Kind != yaml.SequenceNode || len(y.Content) != 1 || !sayable(y.Content[0].Value) {
		return ""
	}
	return "write it without brackets: " + word(y.Content[0].Value)
}

// isWhole reports a place that wants a whole number.
func isWhole(path plan.Address) bool {
	at := path.String()
	return at == "version" || at == "policy_version" || at == "confirm.attempts" || at == "secret.vault.version"
}

// letters reports signs that look like YAML's and are part of the text.
func (p *parser) letters(at plan.Origin, s string, path plan.Address) {
	if falseDash(s) {
		p.at(at, about(path)+"a sign that looks like the dash of a list and is none", "write - and a blank")
		return
	}
	p.at(at, about(path)+"typographic quotes are part of the text", `write straight ones: "…"`)
}

func child(path plan.Address, name string) plan.Address {
	return append(path[:len(path):len(path)], name)
}
