package plan

import "sync/atomic"

// many is what a list or table holds. It is shared by all copies of a value.
type many struct {
	items   []Value
	members []Member
	places  atomic.Pointer[map[string]int] // of members, once somebody asked
}

const wide = 16 // more members than this are found by a map

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
