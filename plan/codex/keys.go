package codex

import (
	_ "embed" // the tables
	"slices"
	"strings"
	"sync"

	"github.com/codexform/codexform/plan"
)

// Key is what a version of Codex knows of one key of config.toml.
type Key struct {
	// Kinds are the kinds of value that it takes: "string", "bool", "int", "uint",
	// "nat", "u8", "u16", "u32", "float", "list", "empty", "table", "struct", "enum",
	// "shortcut", "any"; "empty:K" is a list of nothing, or of one table, which is read as
	// the key K of the table that should stand there.
	Kinds []string
	// Values are those of an enumeration.
	Values []string
	// Needs are the keys that the table has to have.
	Needs []string
	// Closed reports a table whose keys are all known, and Deny one in which Codex
	// refuses any other.
	Closed, Deny bool
	// Refused reports a key with which Codex does not start.
	Refused bool
	// Since and Gone are the first measured versions that knew the key, and that did
	// not know it any more; zero where every measured version is alike.
	Since, Gone Version
	// Stage is that of a feature: "stable", "removed", …; "" for any other key.
	Stage string

	reads Version // which it was looked up for
}

// The tables are texts that are searched, not parsed: a plan looks at a few dozen
// keys, and most runs are over in milliseconds.
var (
	//go:embed keys.txt
	keysText string
	//go:embed features.txt
	featuresText string
	//go:embed models.txt
	modelsText string

	keysTable, featuresTable, modelsTable = newTable(keysText), newTable(featuresText), newTable(modelsText)
)

// item stands in an address for an item of a list, whichever it is.
const item = "[]"

// first is the key that the table in a list of one is read as, "" when none is.
func (k *Key) first() string {
	for _, kind := range k.Kinds {
		if name, ok := strings.CutPrefix(kind, "empty:"); ok {
			return name
		}
	}
	return ""
}

// LookupKey is what a version of Codex knows of an address, in which "[]" is an item
// of a list. It is false when that Codex ignores what stands there; it is true, and
// the Key may be nil, where the table lists nothing and Codex may well know the key.
func LookupKey(a plan.Address, v Version) (*Key, bool) {
	k, path := &Key{Kinds: []string{"struct"}, Closed: true}, ""
	for _, segment := range a {
		below, name := keyBelow(path, segment, v)
		if below == nil {
			return nil, !k.Closed
		}
		if !below.in(v) {
			return below, false
		}
		k, path = below, name
	}
	return k, true
}

// keyBelow is the key called segment in the table at a path, and its own path; nil
// when the tables have none. A name that the version does not know may be one of those
// that the table takes all of.
func keyBelow(path, segment string, v Version) (*Key, string) {
	var room [128]byte
	above := room[:0]
	if path != "" {
		above = append(append(above, path...), '.')
	}
	var gone *Key
	var goneName string
	for _, name := range [2]string{segment, "*"} {
		k := keyOf(path, segment, appendName(above, name), v)
		if k == nil {
			continue
		}
		if k.in(v) {
			return k.Key, k.name
		}
		if gone == nil && path != "features" { // where it was a mere switch then
			gone, goneName = k.Key, k.name
		}
	}
	if gone != nil {
		return gone, goneName
	}
	if path == "features" {
		if line, ok := featuresTable.line([]byte(segment)); ok {
			return parseFeature(line.words(), v), path + "." + segment
		}
	}
	return nil, ""
}

// appendName adds a key as the tables write it.
func appendName(name []byte, segment string) []byte {
	for i := range len(segment) {
		if segment[i] == '.' {
			name = append(name, '\\')
		}
		name = append(name, segment[i])
	}
	return name
}

// looked has the lines that were read: many tables have the same keys, and several
// rules ask. It grows with the tables, not with the files.
var looked = struct {
	sync.Mutex
	keys map[lookUp]*found
	each map[string]bool // the paths below which a name was sought in vain: no line has one
}{keys: map[lookUp]*found{}, each: map[string]bool{}}

type lookUp struct {
	name    string
	version Version
}

// found is a key, and its name in the table.
type found struct {
	*Key
	name string
}

// keyOf is the line of a name, nil when there is none. segment is what was asked for.
func keyOf(path, segment string, name []byte, v Version) *found {
	looked.Lock()
	defer looked.Unlock()
	if was := looked.keys[lookUp{string(name), v}]; was != nil {
		return was
	}
	own := len(name) > 0 && name[len(name)-1] != '*'
	if own && looked.each[path] {
		return nil
	}
	line, ok := keysTable.line(name)
	if !ok {
		if _, known := looked.each[path]; own && path != "" && !known {
			looked.each[path] = !keysTable.below([]byte(path+"."), '*'+1) // names of its own come after *
		}
		return nil
	}
	k := &found{parseKey(line.words(), v), line.name}
	if path == "features" {
		feature, _ := featuresTable.line([]byte(segment))
		k.Stage = parseFeature(feature.words(), v).Stage
	}
	looked.keys[lookUp{line.name, v}] = k
	return k
}

