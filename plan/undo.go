package plan

import "slices"

// Undo plans to take an applied plan back out of a home that somebody has edited
// since: before is what was observed when p was made, now is what is there. Only
// what still has the value that p gave it goes back. note has the editors' notes for
// p's edits, and now.Ledger what p made ours. What now.Exceptions names stays, or goes,
// and is said.
func Undo(p Plan, before, now Observed, note NoteOf) Plan {
	config, auth, pins := holdingOf(now, ConfigFile), holdingOf(now, AuthFile), holdingOf(now, PinsFile)
	config.newFile, auth.newFile, pins.newFile = !before.Config.Exists, !before.Auth.Exists, !before.Pins.Exists
	pins.undo(p.File(PinsFile), before.Pins.Root, note)
	config.undo(p.File(ConfigFile), before.Config.Root, note)
	auth.undo(p.File(AuthFile), modeTree(before.Auth), note)
	d := Desired{Secret: &Wanted{Value: before.Auth.Key}}
	var key []Change
	if c, said := p.File(AuthFile).key(); said && c.Edits() {
		key = []Change{undoKey(c, p.Desired.Secret, before, now)}
	}
	p = assemble(d, now, config, auth, pins, key)
	p.Undoes, p.Holds = true, slices.DeleteFunc(slices.Clone(before.Ledger.Entries), func(e Entry) bool { return e.Secret })
	return p
}

// undo puts what an applied change of a file made other than it was back.
func (h *holding) undo(f FileChange, was Value, note NoteOf) {
	after := f.Edited(was)
	steps := slices.Concat(f.GiveBack, f.Set)
	// A table before the keys below it, which may not have had room beside it.
	slices.SortStableFunc(steps, func(a, b Step) int { return len(a.Address) - len(b.Address) })
	for _, s := range steps {
		h.undoAt(s.Address, was.At(s.Address), after.At(s.Address), h.noteOf(f, s.Address, was, note), h.noteOfMaking(s.Address, note))
	}
	for _, s := range steps {
		h.unmake(s.Address, was)
	}
}

// noteOf is the editor's note that leads back to what was at an address, if there is one:
// what was given back first has none.
func (h *holding) noteOf(f FileChange, a Address, was Value, note NoteOf) Note {
	switch n := note(h.file, a); {
	case len(f.GiveBack) == 0:
		return n
	case !was.At(a).IsAbsent():
		return ""
	}
	return h.noteOfMaking(a, note)
}

// noteOfMaking is the editor's note of how an address got what we put there.
func (h *holding) noteOfMaking(a Address, note NoteOf) Note {
	if n := note(h.file, a); n != "" {
		return n
	}
	e, _ := h.entry(a) // a file made anew from the ground has its notes with the entries
	return e.Note
}

// unmake takes away the tables around a key that were not there before, where nothing is
// left in them.
func (h *holding) unmake(a Address, was Value) {
	for i := len(a) - 1; i > 0 && was.At(a[:i]).IsAbsent(); i-- {
		if v := h.now.look(a[:i]); v.Kind() != KindTable || len(v.Members()) > 0 {
			return
		}
		h.put(&h.set, Step{Address: a[:i]})
	}
}

// undoAt puts one address back. n leads back to what was there, made to before what we
// put there, after what had been given back first.
func (h *holding) undoAt(a Address, was, after Value, n, made Note) {
	now := h.now.At(a)
	x, excepted := h.exception(a)
	switch {
	case n != "" && was.IsAbsent() && now.IsAbsent():
		// Somebody took our key away, and perhaps left the table that we made for it.
		h.set = append(h.set, Step{Address: a, Note: n})
	case was.Equal(after) || now.Equal(was):
	case excepted && x.Gone:
		h.put(&h.set, Step{Address: a, Note: n})
		h.changes = append(h.changes, Change{Address: a, Action: action(now, Value{}), Before: now, Reason: x.Reason})
	case excepted:
		h.changes = append(h.changes, released(Change{Address: a, Before: now}, x.Reason))
	case now.Equal(after), !was.IsAbsent() && now.Kind() == KindTable && leaves(nil, now, nil) == 0, was.Kind() != KindTable && !was.IsAbsent() && now.isWithin(after):
		// As we left it; or nothing but ours is left in a table that we made in a value's place.
		h.putBack(a, was, n, made)
		h.changes = append(h.changes, Change{Address: a, Action: action(now, was), Before: now, After: was})
	case now.Kind() == KindTable:
		for _, m := range merged(orTable(was), orTable(after)).Members() {
			h.undoAt(below(a, m.Key), was.Get(m.Key), after.Get(m.Key), "", "")
		}
	default:
		h.changes = append(h.changes, released(Change{Address: a, Before: now}, "changed by someone since"))
	}
}

// isWithin reports a table in which nothing stands but what stands in another.
func (v Value) isWithin(w Value) bool {
	if v.Kind() != KindTable {
		return v.Equal(w)
	}
	return !slices.ContainsFunc(v.Members(), func(m Member) bool { return !m.Value.isWithin(w.Get(m.Key)) })
}

// putBack writes what was at an address; a value in the place of a table, and a table in
// that of a value, once the other is out of its way.
func (h *holding) putBack(a Address, was Value, n, made Note) {
	now := h.now.At(a)
	if was.IsAbsent() || now.IsAbsent() || (was.Kind() == KindTable) == (now.Kind() == KindTable) {
		h.put(&h.set, Step{Address: a, Value: was, Note: n})
		return
	}
	h.put(&h.giveBack, Step{Address: a, Note: made})
	h.putLeaves(a, was)
}

func (h *holding) putLeaves(a Address, v Value) {
	if v.Kind() != KindTable || len(v.Members()) == 0 {
		h.put(&h.set, Step{Address: a, Value: v})
		return
	}
	for _, m := range v.Members() {
		h.putLeaves(below(a, m.Key), m.Value)
	}
}

func orTable(v Value) Value {
	if v.Kind() != KindTable {
		return Table()
	}
	return v
}

func undoKey(c Change, wrote *Wanted, before, now Observed) Change {
	out := Change{Address: c.Address, Sensitive: true}
	ours := wrote != nil && now.Auth.Key.Equal(wrote.Value) || c.Action == Delete && !now.Auth.Key.Known()
	switch {
	case now.Auth.Key.Equal(before.Auth.Key):
		out.Action = NoOp
	case !ours:
		out.Action = Release
	case !before.Auth.Key.Known():
		out.Action = Delete
	case !now.Auth.Key.Known():
		out.Action = Create
	default:
		out.Action = Update
	}
	return out
}
