package sources

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
	"github.com/spf13/afero"
)

// SchemaURL is where editors find the JSON Schema of a desired state.
const SchemaURL = "https://raw.githubusercontent.com/codexform/codexform/main/docs/schema/codex.schema.json"

// Entry is one top-level key of a desired state that is to be written.
type Entry struct {
	Comment string // lines above it, without their #
	Key     string
	Value   plan.Value
	Off     bool // written as a comment, for people to switch on
}

// Starter is the text of a desired state: the line that tells editors its schema,
// an introduction, and entries in their order.
func Starter(intro string, entries []Entry) []byte {
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=" + SchemaURL + "\n")
	b.WriteString(prefixed("# ", intro))
	b.WriteString("\nversion: 1\n")
	for _, p := range entries {
		if p.Comment != "" {
			b.WriteString("\n" + prefixed("# ", p.Comment))
		}
		text := yamlMember(p.Key, p.Value, "")
		if p.Off {
			text = prefixed("# ", text)
		}
		b.WriteString(text)
	}
	return []byte(b.String())
}

// Try loads a desired state of just these entries, in a world without any other file.
// Problems are those that Load has with it.
func Try(w World, entries ...Entry) (plan.Desired, []Problem) {
	const name = "/codex.yaml"
	w.Fs = afero.NewMemMapFs()
	if err := afero.WriteFile(w.Fs, name, Starter("", entries), 0o600); err != nil {
		panic("a file in memory cannot be written: " + err.Error())
	}
	policy, err := Load(w, []string{name})
	if err != nil {
		return plan.Desired{}, Problems(err)
	}
	return policy.Desired, nil
}

// prefixed is text with a prefix before each of its lines, blank ones left out.
func prefixed(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			b.WriteString(prefix + line + "\n")
		}
	}
	return b.String()
}

// yamlMember is a key and its value in block style.
func yamlMember(key string, v plan.Value, indent string) string {
	head := indent + yamlText(key) + ":"
	switch {
	case v.Kind() == plan.KindTable && len(v.Members()) > 0:
		out := head + "\n"
		for _, m := range v.Members() {
			out += yamlMember(m.Key, m.Value, indent+"  ")
		}
		return out
	case v.Kind() == plan.KindList && len(v.Items()) > 0:
		out := head + "\n"
		for _, item := range v.Items() {
			out += indent + "  - " + yamlInline(item) + "\n"
		}
		return out
	}
	return head + " " + yamlInline(v) + "\n"
}

// yamlInline is a value in flow style.
func yamlInline(v plan.Value) string {
	switch v.Kind() {
	case plan.KindString:
		return yamlText(v.Text())
	case plan.KindList:
		entries := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			entries[i] = yamlInline(item)
		}
		return "[" + strings.Join(entries, ", ") + "]"
	case plan.KindTable:
		entries := make([]string, len(v.Members()))
		for i, m := range v.Members() {
			entries[i] = yamlText(m.Key) + ": " + yamlInline(m.Value)
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case plan.KindBool:
		return strconv.FormatBool(v.True())
	case plan.KindInt:
		return strconv.FormatInt(v.Int64(), 10)
	}
	return yamlFloat(v)
}

// yamlFloat is a number with a point. A date, and what is no number, stay as TOML
// has them, which Load refuses: YAML has no form for them that all readers share.
func yamlFloat(v plan.Value) string {
	f := v.Float64()
	if v.Kind() != plan.KindFloat {
		return v.TOML()
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ".nan"
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// plainText matches text that means the same with and without quotes, also inside
// [ ] and { }.
var plainText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./+-]*(:[A-Za-z0-9_./+-]+)*$`)
})

// notText are the words that some reader of YAML takes for something else.
var notText = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}

// yamlText is a text, in quotes unless every reader of YAML takes it for text.
func yamlText(s string) string {
	if plainText().MatchString(s) && !slices.Contains(notText, strings.ToLower(s)) {
		return s
	}
	return plan.Quote(s)
}
