package codex

import (
	_ "embed" // the tables
	"strings"

	"github.com/codexform/codexform/plan"
)

// Key is what Codex knows of one key of config.toml.
type Key struct {
	// Kinds are the kinds of value that it takes: "string", "bool", "int", "float",
	// "list", "table", "enum", "any".
	Kinds []string
	// Values are those of an enumeration.
	Values []string
	// Closed reports a table whose keys are all known.
	Closed bool
	// Refused reports a key with which Codex does not start.
	Refused bool
	// Since and Gone are the first measured versions that knew the key, and that did
	// not know it any more; zero where every measured version is alike.
	Since, Gone Version
	// Stage is that of a feature: "stable", "removed", …; "" for any other key.
	Stage string
}

// The tables are texts that are searched, not parsed: a plan looks at a few dozen
// keys, and most runs are over in milliseconds.
var (
	//go:embed keys.txt
	keysText string
	//go:embed features.txt
	featuresText string
)

// LookupKey is what a version of Codex knows of an address. It is false when that
// Codex ignores what stands there; it is true, and the Key may be nil, where the
// table lists nothing and Codex may well know the key.
func LookupKey(a plan.Address, v Version) (*Key, bool) {
	s := rootStep()
	for _, part := range a {
		if s = s.below(part, v); !s.leads() {
			break
		}
	}
	return s.key, s.known
}

// keyStep is what is known of one key on the way down an address: all that is needed
// to know the keys below it.
type keyStep struct {
	key   *Key
	known bool
	path  string // in the tables
}

// rootStep is the step at the top of config.toml.
func rootStep() keyStep {
	return keyStep{key: &Key{Kinds: []string{"table"}, Closed: true}, known: true}
}

// leads reports whether the tables say anything about what is below.
func (s keyStep) leads() bool { return s.known && s.key != nil }

func (s keyStep) below(part string, v Version) keyStep {
	key, path := keyBelow(s.path, part)
	if key == nil {
		return keyStep{known: !s.key.Closed}
	}
	return keyStep{key, key.in(v), path}
}

// keyBelow is the key called part in the table at a path, and its own path; nil
// when the tables have none.
func keyBelow(path, part string) (*Key, string) {
	if path == "features" {
		if words := lineOf(featuresText, part); words != nil {
			return &Key{Kinds: []string{"bool", "table"}, Stage: words[0]}, path + "." + part
		}
		return nil, ""
	}
	for _, name := range []string{part, "*"} {
		if strings.Contains(name, ".") {
			continue // one quoted part, not two
		}
		if path != "" {
			name = path + "." + name
		}
		if words := lineOf(keysText, name); words != nil {
			return parseKey(words), name
		}
	}
	return nil, ""
}

// lineOf is what a table says of a name, nil when it is silent. The lines are
// sorted, and comments come before all names.
func lineOf(text, name string) []string {
	if name <= "#" {
		return nil
	}
	low, high := 0, len(text)
	for low < high {
		start := strings.LastIndexByte(text[:(low+high)/2], '\n') + 1
		line, _, _ := strings.Cut(text[start:], "\n")
		word, rest, _ := strings.Cut(line, " ")
		switch order := strings.Compare(word, name); {
		case order == 0:
			return strings.Fields(rest)
		case order < 0:
			low = start + len(line) + 1
		default:
			high = start
		}
	}
	return nil
}

func parseKey(words []string) *Key {
	k := &Key{Kinds: strings.Split(words[0], "|")}
	if words[0] == "struct" {
		k.Kinds, k.Closed = []string{"table"}, true
	}
	for _, w := range words[1:] {
		switch {
		case w == "!":
			k.Refused = true
		case w[0] == '+':
			k.Since = mustVersion(w[1:])
		case w[0] == '-':
			k.Gone = mustVersion(w[1:])
		default:
			k.Values = append(k.Values, w)
		}
	}
	return k
}

// in reports whether Codex of that version knows the key. Between two measured
// versions it may, so it counts as known there.
func (k *Key) in(v Version) bool {
	v = v.measuredBy()
	if !k.Gone.IsZero() && v.Compare(k.Gone) >= 0 {
		return false
	}
	return k.Since.IsZero() || v.Compare(k.Since.before()) > 0
}

// nearKeys are the keys beside an address that a person may have meant, the
// nearest first, at most two.
func nearKeys(a plan.Address, v Version) []string {
	path := ""
	for _, part := range a[:len(a)-1] {
		if _, path = keyBelow(path, part); path == "" {
			return nil
		}
	}
	return plan.Near(a[len(a)-1], namesBelow(path, v), 2)
}

// namesBelow are the names in the table at a path.
func namesBelow(path string, v Version) []string {
	text, prefix := keysText, ""
	switch {
	case path == "features":
		text = featuresText
	case path != "":
		prefix = path + "."
	}
	var names []string
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, " ")
		name, below := strings.CutPrefix(name, prefix)
		if !below || strings.ContainsAny(name, ".*#") {
			continue
		}
		if k, _ := keyBelow(path, name); k != nil && !k.Refused && k.in(v) {
			names = append(names, name)
		}
	}
	return names
}
