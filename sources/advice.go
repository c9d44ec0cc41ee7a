package sources

import (
	"fmt"
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

func unknownRoot(name string) string {
	if at, ok := elsewhere[strings.ToLower(name)]; ok {
		return at
	}
	return "keys of config.toml go under settings"
}

// asList is how one text in the place of a list was meant.
func asList(n *node, path plan.Address) string {
	s := n.text()
	if s == "" || len(s) > 200 || plan.MaskText(s) != s || forbiddenIn(s) != "" {
		return ""
	}
	switch {
	case len(path) == 1 && path[0] == "absent":
		return "each is a path of keys: write [" + pathOf(s) + "]"
	case len(path) == 2 && path[0] == "absent":
		return "a path of keys is a list: write " + pathOf(s)
	case path[len(path)-1] == "command":
		return "there is no shell: write the program and its arguments as a list, [" + strings.Join(strings.Fields(s), ", ") + "]"
	}
	return "write [" + s + "]"
}

// pathOf is a dotted path of keys as a list.
func pathOf(s string) string { return "[" + strings.Join(strings.Split(s, "."), ", ") + "]" }

// dotted reports a key that looks like a path of keys: written so it would become one
// quoted key at the root.
func dotted(name string) bool {
	return strings.Contains(name, ".") && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_.0123456789") == "" &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".")
}

// nested is a dotted key as tables in one another.
func nested(name string) string {
	first, rest, more := strings.Cut(name, ".")
	if !more {
		return name + ": …"
	}
	return first + ": {" + nested(rest) + "}"
}

// typographic reports a text in quotes that YAML takes for letters.
func typographic(s string) bool {
	const open, end = "“”„«»", "“”„«»"
	first, last := []rune(s), []rune(s)
	return len(first) > 1 && strings.ContainsRune(open, first[0]) && strings.ContainsRune(end, last[len(last)-1])
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
	if len(line) > 160 || plan.MaskText(line) != line || forbiddenIn(line) != "" {
		return ""
	}
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" {,[-\"'", r) }) {
		if name, _, isKey := strings.Cut(word, ":"); isKey && (plan.SecretName(name) || name == "secret" || strings.HasSuffix(name, "env_key") || strings.HasSuffix(name, "_env_var")) {
			return ""
		}
	}
	return line
}
