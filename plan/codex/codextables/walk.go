package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// spot is a table of config.toml: a path in which * is any name, [] an item of a
// list, and a name may be a variant of an enumeration.
type spot struct {
	path  []string
	shown []string            // as Codex names it: without items and variants
	fixed map[string][]string // lines that a table on the way has to have, by its path
}

func (s spot) String() string { return strings.Join(s.path, ".") }

// with is the spot of a key in a table, shown or not.
func (s spot) with(key string, shown bool) spot {
	t := spot{append(slices.Clone(s.path), escape(key)), slices.Clone(s.shown), s.fixed}
	if shown {
		t.shown = append(t.shown, named(key))
	}
	return t
}

// fix is the spot with a line that its table has to have.
func (s spot) fix(line string) spot {
	fixed := maps.Clone(s.fixed)
	if fixed == nil {
		fixed = map[string][]string{}
	}
	fixed[s.String()] = append(slices.Clone(fixed[s.String()]), line)
	return spot{s.path, s.shown, fixed}
}

// given reports a key that the table has a line for.
func (s spot) given(key string) bool {
	return slices.ContainsFunc(s.fixed[s.String()], func(line string) bool { return strings.HasPrefix(line, key+" ") })
}

func escape(key string) string { return strings.ReplaceAll(key, ".", `\.`) }

// named is a real name for a segment of a path.
func named(segment string) string {
	if segment == "*" {
		return "zz"
	}
	return strings.ReplaceAll(segment, `\.`, ".")
}

