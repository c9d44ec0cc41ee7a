package sources

import (
	"strconv"
	"strings"

	"github.com/codexform/codexform/plan"
)

// expander replaces ${user}, ${uid}, ${home}, ${host}, ${os} and ${env.NAME};
// $${ is a literal ${.
type expander struct {
	World
	*problems
}

// all gives a copy of a node in which every text is expanded.
func (e expander) all(n *node, path plan.Address) *node {
	if n == nil {
		return nil
	}
	out := *n
	out.items, out.fields = nil, nil
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
		out.fields = append(out.fields, field{f.name, e.all(f.value, child(path, f.name))})
	}
	return &out
}

func (e expander) text(n *node, path plan.Address) string {
	var b strings.Builder
	rest := n.text()
	for {
		i := strings.Index(rest, "${")
		if i < 0 {
			return b.String() + rest
		}
		if i > 0 && rest[i-1] == '$' {
			b.WriteString(rest[:i-1] + "${")
			rest = rest[i+2:]
			continue
		}
		name, after, closed := strings.Cut(rest[i+2:], "}")
		if !closed {
			e.at(n.at, about(path)+"a ${ without its }", "write $${ for a literal ${")
			return ""
		}
		b.WriteString(rest[:i] + e.value(name, n.at, path))
		rest = after
	}
}

var placeholders = []string{"user", "uid", "home", "host", "os"}

// value is what a placeholder stands for.
func (e expander) value(name string, at plan.Origin, path plan.Address) string {
	var value string
	variable, isEnv := strings.CutPrefix(name, "env.")
	switch {
	case isEnv && variableName(variable):
		value, _ = e.LookupEnv(variable)
	case name == "user":
		value = e.User
	case name == "uid":
		value = e.UID
	case name == "home":
		value = e.Home
	case name == "host":
		value = e.Host
	case name == "os":
		value = e.OS
	default:
		fix := "the names are " + strings.Join(placeholders, ", ") + " and env.NAME"
		if near := nearest(name, placeholders); near != "" {
			fix = "did you mean ${" + near + "}?"
		}
		e.at(at, about(path)+"${"+showName(name)+"} is not known", fix)
		return ""
	}
	if value == "" {
		e.at(at, about(path)+"${"+showName(name)+"} is empty here", "")
	} else if what := forbiddenIn(value); what != "" {
		e.at(at, about(path)+"${"+showName(name)+"} holds "+what, "")
	}
	return value
}
