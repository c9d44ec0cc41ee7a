package codex

import (
	_ "embed" // the tables
	"slices"
	"strings"
	"sync"

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

	children map[string]*Key
	late     func() map[string]*Key // instead of children: read when they are asked for
}

var (
	//go:embed keys.txt
	keysText string
	//go:embed features.txt
	featuresText string
)

// configKey is config.toml as a whole.
var configKey = sync.OnceValue(func() *Key {
	root := &Key{Kinds: []string{"table"}, Closed: true}
	for words := range tableLines(keysText) {
		root.insert(strings.Split(words[0], "."), parseKey(words[1:]))
	}
	features := root.children["features"]
	features.late = sync.OnceValue(features.readFeatures)
	return root
})

// readFeatures gives k, the table features, its keys. Most policies name none.
func (k *Key) readFeatures() map[string]*Key {
	for words := range tableLines(featuresText) {
		k.insert([]string{words[0]}, &Key{Kinds: []string{"bool", "table"}, Stage: words[1]})
	}
	return k.children
}

// tableLines are the words of every line that is no comment.
func tableLines(text string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			words := strings.Fields(line)
			if len(words) > 1 && words[0] != "#" && !yield(words) {
				return
			}
		}
	}
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

func (k *Key) insert(path []string, leaf *Key) {
	for _, part := range path[:len(path)-1] {
		k = k.children[part]
	}
	if k.children == nil {
		k.children = map[string]*Key{}
	}
	k.children[path[len(path)-1]] = leaf
}

// child is the key called name below k, nil when the table has none.
func (k *Key) child(name string) *Key {
	if c := k.below()[name]; c != nil {
		return c
	}
	return k.below()["*"]
}

// below are the keys of the table k.
func (k *Key) below() map[string]*Key {
	if k.late != nil {
		return k.late()
	}
	return k.children
}

// LookupKey is what a version of Codex knows of an address. It is false when that
// Codex ignores what stands there; it is true, and the Key may be nil, where the
// table lists nothing and Codex may well know the key.
func LookupKey(a plan.Address, v Version) (*Key, bool) {
	k := configKey()
	for _, part := range a {
		c := k.child(part)
		if c == nil {
			return nil, !k.Closed
		}
		if !c.in(v) {
			return c, false
		}
		k = c
	}
	return k, true
}

// in reports whether Codex of that version knows the key. Between two measured
// versions it may, so it counts as known there.
func (k *Key) in(v Version) bool {
	v = v.or(newest)
	if !k.Gone.IsZero() && v.Compare(k.Gone) >= 0 {
		return false
	}
	return k.Since.IsZero() || v.Compare(k.Since.before()) > 0
}

// nearKeys are the keys beside an address that a person may have meant, the
// nearest first, at most two.
func nearKeys(a plan.Address, v Version) []string {
	k := configKey()
	for _, part := range a[:len(a)-1] {
		if k = k.child(part); k == nil {
			return nil
		}
	}
	var names []string
	for name, c := range k.below() {
		if name != "*" && !c.Refused && c.in(v) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return nearest(a[len(a)-1], names)
}
