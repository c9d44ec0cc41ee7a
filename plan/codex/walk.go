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
	next    int  // the first of those seen that is not below it
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
		s := f.seen[i]
		if i++; !visit(s) {
			i = s.next
		}
	}
}

func (f *finder) below(s sighting, path string) {
	for _, m := range s.value.Members() {
		f.see(s, path, m.Key, m.Value)
	}
	for _, v := range s.value.Items() {
		f.see(s, path, item, v)
	}
}

func (f *finder) see(s sighting, path, segment string, v plan.Value) {
	t := sighting{address: f.child(s.address, segment), value: v, above: s.key}
	var name string
	if first := s.key.first(); segment == item && first != "" {
		segment = first
	}
	if t.key, name = keyBelow(path, segment, f.Version); t.key == nil && segment == item {
		return
	}
	t.known = t.key != nil && t.key.in(f.Version) || t.key == nil && !s.key.Closed
	i := len(f.seen)
	if f.seen = append(f.seen, t); t.known && t.key != nil {
		f.below(t, name)
	}
	f.seen[i].next = len(f.seen)
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
