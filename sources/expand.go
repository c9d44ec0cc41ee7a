package sources

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// expander replaces ${user}, ${uid}, ${home}, ${host} and ${os}, and where env says
// so ${env.NAME}. $${ is a literal ${. What else looks like a placeholder is an error
// where the text is ours to understand; where it is Codex's it stays as written.
type expander struct {
	World
	*problems
	env      bool
	codex    bool     // the text is Codex's
	everyone bool     // the text will be every user's
	written  *written // remembers what came from ${env.NAME}
}

// all gives a copy of a node in which every text is expanded.
func (e expander) all(n *node, path plan.Address) *node {
	if n == nil {
		return nil
	}
	out := *n
	out.items, out.fields = slices.Grow([]*node(nil), len(n.items)), slices.Grow([]field(nil), len(n.fields))
	if n.kind == scalar && n.value.Kind() == plan.KindString {
		before := len(e.list)
		out.value = plan.Str(e.text(n, path))
		if len(e.list) > before {
			out.kind = bad
		}
	}
	for i, item := range n.items {
		out.items = append(out.items, e.all(item, child(path, strconv.Itoa(i+1))))
	}
	for _, f := range n.fields {
		name := e.name(f, path, out.fields)
		out.fields = append(out.fields, field{name, e.all(f.value, child(path, name))})
	}
	return &out
}

// name is the key of a field, expanded where it is Codex's: its tables have paths for
// names. Two keys that come to the same are an error.
func (e expander) name(f field, path plan.Address, before []field) string {
	if !e.codex || !strings.Contains(f.name, "${") {
		return f.name
	}
	name := e.replace(f.name, func(name string) (string, bool) { return e.value(name, f.value.at, path) }, func() {})
	if slices.ContainsFunc(before, func(b field) bool { return b.name == name }) {
		e.at(f.value.at, about(path)+f.name+" is a key that is there already", "write it once")
	}
	return name
}

func (e expander) text(n *node, path plan.Address) string {
	expanded := e.replace(n.text(), func(name string) (string, bool) { return e.value(name, n.at, path) }, func() {
		if !e.codex {
			e.at(n.at, about(path)+"a ${ without its }", "write $${ for a literal ${")
		}
	})
	if e.env && (e.AsWritten || strings.Contains(n.text(), "${env.")) {
		e.written.add(expanded, e.replace(n.text(), func(name string) (string, bool) {
			if e.AsWritten || strings.HasPrefix(name, "env.") {
				return "${" + name + "}", true
			}
			return e.value(name, n.at, path)
		}, func() {}), e.Home)
	}
	return expanded
}

// foreign is what other programs would replace in a text of ours, and this one does not.
func foreign(s string, path plan.Address) Problem {
	if len(path) > 0 && path[0] == "absent" {
		return Problem{}
	}
	rest, dollar := strings.CutPrefix(s, "$")
	switch {
	case len(path) > 0 && path[len(path)-1] == "env" && jobSecret().MatchString(s):
		name := jobSecret().FindStringSubmatch(s)[1]
		return Problem{Message: "a secret of the job is no variable's name: " + template(s), Fix: "write " + name + ", and have the job set that variable"}
	case template(s) != "":
		return Problem{Message: "a template that nobody has filled in: " + template(s), Fix: "render the file first, or write the value"}
	case windowsVariable(s) && path[len(path)-1] != "env": // where a name is wanted, that is said
		name, _, _ := strings.Cut(s[1:], "%")
		return Problem{Message: "variables of a shell are not replaced here", Fix: fixOfVariable(name, path)}
	case !dollar || rest == "" || !variableName(rest[:1]):
		return Problem{}
	}
	name := rest[:strings.IndexFunc(rest+" ", func(r rune) bool { return !variableName("_" + string(r)) })]
	if last := path[len(path)-1]; name != "HOME" && (last == "env" || last == "env_key") {
		return Problem{}
	}
	return Problem{Message: "variables of a shell are not replaced here", Fix: fixOfVariable(name, path)}
}

