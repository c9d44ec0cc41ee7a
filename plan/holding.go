package plan

import (
	"slices"
	"strings"
)

// Step is one edit of config.toml that a plan makes: a value for an address, absent to
// remove it, and the note of the edit that this one takes back, if it does.
type Step struct {
	Address Address
	Value   Value
	Note    Note
}

// holding works out one file: from what is there, what we hold of it and what is wished.
// First, what we hold and is not wished any more is given back; then, upon what the user
// would have without it, the wishes are done. So a table and the keys below it are one
// history, whichever of them was ours before and whichever is now.
type holding struct {
	file    string
	found   Value           // what the file says
	held    []Entry         // none at or below another
	byKey   map[string]int  // which of them
	madeAt  map[string]bool // the tables that we made around them
	newFile bool            // the file was not there before us
	destroy bool
	key     []byte // for fingerprints
	wishes  []wish
	behind  int // the record that a rollback goes back behind, 0 for none
	except  []Exception

	now      draft   // what it says after the steps so far
	base     Value   // what it says once everything is given back
	released []Entry // given up before all else
	giveBack []Step
	set      []Step
	entries  []Entry  // what is ours then
	unmoved  int      // so many of them, the first, stay as they are
	gone     []Change // of what is given back, by entry
	changes  []Change
}

func holdingOf(o Observed, file string) *holding {
	h := &holding{file: file, found: o.Config.Root, newFile: !o.Config.Exists, key: o.Ledger.FingerprintKey}
	switch file {
	case AuthFile:
		h.found, h.newFile = modeTree(o.Auth), !o.Auth.Exists
	case PinsFile:
		h.found, h.newFile = o.Pins.Root, !o.Pins.Exists
	}
	h.held = o.Ledger.of(file)
	h.newFile = h.newFile || slices.ContainsFunc(o.Ledger.Entries, func(e Entry) bool { return e.File == file && e.NewFile })
	tables := make(map[string]bool, len(h.held))
	for _, e := range h.held {
		tables[e.Address.Key()] = true
	}
	h.held = slices.DeleteFunc(h.held, func(e Entry) bool { return e.Address.below(tables) })
	h.index()
	h.now.value = h.found
	if file == ConfigFile {
		h.except = o.Exceptions
	}
	return h
}

// work gives back what is held and not wished, then does the wishes.
func (h *holding) work(wishes []wish) {
	h.wishes = wishes
	named, removals := make(map[string]int, len(wishes)), map[string]bool{}
	for i, w := range wishes {
		key := w.Address.Key()
		named[key] = i
		if delete(removals, key); w.absent {
			removals[key] = true
		}
	}
	kept := h.kept(wishes, named)
	for _, e := range h.held {
		if _, stays := In(kept, e.Address); !stays {
			w, same := In(named, e.Address)
			h.leave(e, same && !wishes[w].Default && !wishes[w].repair && !wishes[w].isTheirs(e, h.found), e.Address.below(removals))
		}
	}
	h.base = h.now.Value()
	h.grant(wishes, kept)
	h.showGone(wishes)
	h.inFileOrder()
}

// kept is which of the keys that we hold go on under a wish.
func (h *holding) kept(wishes []wish, named map[string]int) map[string]int {
	kept := make(map[string]int, min(len(h.held), len(wishes)))
	for i, e := range h.held {
		if w, same := In(named, e.Address); same && wishes[w].keeps(e, h.found) {
			kept[e.Address.Key()] = i
		}
	}
	return kept
}

// grant does the wishes.
func (h *holding) grant(wishes []wish, kept map[string]int) {
	h.entries, h.changes = slices.Grow(h.entries, len(wishes)), slices.Grow(h.changes, len(wishes))
	for _, w := range wishes {
		e, i, owned := Entry{}, 0, false
		if i, owned = In(kept, w.Address); owned {
			e = h.held[i]
		}
		if w.as != nil {
			h.takeUp(w, e, owned)
			continue
		}
		h.wish(w, e, owned)
	}
}

// index makes entry, and what is made around keys, quick to find.
func (h *holding) index() {
	h.byKey, h.madeAt = make(map[string]int, len(h.held)), map[string]bool{}
	for n, e := range h.held {
		h.byKey[e.Address.Key()] = n
		for i := len(e.Address) - e.Made; i < len(e.Address); i++ {
			h.madeAt[e.Address[:i].Key()] = true
		}
	}
}

// below reports whether a table above the address is one of some, by their keys.
func (a Address) below(tables map[string]bool) bool {
	for n, is := range UpTo(tables, a) {
		if is && n < len(a) {
			return true
		}
	}
	return false
}