// odd is a byte that a name without quotes has none of.
func odd(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

func quoted(segment string) string {
	if name := named(segment); name == "" || strings.ContainsFunc(name, odd) {
		return `"` + name + `"`
	}
	return named(segment)
}

// config is a file with a body in the table.
func (s spot) config(body string) string {
	var b strings.Builder
	name := ""
	for i, segment := range s.path {
		if segment == "[]" {
			fmt.Fprintf(&b, "[[%s]]\n", name)
		} else {
			if name != "" {
				name += "."
			}
			name += quoted(segment)
		}
		lines := s.fixed[strings.Join(s.path[:i+1], ".")]
		if i == len(s.path)-1 && segment != "[]" || len(lines) > 0 && segment != "[]" {
			fmt.Fprintf(&b, "[%s]\n", name)
		}
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
	}
	return b.String() + body
}

// found is what one version says of a key.
type found struct {
	Kinds   []string
	Values  []string // of an enumeration, those that load
	Count   int      // of the keys of a table, as the program counts them; 0 unknown
	Struct  string
	Refused bool     // Codex does not start with it
	Open    bool     // strict Codex minds no name
	Deny    bool     // a name that is not known is refused
	Needs   []string // keys that a table has to have
	Sign    string   // how a wrong value is refused
	Says    string   // how a text is refused, where only a few are taken
}

type walker struct {
	p     *program
	lists [][]string // of all programs
	own   [][]string // of this one
	coded [][]string // names in its code
	words []string
	out   map[string]*found
	newer map[string]*found // what the version after this one says
	older map[string]*found // and the one before it, where that was asked already
	kept  map[string]*found // what this one said the last time, where that counts still

	structs  map[string]string // where a structure was seen first
	unions   map[string]*found // what one of several kinds takes, by its name
	items    map[string]*found // and the items of it
	inside   []string          // those that the walk is in: what is below is refused in their name
	switches []string          // the features
	notes    []string
	err      error
}

func (w *walker) load(config string) string {
	if w.err != nil {
		return ""
	}
	text, err := w.p.load(config)
	w.err = err
	return text
}

func (w *walker) note(format string, args ...any) {
	w.notes = append(w.notes, w.p.version+": "+fmt.Sprintf(format, args...))
}

const (
	wrong    = "[[0]]"
	nonsense = "zz_none"
)

// table finds the keys of a table.
func (w *walker) table(s spot, self *found) {
	if w.err != nil || len(s.path) > 9 {
		return
	}
	base := w.load(s.config(""))
	if len(s.path) > 0 {
		w.needs(s, self)
	}
	self.Open = w.open(s)
	value, names := wrong, slices.DeleteFunc(slices.Clone(w.words), s.given)
	switch text := w.load(s.config(nonsense + " = " + wrong + "\n")); {
	case strings.Contains(text, "unknown field `"+nonsense+"`"):
		self.Deny = true
		names = listed(text)
	case text != base && s.String() == "features":
		w.features(s, base) // they are listed by the program itself
		return
	case text != base:
		w.wildcard(s, self, base)
		value = w.accepted(s, nonsense, base)
		if value == "" {
			return
		}
	}
	known := w.known(s, self, base, value, names)
	known = w.second(s, self, base, value, w.complete(s, self, known))
	for _, key := range known {
		w.key(s, key, base)
	}
}

// secondKeys are older names of keys, which no program counts.
var secondKeys = map[string]string{
	"ignore_untracked_files_over_bytes":     "ignore_large_untracked_files",
	"large_untracked_dir_warning_threshold": "ignore_large_untracked_dirs",
	"no_memories_if_mcp_or_web_search":      "disable_on_external_context",
}

// second adds older names to those that the table knows.
func (w *walker) second(s spot, self *found, base, value string, known []string) []string {
	for _, older := range slices.Sorted(maps.Keys(secondKeys)) {
		if self.Deny || slices.Contains(known, older) || !slices.Contains(known, secondKeys[older]) {
			continue
		}
		if w.load(s.config(older+" = "+value+"\n")) != base {
			known = append(known, older)
		}
	}
	return known
}

// open reports a table in which strict Codex minds no name, for versions that have
// a strict check.
func (w *walker) open(s spot) bool {
	if w.err != nil || len(s.path) == 0 {
		return false
	}
	strict := func(config string) string {
		text, err := w.p.loadStrictly(config)
		w.err = err
		return text
	}
	if !strings.Contains(strict(nonsense+" = 1\n"), nonsense) {
		return false
	}
	return !strings.Contains(strict(s.config(nonsense+" = 1\n")), nonsense) && w.load(s.config("")) == ""
}

// wildcard looks at a table that takes any name.
func (w *walker) wildcard(s spot, self *found, base string) {
	if !slices.Contains(self.Kinds, "table") {
		self.Kinds = []string{"table"}
	}
	w.key(s, "*", base)
}

// accepted is a value that any name may have, "" when none of those tried.
func (w *walker) accepted(s spot, key, base string) string {
	for _, v := range []string{"{}", "true", `"zz"`, "[]"} {
		if w.load(s.config(key+" = "+v+"\n")) == base {
			return v
		}
	}
	return ""
}

var (
	missing = regexp.MustCompile("missing field `([^`]+)`")
	inPath  = regexp.MustCompile("in `([^`]+)`$")
	counted = regexp.MustCompile(`struct (?:variant )?(\S+) with (\d+) elements?`)
	ofTable = regexp.MustCompile(`expected struct (?:variant )?(\S+)`)
)

// known are the names that the table knows: those that a wrong value is refused of.
// Names that stand together in the program are tried first, then all others at once.
func (w *walker) known(s spot, self *found, base, value string, names []string) []string {
	t := trial{w: w, spot: s, base: base, value: value, rest: slices.DeleteFunc(slices.Clone(names), s.given), seen: map[int]bool{}}
	if self.Deny { // all that it knows are listed, whatever is known of other versions
		t.each(slices.Clone(t.rest))
		return t.known
	}
	if t.between(self.Count) || t.again(self) {
		slices.Sort(t.known)
		return t.known
	}
	t.each(w.hints(s))
	t.inCode(self)
	for w.err == nil && (self.Count == 0 || len(t.known) < self.Count) {
		name := t.one(t.rest)
		if name == "" {
			break
		}
		t.take(name)
		t.narrow(neighbours(w.lists, name))
		t.inCode(self)
	}
	slices.Sort(t.known)
	return t.known
}

// trial is the search for the names of one table.
type trial struct {
	w           *walker
	spot        spot
	base, value string
	known, rest []string
	seen        map[int]bool // runs of code
}

// inCode tries the names that stand near known ones in the code, for tables of which
// nobody knows how many there are.
func (t *trial) inCode(self *found) {
	if self.Count > 0 || self.Deny || len(t.spot.path) == 0 {
		return
	}
	for i := 0; i < len(t.known) && t.w.err == nil; i++ {
		names := nearby(t.w.coded, t.known[i], t.seen)
		names = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(t.known, n) || t.spot.given(n) })
		t.every(names)
	}
}

// take moves a name to those that are known.
func (t *trial) take(name string) {
	t.known = append(t.known, name)
	t.rest = slices.DeleteFunc(t.rest, func(n string) bool { return n == name })
}

// each tries names that are likely to be known, one by one, with the question that is
// asked of each known key anyway.
func (t *trial) each(names []string) {
	for _, name := range names {
		if !t.asks(name) {
			continue
		}
		text := t.w.load(t.spot.config(quoted(name) + " = " + t.value + "\n"))
		if text != t.base && !strings.Contains(text, "unknown field `"+name+"`") && t.w.err == nil {
			t.take(name)
		}
	}
}

// between takes what the versions on both sides know, and asks of what only one does.
// It is false where
// nobody has asked the version before, and where the number is another one.
func (t *trial) between(count int) bool {
	if t.w.older == nil {
		return false
	}
	newer, older := namesIn(t.w.newer, t.spot), namesIn(t.w.older, t.spot)
	for _, name := range newer {
		if slices.Contains(older, name) && t.asks(name) {
			t.take(name)
		}
	}
	t.each(newer)
	t.each(older)
	return count == 0 || len(t.known) == count
}

