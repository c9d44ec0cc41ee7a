package plan

import (
	"slices"
	"sync/atomic"
)

// many is what a list or table holds. It is shared by all copies of a value.
type many struct {
	items   []Value
	members []Member
	asked   atomic.Int32
	places  atomic.Pointer[map[string]int] // of members, once somebody asked often
}

// More members than wide are found by a map, once often were looked for: a table of
// which another is made at once is not worth one.
const (
	wide  = 16
	often = 16
)

// find is the place of a member.
func (m *many) find(key string) (int, bool) {
	if len(m.members) > wide && (m.places.Load() != nil || m.asked.Add(1) > often) {
		i, ok := m.index()[key]
		return i, ok
	}
	for i := range m.members {
		if m.members[i].Key == key {
			return i, true
		}
	}
	return 0, false
}

// add and drop change a table that nobody else has.
func (m *many) add(member Member) {
	m.members = append(m.members, member)
	if places := m.places.Load(); places != nil {
		(*places)[member.Key] = len(m.members) - 1
	}
}

func (m *many) drop(i int) {
	m.members = slices.Delete(m.members, i, i+1)
	m.places.Store(nil)
	m.asked.Store(0)
}

// index says where each member is; of several with one key it knows the first.
func (m *many) index() map[string]int {
	if known := m.places.Load(); known != nil {
		return *known
	}
	places := make(map[string]int, len(m.members))
	for i, member := range m.members {
		if _, twice := places[member.Key]; !twice {
			places[member.Key] = i
		}
	}
	m.places.Store(&places)
	return places
}