// wish does one wish upon what the user would have.
func (h *holding) wish(w wish, e Entry, owned bool) {
	a, before := w.Address, h.now.At(w.Address)
	c := Change{
		Address: a, Before: h.found.At(a), After: w.Value, Default: w.Default, Origin: w.Origin, Reason: w.reason,
	}
	if w.to != nil && !before.IsAbsent() {
		if !h.now.look(w.to).IsAbsent() {
			return // both are the user's: one that may be a secret is not taken away
		}
		h.moved(w, before)
	}
	prior, held := h.entry(a)
	drift := held && prior.removed() == w.absent && prior.Last.Equal(w.Value)
	switch {
	case h.defaultGivesWay(w, owned):
		c.After, c.Yours = before, true
	case owned && e.stands(h.found) && e.Last.Equal(w.Value):
		// As we left it, whatever Codex made of the spelling.
	case w.absent && before.IsAbsent() && h.found.At(a).Kind() == KindTable:
		// Nothing is left in it. Whoever wrote it anew may have left a header of theirs.
		h.set = append(h.set, Step{Address: a})
	case w.absent || !before.Same(w.Value):
		h.put(&h.set, w.step(e, owned))
	}
	c.Action = action(c.Before, h.now.look(a))
	c.Drift = drift && c.Action != NoOp
	if c.Yours {
		if c.After = h.now.At(a); c.Action != NoOp {
			c.Yours, c.GivesBack, c.Reason = false, true, "a default gives way to the value from before, which is given back"
		}
	} else if gone := h.own(w, e, owned, before); len(gone) > 0 && c.Action != NoOp && w.to == nil {
		c.Reason = strings.TrimPrefix(c.Reason+"; ", "; ") + "what may be a secret is not kept, so this will not come back: " + list(gone)
	}
	h.changes = append(h.changes, c)
}

// occupied reports whether the user has something in the place of a key: at it, or a
// value where it needs a table.
func (h *holding) occupied(a Address) bool {
	for i := range a {
		if v := h.now.look(a[:i+1]); !v.IsAbsent() && v.Kind() != KindTable {
			return true
		}
	}
	return !h.now.look(a).IsAbsent()
}

// own remembers a key that is ours from now on, or still. It says what of the user's
// goes now and cannot be remembered.
func (h *holding) own(w wish, e Entry, owned bool, before Value) (gone []Address) {
	if !owned {
		if !w.absent && w.Value.Kind() != KindTable && before.Kind() == KindTable && leaves(nil, before, nil) == 0 {
			before = Value{} // what is left of tables around keys of ours: no editor writes over one that is the user's
		}
		e = Entry{File: h.file, Address: w.Address, NewFile: h.newFile, Made: h.made(w.Address), Adopted: !w.absent && before.Same(w.Value)}
		if e.Prior, e.PriorLost = h.prior(w.Address, before, e.Adopted); e.PriorLost {
			gone = slices.DeleteFunc(masked(w.Address, e.Prior), func(a Address) bool { return h.found.At(a).IsAbsent() })
		}
	}
	if w.absent && e.Prior.IsAbsent() && !e.PriorLost {
		return nil // was not there, is not wanted: nothing to own
	}
	if !owned && w.to != nil {
		e.MovedTo, e.Fingerprint = w.to, h.fingerprint(before)
	}
	e.Last, e.Default = w.Value, w.Default
	h.entries = append(h.entries, e)
	return gone
}

// prior is what is remembered of the user's value of a key that becomes ours.
func (h *holding) prior(a Address, before Value, adopted bool) (Value, bool) {
	was, held := h.entry(a)
	switch {
	case held && was.PriorLost && was.removed(): // and what somebody wrote there since
		v, _ := kept(a, merged(was.Prior, before), false)
		return v, true
	case held && was.PriorLost && !(adopted && !was.stands(h.found)):
		return was.Prior, true
	}
	return kept(a, before, adopted)
}

// kept is what may be remembered of the user's value, and whether something is lost.
func kept(a Address, v Value, adopted bool) (Value, bool) {
	if adopted {
		return v, false // the policy says it anyway
	}
	shown := Redact(a, v)
	return shown, !shown.Equal(v)
}

// made is how many tables on the way to a key would not be there without us.
func (h *holding) made(a Address) int {
	for i := 1; i < len(a); i++ {
		if made, _ := In(h.madeAt, a[:i]); made || h.base.At(a[:i]).Kind() != KindTable {
			return len(a) - i
		}
	}
	return 0
}

// prune takes away the tables that we made around a key, where nothing is left in them,
// and says which was the topmost, if any.
func (h *holding) prune(e Entry) (table Address, empty bool) {
	for i := len(e.Address) - 1; i > 0 && i >= len(e.Address)-e.Made; i-- {
		if v := h.now.look(e.Address[:i]); v.Kind() != KindTable || len(v.Members()) > 0 {
			break
		}
		table, empty = e.Address[:i], true
		h.now.remove(table)
	}
	return table, empty
}

func (h *holding) entry(a Address) (Entry, bool) {
	i, held := In(h.byKey, a)
	if !held {
		return Entry{}, false
	}
	return h.held[i], true
}

func (h *holding) put(steps *[]Step, s Step) {
	if h.now.look(s.Address).Equal(s.Value) {
		return
	}
	*steps = append(*steps, s)
	if h.now.value.IsAbsent() {
		h.now.value = Table()
	}
	h.now.put(s.Address, s.Value)
}

func action(before, after Value) Action {
	switch {
	case before.Equal(after):
		return NoOp
	case before.IsAbsent():
		return Create
	case after.IsAbsent():
		return Delete
	}
	return Update
}