// again takes what the version said the last time, and asks of names that came to be
// known since. It is false where it said nothing.
func (t *trial) again(self *found) bool {
	known := namesIn(t.w.kept, t.spot)
	if len(known) == 0 {
		return false
	}
	for _, name := range known {
		if t.asks(name) {
			t.take(name)
		}
	}
	t.each(t.w.hints(t.spot))
	t.inCode(self)
	return self.Count == 0 || len(t.known) == self.Count
}

// asks reports a name that is still to be asked for; one out of the code is in no list.
func (t *trial) asks(name string) bool {
	return !slices.Contains(t.known, name) && !t.spot.given(name)
}

// narrow finds the known ones among a few names.
func (t *trial) narrow(names []string) {
	few := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(t.rest, n) })
	for t.w.err == nil {
		name := t.one(few)
		if name == "" {
			return
		}
		t.take(name)
		few = slices.DeleteFunc(few, func(n string) bool { return n == name })
	}
}

// every takes all known ones among many names, half by half.
func (t *trial) every(names []string) {
	if len(names) == 0 || t.w.err != nil || t.w.load(t.spot.config(lines(names, t.value))) == t.base {
		return
	}
	if len(names) == 1 {
		t.take(names[0])
		return
	}
	t.every(names[:len(names)/2])
	t.every(names[len(names)/2:])
}

// one is a name that the table knows, "" when it knows none of those.
func (t *trial) one(names []string) string {
	if len(names) == 0 {
		return ""
	}
	text := t.w.load(t.spot.config(lines(names, t.value)))
	if text == t.base || t.w.err != nil {
		return ""
	}
	if name := t.spot.blamed(text, names); name != "" {
		return name
	}
	for len(names) > 1 { // it does not say which: halve them
		half := names[:len(names)/2]
		if t.w.load(t.spot.config(lines(half, t.value))) == t.base {
			half = names[len(names)/2:]
		}
		names = half
	}
	return names[0]
}

// hints are the names that the version after this one knows in a table.
func (w *walker) hints(s spot) []string { return namesIn(w.newer, s) }

// namesIn are the names that a version knows in a table.
func namesIn(keys map[string]*found, s spot) []string {
	var names []string
	prefix := s.String() + "."
	if len(s.path) == 0 {
		prefix = ""
	}
	for path := range keys {
		rest, ok := strings.CutPrefix(path, prefix)
		if name := strings.ReplaceAll(rest, `\.`, "\x00"); ok && rest != "*" && rest != "[]" && !strings.Contains(name, ".") {
			names = append(names, strings.ReplaceAll(name, "\x00", "."))
		}
	}
	slices.Sort(names)
	return names
}

// features are switches; some may be a table instead.
func (w *walker) features(s spot, base string) {
	for _, name := range w.switches {
		if text := w.load(s.config(quoted(name) + " = {}\n")); text == base || missing.MatchString(text) {
			at := s.with(name, true)
			f := &found{Kinds: []string{"bool", "table"}}
			w.out[at.String()] = f
			// Which names a table has is not said; this one all of them have.
			if w.load(at.config("enabled = false\n")) == base && w.load(at.config("enabled = 5\n")) != base {
				w.out[at.with("enabled", true).String()] = &found{Kinds: []string{"bool"}}
				w.feature(at, f, base)
			}
		}
	}
}

// blamed is the name that a refusal is about, "" when it does not say.
func (s spot) blamed(text string, names []string) string {
	m := inPath.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	rest := m[1]
	if len(s.shown) > 0 {
		var ok bool
		if rest, ok = strings.CutPrefix(rest, strings.Join(s.shown, ".")+"."); !ok {
			return ""
		}
	}
	best := ""
	for _, n := range names {
		if (rest == n || strings.HasPrefix(rest, n+".") || strings.HasPrefix(rest, n+"[")) && len(n) > len(best) {
			best = n
		}
	}
	return best
}

func lines(names []string, value string) string {
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "%s = %s\n", quoted(n), value)
	}
	return b.String()
}

// complete counts: what is missing takes any value, and its name is the one that
// stands with the others in the program.
func (w *walker) complete(s spot, self *found, known []string) []string {
	if self.Count == 0 || len(known) >= self.Count {
		return known
	}
	all := window(w.lists, self.Count, known)
	if all == nil {
		w.note("%s: %d of %d keys found", s, len(known), self.Count)
		return known
	}
	for _, name := range all {
		if !slices.Contains(known, name) {
			w.out[s.with(name, true).String()] = &found{Kinds: []string{"any"}}
		}
	}
	return known
}

// listed are the names that a refusal lists.
func listed(text string) []string {
	_, list, ok := strings.Cut(text, "expected ")
	if !ok {
		return nil
	}
	if i := strings.LastIndex(list, " in `"); i > 0 {
		list = list[:i]
	}
	var names []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(list, -1) {
		names = append(names, m[1])
	}
	return names
}