// nameless reports a table of which it was seen that no name in it is one of its own.
func nameless(path string) bool {
	looked.Lock()
	defer looked.Unlock()
	return looked.each[path]
}

// parseKey reads a line of keys.txt for one version.
func parseKey(words []string, v Version) *Key {
	k := &Key{reads: v.measuredBy()}
	for kind := range strings.SplitSeq(words[0], "|") {
		if word, ok := holds(kind, v); ok {
			k.Kinds = append(k.Kinds, word)
		}
	}
	k.Closed = slices.Contains(k.Kinds, "struct")
	for _, w := range words[1:] {
		word, ok := holds(w, v)
		need, isNeed := strings.CutPrefix(word, "needs:")
		switch {
		case word == "":
			k.Since, k.Gone = span(w)
		case !ok:
		case isNeed:
			k.Needs = append(k.Needs, need)
		case word == "+deny":
			k.Deny = true
		case word == "+refused":
			k.Refused = true
		default:
			k.Values = append(k.Values, word)
		}
	}
	return k
}

// parseFeature reads a line of features.txt for one version.
func parseFeature(words []string, v Version) *Key {
	k := &Key{Kinds: []string{"bool"}}
	for _, w := range words {
		switch word, ok := holds(w, v); {
		case word == "":
			k.Since, k.Gone = span(w)
		case ok:
			k.Stage = word
		}
	}
	return k
}

// holds is a word of a table without its versions, and whether it holds for one.
func holds(word string, v Version) (string, bool) {
	i := strings.IndexByte(word, '@')
	if i < 0 {
		return word, true
	}
	since, gone := span(word[i:])
	return word[:i], within(since, gone, v)
}

// span reads @SINCE..GONE.
func span(text string) (since, gone Version) {
	from, to, _ := strings.Cut(strings.TrimPrefix(text, "@"), "..")
	return mustVersion(from), mustVersion(to)
}

// within reports whether what came with one version and went with another holds for
// v. Between two measured versions nobody knows, so it counts as holding there.
func within(since, gone, v Version) bool {
	if since.IsZero() && gone.IsZero() { // as most things have always been
		return true
	}
	v = v.measuredBy()
	if !gone.IsZero() && v.Compare(gone) >= 0 {
		return false
	}
	return since.IsZero() || v.Compare(since.before()) > 0
}

// in reports whether Codex of that version knows the key.
func (k *Key) in(v Version) bool { return within(k.Since, k.Gone, v) }

// nearKeys are the keys beside an address that a person may have meant, the
// nearest first, at most two, and none that is dead.
func nearKeys(a plan.Address, v Version) []string {
	path, known := pathOf(a[:len(a)-1], v)
	if !known {
		return nil
	}
	return alive(path, nearNames(path, a[len(a)-1]), v)
}

// pathOf is what the tables call an address, and whether they know it.
func pathOf(a plan.Address, v Version) (path string, known bool) {
	for _, segment := range a {
		if _, path = keyBelow(path, segment, v); path == "" {
			return "", false
		}
	}
	return path, true
}

const manyNames = 16

// nearNames are the names in the table at a path that are near to another one, of all
// versions.
func nearNames(path, wanted string) []string {
	prefix := ""
	if path != "" {
		prefix = path + "."
	}
	names := namesIn(keysText, prefix)
	if path == "features" {
		names = append(names, namesIn(featuresText, "")...)
	}
	return plan.Near(wanted, names, manyNames)
}

// alive are the first two of some names in the table at a path that do something.
func alive(path string, names []string, v Version) []string {
	var out []string
	for _, name := range names {
		k, _ := keyBelow(path, name, v)
		if k != nil && !k.Refused && k.Stage != "removed" && k.Stage != "alias" && k.in(v) && len(out) < 2 {
			out = append(out, name)
		}
	}
	return out
}

func namesIn(text, prefix string) []string {
	var names []string
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, " ")
		name, below := strings.CutPrefix(name, prefix)
		name = strings.ReplaceAll(name, `\.`, "\x00")
		if below && name != "" && !strings.ContainsAny(name, ".*#[\n") {
			names = append(names, strings.ReplaceAll(name, "\x00", "."))
		}
	}
	return names
}