// jobSecret is how a workflow of GitHub's names a secret or a variable.
var jobSecret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\$\{\{ *(?:secrets|vars|env)\.([A-Za-z_][A-Za-z0-9_]*) *\}\}$`)
})

// windowsVariable reports a text that begins with %NAME%.
func windowsVariable(s string) bool {
	name, _, closed := strings.Cut(strings.TrimPrefix(s, "%"), "%")
	return strings.HasPrefix(s, "%") && closed && variableName(name)
}

func fixOfVariable(name string, path plan.Address) string {
	switch {
	case name == "HOME" || name == "USERPROFILE":
		return "write ${home}"
	case path[0] == "secret" || path[0] == "codex_home":
		return "write ${env." + showName(name) + "}"
	}
	return "write the value; " + placeholderNames()
}

// replace is s with value put in the place of every placeholder that it knows.
func (e expander) replace(s string, value func(name string) (string, bool), open func()) string {
	var b strings.Builder
	for rest := s; ; {
		i := strings.Index(rest, "${")
		if i < 0 {
			return b.String() + rest
		}
		name, after, closed := strings.Cut(rest[i+2:], "}")
		literal := i > 0 && rest[i-1] == '$'
		switch {
		case literal && (!e.codex || closed && slices.Contains(placeholders, name)):
			b.WriteString(rest[:i-1] + "${")
			rest = rest[i+2:]
			continue
		case !closed:
			open()
			return b.String() + rest
		}
		text, known := value(name)
		if literal || !known {
			text = "${" + name + "}"
		}
		b.WriteString(rest[:i] + text)
		rest = after
	}
}

var placeholders = []string{"user", "uid", "home", "host", "os"}

// personal are those that say something else for each user.
var personal = []string{"user", "uid", "home"}

func placeholderNames() string { return "the names are " + strings.Join(placeholders, ", ") }

// value is what a placeholder stands for, and whether it is one.
func (e expander) value(name string, at plan.Origin, path plan.Address) (string, bool) {
	variable, isEnv := strings.CutPrefix(name, "env.")
	isEnv = isEnv && variableName(variable)
	if !slices.Contains(placeholders, name) && !(isEnv && e.env) {
		e.unknown(name, isEnv, at, path)
		return "", false
	}
	if e.everyone && slices.Contains(personal, name) {
		e.at(at, about(path)+"${"+name+"} is one user's, and with layer: system the file is everybody's", "write a value that is right for all, or use layer: user")
		return "", false
	}
	if e.AsWritten && (isEnv || !e.env) { // a review reads no variable
		return "${" + name + "}", true
	}
	value := map[string]string{"user": e.User, "uid": e.UID, "home": e.Home, "host": e.Host, "os": e.OS}[name]
	if isEnv {
		value, _ = e.LookupEnv(variable)
		e.written.variable(value, name, e.Home)
	}
	if value == "" {
		e.at(at, about(path)+"${"+showName(name)+"} is empty here", "")
	} else if what := cmp.Or(pathLike(name, value), forbiddenIn(value)); what != "" {
		e.at(at, about(path)+"${"+showName(name)+"} holds "+what, "")
	}
	return value, true
}

// unknown reports a placeholder that is none: an error, in Codex's own texts no more
// than a warning where it is near to one.
func (e expander) unknown(name string, isEnv bool, at plan.Origin, path plan.Address) {
	near := nearest(name, placeholders)
	if e.codex {
		if near != "" && !isEnv {
			e.warn(plan.Diagnostic{
				Severity: plan.Warning, Rule: "placeholder", Origin: at,
				Summary: about(path) + "${" + showName(name) + "} stays as it is written", Fix: "did you mean ${" + near + "}?",
			})
		}
		return
	}
	fix := placeholderNames()
	switch {
	case isEnv:
		fix = "variables are for secret and codex_home only: what a policy asks for is the same on every machine"
	case near != "":
		fix = "did you mean ${" + near + "}?"
	case e.env && path[len(path)-1] == "env" && meantVariable(name) != "":
		fix = "write " + meantVariable(name)
	case e.env:
		fix += " and env.NAME"
	default:
		fix = "write the value itself; " + fix
	}
	e.at(at, about(path)+"${"+showName(name)+"} is not known", fix)
}

// homeSpelt is a policy with the placeholder in the place of a ~ in codex_home: the two
// are one policy.
func homeSpelt(root *node) *node {
	out := *root
	out.fields = slices.Clone(root.fields)
	for i, f := range out.fields {
		if f.name == "codex_home" {
			out.fields[i].value = atHome(f.value)
		}
	}
	return &out
}

// atHome is a path that begins at ~, with the placeholder that means the same.
func atHome(n *node) *node {
	rest, ok := strings.CutPrefix(n.text(), "~")
	if !ok || ownHome(rest) == "" {
		return n
	}
	out := *n
	out.value = plan.Str("${home}" + rest)
	return &out
}
