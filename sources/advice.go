package sources

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/codexform/codexform/plan"
)

// What is wrong is said by the checks; what was probably meant is said here.

// elsewhere are keys of config.toml and of other tools, and where they go here.
var elsewhere = map[string]string{
	"model_provider":         "the provider that Codex uses is provider.id",
	"model_providers":        "the gateway goes under provider; other entries go under settings",
	"model_reasoning_effort": "it is called reasoning_effort here",
	"base_url":               "it goes under provider",
	"wire_api":               "it goes under provider",
	"env_key":                "it goes under provider",
	"api_key":                "say under secret where the key is",
	"openai_api_key":         "say under secret where the key is",
	"key":                    "say under secret where the key is",
}

func unknownRoot(f field, s *shape) string {
	if at, ok := elsewhere[strings.ToLower(f.name)]; ok {
		return at
	}
	keys := segments(f.name)
	switch {
	case len(keys) > 1 && slices.Contains(names(s), keys[0]):
		return fmt.Sprintf("it goes below %s, as %s", keys[0], nested(keys[1:], f.value))
	case len(keys) > 1 && sayable(f.name):
		return "keys of config.toml go under settings: " + nested(keys, f.value)
	}
	return "keys of config.toml go under settings"
}

// asTable is how what stands in the place of a table was meant.
func asTable(n *node, path plan.Address) string {
	switch {
	case len(path) == 0:
		return notYAML(n)
	case len(path) != 1 || n.kind != scalar:
		return ""
	case path[0] == "confirm" && (n.value.Kind() == plan.KindBool || meantBool(n) != ""):
		return fmt.Sprintf("write {enabled: %s}", strings.TrimPrefix(cmp.Or(meantBool(n), n.value.TOML()), "write "))
	case path[0] == "provider" && meantURL(n.text()) != "":
		return "write {base_url: " + word(meantURL(n.text())) + "}"
	case path[0] == "rollout" && oneOfTexts("rings", "all", "hold")(n).Message == "":
		return "write {mode: " + n.text() + "}"
	}
	return ""
}

// asList is how one text in the place of a list was meant.
func asList(n *node, path plan.Address) string {
	if n.kind == table && len(path) == 1 && path[0] == "absent" {
		return inPaths(n)
	}
	s := n.text()
	if !sayable(s) {
		return ""
	}
	switch {
	case len(path) == 1 && path[0] == "absent":
		return "each is a path of keys: write [" + pathOf(s) + "]"
	case len(path) == 2 && path[0] == "absent":
		return "a path of keys is a list: write " + pathOf(s)
	case path[len(path)-1] == "command":
		return "there is no shell: write the program and its arguments as a list, " + asArgv(s)
	}
	return "write " + words([]string{s})
}

// inPaths is a table in the place of a list of paths.
func inPaths(n *node) string {
	var out []string
	for _, f := range n.fields {
		if f.value.kind != scalar || !sayable(f.name) {
			return ""
		}
		out = append(out, words([]string{f.name}))
	}
	return "each is a path of keys: write [" + strings.Join(out, ", ") + "]"
}

// pathOf is a dotted path of keys as a list.
func pathOf(s string) string { return words(segments(s)) }

// segments are the keys of a dotted path, those in quotes whole.
func segments(s string) []string {
	var out []string
	for s != "" {
		if q := s[0]; q == '"' || q == '\'' {
			if end := strings.IndexByte(s[1:], q); end >= 0 {
				out, s = append(out, s[1:1+end]), strings.TrimPrefix(s[end+2:], ".")
				continue
			}
		}
		first, rest, _ := strings.Cut(s, ".")
		out, s = append(out, first), rest
	}
	return out
}

// dotted reports a key that looks like a path of keys: written so it would become one
// quoted key at the root, and Codex knows none with a dot there.
func dotted(name string) bool { return strings.Contains(name, ".") && len(segments(name)) > 1 }

// nested is a dotted key as tables in one another, with its value.
func nested(keys []string, value *node) string {
	if len(keys) == 1 {
		return word(keys[0]) + ": " + said(value)
	}
	return word(keys[0]) + ": {" + nested(keys[1:], value) + "}"
}

// said is a value as it may stand in a table, … for one that is long or nobody's business.
func said(n *node) string {
	switch {
	case n.kind == scalar && n.value.Kind() == plan.KindString && sayable(n.text()):
		return word(n.text())
	case n.kind == scalar && n.value.Kind() != plan.KindString:
		return n.value.TOML()
	}
	return "…"
}

// typographic reports a text in quotes that YAML takes for letters.
func typographic(s string) bool {
	const quotes = "“”„‟«»‘’‚‛‹›"
	letters := []rune(s)
	return len(letters) > 1 && strings.ContainsRune(quotes, letters[0]) && strings.ContainsRune(quotes+`"'`, letters[len(letters)-1])
}

// falseDash reports an item of a list behind a sign that only looks like YAML's.
func falseDash(s string) bool {
	return strings.HasPrefix(s, "– ") || strings.HasPrefix(s, "— ") || strings.HasPrefix(s, "• ")
}

// notYAML says what a file without any key probably is.
func notYAML(n *node) string {
	switch s := n.text(); {
	case strings.Contains(s, " = ") || strings.HasPrefix(s, "["):
		return "this looks like TOML: a desired state is YAML, with the keys of config.toml under settings"
	case n.kind == list:
		return "a desired state begins with version: 1"
	}
	return "a desired state has keys: version: 1, provider: …"
}

// indentSpace is what stands in an indentation and is no space, 0 where nothing does.
func indentSpace(line string) rune {
	for _, r := range line {
		switch {
		case r == ' ':
		case r >= 0x80 && unicode.IsSpace(r):
			return r
		default:
			return 0
		}
	}
	return 0
}

func wrongSpace(r rune) string {
	return fmt.Sprintf("a character in the indentation that looks like a space and is none (U+%04X)", r)
}

// source is a line of the file as a problem shows it, "" where something in it may be
// what nobody should see.
func source(line string) string {
	line = strings.TrimRight(line, "\r\n")
	if len(line) > 160 || plan.MaskText(line) != line || forbiddenIn(strings.ReplaceAll(line, "\t", " ")) != "" {
		return ""
	}
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" {,[-\"'", r) }) {
		if name, _, isKey := strings.Cut(word, ":"); isKey && (plan.SecretName(name) || name == "secret" || strings.HasSuffix(name, "env_key") || strings.HasSuffix(name, "_env_var")) {
			return ""
		}
	}
	return line
}
