package plan

// Move is one address of which an apply changed what we hold, or enforced it again.
// History keeps them: a rollback goes back by them.
type Move struct {
	File string  `json:"file"`
	Path Address `json:"path"`
	Was  *Hold   `json:"was,omitempty"`  // how we held it before, nil when we did not
	Held bool    `json:"held,omitempty"` // whether we do since, and it stands as we hold it
	// Adopted is whether the user would have it so without us.
	Adopted bool  `json:"adopted,omitempty"`
	Saw     Value `json:"saw"`  // what the file said there before, absent as null
	Left    Value `json:"left"` // and after; where we do not hold it, what it says without what we hold below
}

// Hold is an Entry as far as history keeps it.
type Hold struct {
	Last      Value `json:"last"`
	Prior     Value `json:"prior"`
	PriorLost bool  `json:"prior_lost,omitempty"`
	Default   bool  `json:"default,omitempty"`
	// MovedTo is as in Entry.
	MovedTo Address `json:"moved_to,omitempty"`
}

// moves compares what we hold before and after.
func (h *holding) moves() []Move {
	var out []Move
	next, seen := make(map[string]int, len(h.entries)), make([]bool, len(h.entries))
	for i, n := range h.entries {
		next[n.Address.Key()] = i
	}
	for _, e := range append(h.held[:len(h.held):len(h.held)], h.released...) {
		i, stays := In(next, e.Address)
		n := Entry{}
		if stays {
			n, seen[i] = h.entries[i], true
		}
		if stays && e.holdsLike(n) && h.found.At(e.Address).Equal(h.now.look(e.Address)) {
			continue
		}
		m := h.move(e.Address, n, stays)
		m.Was = &Hold{e.Last, e.Prior, e.PriorLost, e.Default, e.MovedTo}
		if h.found.At(e.Address).Equal(e.Last) {
			m.Saw = e.Last
		}
		out = append(out, m)
	}
	for _, n := range h.entries[h.unmoved:] {
		if i, _ := In(next, n.Address); !seen[i] {
			out = append(out, h.move(n.Address, n, true))
		}
	}
	return out
}

func (h *holding) move(a Address, n Entry, held bool) Move {
	m := Move{File: h.file, Path: a, Held: held, Saw: Redact(a, h.found.At(a)), Left: Redact(a, h.base.At(a))}
	if held {
		m.Left, m.Adopted = Redact(a, h.now.At(a)), n.Adopted
	}
	if held && h.now.look(a).Equal(n.Last) {
		m.Left = n.Last // a policy's own value is no secret
	}
	m.Held = held && n.stands(h.now.value) // else a rollback brought back what somebody had written over it
	return m
}

// holdsLike reports whether two entries hold a key alike. What was before us differs
// only where the file does too.
func (e Entry) holdsLike(n Entry) bool { return e.Last.Equal(n.Last) && e.Default == n.Default }
