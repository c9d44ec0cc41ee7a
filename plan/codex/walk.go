package codex

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// sighting is what stands at a place of config.toml, and what the tables say of it.
type sighting struct {
	address plan.Address
	value   plan.Value
	key     *Key // nil: the tables say nothing
	known   bool
	above   *Key // of the table that it stands in
	table   plan.Value
	next    int // the first of those seen that is not below it
}

// walk visits every key of config.toml, those of inline tables and of tables in lists
// too, and goes below the ones for which visit says so. The keys are looked up once
// for all rules, and not below those of which the tables say nothing.
func (f *finder) walk(visit func(sighting) bool) {
	if f.seen == nil {
		f.seen = make([]sighting, 0, keysIn(f.Root))
		f.below(sighting{value: f.Root, key: &Key{Kinds: []string{"struct"}, Closed: true}, known: true}, "")
	}
	for i := 0; i < len(f.seen); {
		s := &f.seen[i]
		if i++; !visit(*s) {
			i = s.next
		}
	}
}

func (f *finder) below(s sighting, path string) {
	names := f.level(path)
	for _, m := range s.value.Members() {
		f.see(s, names, m.Key, m.Value)
	}
	for _, v := range s.value.Items() {
		f.see(s, names, item, v)
	}
}

func (f *finder) see(s sighting, names *level, segment string, v plan.Value) {
	t := sighting{address: f.child(s.address, segment), value: v, above: s.key, table: s.value}
	var name string
	if segment == item {
		if first := s.key.first(); first != "" {
			segment = first
		}
	}
	if t.key, name = names.below(segment); t.key == nil && segment == item {
		return
	}
	t.known = t.key != nil && t.key.in(f.Version) || t.key == nil && !s.key.Closed
	i := len(f.seen)
	if f.seen = append(f.seen, t); t.known && t.key != nil {
		f.below(t, name)
	}
	f.seen[i].next = len(f.seen)
}

// level is what was looked up in the tables at one path: many tables of a file have the
// same keys.
type level struct {
	path    string
	version Version
	known   map[string]found
	any     found // where no name is one of its own
}

func (f *finder) level(path string) *level {
	l := f.levels[path]
	if l == nil {
		if f.levels == nil {
			f.levels = map[string]*level{}
		}
		l = &level{path, f.Version, map[string]found{}, found{}}
		f.levels[path] = l
	}
	return l
}

// below is keyBelow. Of names that a table takes whatever they are a file may have any
// number, so they are not kept.
func (l *level) below(segment string) (*Key, string) {
	if was, ok := l.known[segment]; ok {
		return was.Key, was.name
	}
	if l.any.Key != nil {
		return l.any.Key, l.any.name
	}
	key, name := keyBelow(l.path, segment, l.version)
	switch {
	case key == nil:
	case !strings.HasSuffix(name, "*"):
		l.known[segment] = found{key, name}
	case segment != "*" && nameless(l.path):
		l.any = found{key, name}
	}
	return key, name
}

// child is an address below another. Many share the room that they stand in.
func (f *finder) child(above plan.Address, segment string) plan.Address {
	n := len(above) + 1
	if cap(f.room)-len(f.room) < n {
		f.room = make([]string, 0, n+512)
	}
	start := len(f.room)
	f.room = append(append(f.room, above...), segment)
	return f.room[start : start+n : start+n]
}

// keysIn is how many keys a value has, at most.
func keysIn(v plan.Value) int {
	n := len(v.Members()) + len(v.Items())
	for _, m := range v.Members() {
		n += keysIn(m.Value)
	}
	for _, item := range v.Items() {
		n += keysIn(item)
	}
	return n
}

// show is an address for people: the item of a list is no segment of its own.
func show(a plan.Address) string {
	if !slices.Contains(a, item) {
		return a.String()
	}
	var segments []string
	for _, segment := range a {
		if segment == item && len(segments) > 0 {
			segments[len(segments)-1] += item
			continue
		}
		segments = append(segments, plan.Address{segment}.String())
	}
	return strings.Join(segments, ".")
}

// outside is the address of the list that an address lies in, or the address itself.
func outside(a plan.Address) plan.Address {
	if i := slices.Index(a, item); i >= 0 {
		return a[:i]
	}
	return a
}
