package plan

import (
	"fmt"
	"slices"
)

// Rollback plans to give our keys the values that they had before a record: records
// are that one and all after it, oldest first. A key that somebody changed since is
// left alone. History has no value for a secret: ours stays while host, which tells
// where a config.toml sends it, says the same before and after; else it goes, and so
// it does when there was none before.
func Rollback(records []Record, o Observed, host func(config Value) string) Plan {
	o.Ledger = o.Ledger.Indexed()
	goals := goalsOf(records, o.Ledger)
	config, auth, pins := holdingOf(o, ConfigFile), holdingOf(o, AuthFile), holdingOf(o, PinsFile)
	if len(records) > 0 {
		config.behind, pins.behind, auth.behind = records[0].N, records[0].N, records[0].N
	}
	config.rollBack(goals)
	pins.rollBack(goals)
	auth.rollBack(goals)
	var key []Change
	if created, moved := keyMoved(records); moved {
		key = []Change{o.rollbackKey(created, host(config.found) != host(config.now.Value()))}
	}
	p := assemble(Desired{}, o, config, auth, pins, key)
	p.Rollback = true
	return p
}

// goal is where one address goes back to, and what the newest record left there.
type goal struct {
	file string
	at   Address
	was  *Hold // nil where it was not ours
	saw  Value
	left Value
	held bool
	same bool // the user had it as we wanted it then
	// touched is whether the user wrote there between the records.
	touched bool
	// written is whether what stands there is what they wrote.
	written bool
	// theirs is what they had written over a key of ours when a policy came to want just
	// that: there before us, from then on.
	theirs Value
}

func goalsOf(records []Record, l Ledger) []goal {
	var out []goal
	for _, r := range records {
		for _, m := range r.moves(l) {
			i := slices.IndexFunc(out, func(g goal) bool { return g.file == m.File && g.at.Equal(m.Path) })
			if i < 0 {
				out = append(out, goal{file: m.File, at: m.Path, was: m.Was, saw: m.Saw, same: m.Adopted, left: m.Left, held: m.Held})
				continue
			}
			out[i].follow(m)
		}
	}
	return out
}

// follow takes in what a later record did to the same address.
func (g *goal) follow(m Move) {
	if !m.Saw.Same(g.left) {
		g.touched, g.written = true, true
	}
	if g.written && m.Adopted {
		g.theirs = m.Saw
	}
	g.written = g.written && m.Left.Same(m.Saw) // else we wrote over it
	g.left, g.held = m.Left, m.Held
}

// moves are a record's own, or what can be told from its changes where it is of before
// they were kept.
func (r Record) moves(l Ledger) []Move {
	if r.Moves != nil {
		return r.Moves
	}
	var out []Move
	for _, c := range r.Changes {
		if c.Sensitive || c.Action == Release {
			continue
		}
		before, after := value(c.Before), value(c.After)
		m := Move{File: c.File, Path: c.Path, Held: !c.GivesBack, Saw: before, Left: after}
		switch e, owned := l.Find(c.File, c.Path); {
		case c.GivesBack:
			m.Was = &Hold{Last: before, Prior: after}
		case owned && !e.Prior.Equal(before):
			m.Was = &Hold{Last: before, Prior: e.Prior, PriorLost: e.PriorLost}
		}
		out = append(out, m)
	}
	return out
}

// rollBack works out one file: what the records did not move stays as it is.
func (h *holding) rollBack(goals []goal) {
	goals = slices.DeleteFunc(slices.Clone(goals), func(g goal) bool { return g.file != h.file })
	h.recall(goals)
	var moved []Entry
	var wishes []wish
	for _, e := range h.held {
		if i := slices.IndexFunc(goals, func(g goal) bool { return g.at.Equal(e.Address) }); i >= 0 {
			if g := goals[i]; g.was == nil && e.Adopted && !g.same && !g.written && g.theirs.IsAbsent() && g.left.Same(e.Last) { // the ledger was lost meanwhile
				e.Prior = before(goals, e.Address)
				if e.Prior.Kind() == KindTable { // around keys of ours
					e.Prior = g.withoutOurs(goals)
				}
				e.PriorLost = hasMask(e.Prior)
			}
			moved = append(moved, e)
		} else if slices.ContainsFunc(goals, func(g goal) bool { return g.was != nil && meet(g.at, e.Address) }) {
			moved = append(moved, e) // adopted since, without a record, in the way of what comes back
		} else {
			h.entries = append(h.entries, e)
		}
	}
	h.unmoved = len(h.entries)
	h.held = moved
	h.index()
	for _, g := range goals {
		if e, held := h.entry(g.at); g.was != nil && (!held || e.stands(h.found) || g.rests(h.found)) && !g.outdated() {
			wishes = append(wishes, g.wish())
		}
	}
	h.work(wishes)
}

// before is what the user had at an address before the oldest record that moved it, or
// a table around it.
func before(goals []goal, a Address) Value {
	for _, g := range goals {
		if !a.HasPrefix(g.at) {
			continue
		}
		had := g.saw
		if g.was != nil {
			had = g.was.Prior
		}
		return had.At(a[len(g.at):])
	}
	return Value{}
}

// recall counts as ours what the newest record says so of, where it still stands and no
// ledger knows it any more.
func (h *holding) recall(goals []goal) {
	for _, g := range goals {
		if _, held := h.entry(g.at); held || !g.held || !g.rests(h.found) || h.overlaps(g.at) {
			continue
		}
		e := Entry{File: h.file, Address: g.at, Last: g.left}
		switch {
		case !g.theirs.IsAbsent():
			e.Prior, e.Adopted = g.theirs, g.theirs.Same(g.left)
		case g.was != nil:
			e.Prior, e.PriorLost, e.Default = g.was.Prior, g.was.PriorLost, g.was.Default
		case g.same:
			e.Prior, e.Adopted = g.left, true
		default:
			e.Prior = g.withoutOurs(goals)
			if i := slices.IndexFunc(goals, g.isIn); i >= 0 { // it was away with a table, and not for good
				e.Prior = goals[i].was.Prior.At(g.at[len(goals[i].at):])
			}
		}
		e.PriorLost = e.PriorLost || hasMask(e.Prior)
		h.held = append(h.held, e)
	}
	h.index()
}

// withoutOurs is what stood there and was the user's: of a table, without the keys that we
// had made in it before.
func (g goal) withoutOurs(goals []goal) Value {
	v := g.saw
	for _, b := range goals {
		if len(b.at) <= len(g.at) || !b.at.HasPrefix(g.at) || b.touched {
			continue
		}
		had := b.saw
		if b.was != nil {
			had = b.was.Prior
		}
		v = v.With(b.at[len(g.at):], had)
	}
	if v.Kind() == KindTable && leaves(nil, v, nil) == 0 && !v.Equal(g.saw) {
		return Value{}
	}
	return v
}

// isIn reports whether a key lies in a table that we had taken away before the oldest record.
func (g goal) isIn(table goal) bool {
	return len(table.at) < len(g.at) && g.at.HasPrefix(table.at) && table.was != nil && table.was.Last.IsAbsent()
}

func (h *holding) overlaps(a Address) bool {
	return slices.ContainsFunc(h.held, func(e Entry) bool { return meet(a, e.Address) })
}

// meet reports whether one of two addresses is at or below the other.
func meet(a, b Address) bool { return a.HasPrefix(b) || b.HasPrefix(a) }

// outdated reports whether what the oldest record saw was the user's writing over a key
// of ours, and they wrote there again since: it does not come back over that.
func (g goal) outdated() bool { return g.touched && !g.saw.Same(g.was.Last) }

// rests reports whether an address is as the newest record left it.
func (g goal) rests(root Value) bool {
	now := root.At(g.at)
	return now.Same(g.left) || Redact(g.at, now).Same(g.left)
}

func (g goal) wish() wish {
	return wish{
		Setting: Setting{Address: g.at, Value: g.saw}, absent: g.was.Last.IsAbsent(), to: g.was.MovedTo,
		as: &Entry{Last: g.was.Last, Prior: g.was.Prior, PriorLost: g.was.PriorLost && !g.touched, Default: g.was.Default}, left: g.left, touched: g.touched,
	}
}

// takeUp makes a key ours again as it was, upon what the user would have, unless
// somebody changed that since.
func (h *holding) takeUp(w wish, e Entry, owned bool) {
	a, before := w.Address, h.now.At(w.Address)
	c := Change{Address: a, Before: h.found.At(a), After: w.Value}
	_, held := h.entry(a)
	switch {
	case !held && !Redact(a, before).Same(w.left) && !before.Same(w.left) || h.blocked(w):
		h.pass(c, someone)
		return
	case h.refuses(a, c):
		return
	case w.absent && hasMask(Redact(a, before)) && (w.to == nil || !h.now.look(w.to).IsAbsent()):
		h.pass(c, "what may be a secret is not kept, and so not taken away: it stays as it is")
		return
	case w.Value.IsAbsent() && owned && h.keeps(c, e):
		return
	case hasMask(w.Value):
		h.pass(c, "the value from before held a secret, which codexform does not keep: it stays as it is")
		if owned {
			h.entries = append(h.entries, e)
		}
		return
	}
	if w.to != nil && !before.IsAbsent() {
		h.moved(w, before)
	}
	h.put(&h.set, w.step(e, owned))
	if !owned {
		e = Entry{File: h.file, Address: a, NewFile: h.newFile, Made: h.made(a), Adopted: before.Equal(w.as.Last)}
		e.Prior, e.PriorLost = h.prior(a, before, e.Adopted)
		if w.to != nil {
			e.MovedTo, e.Fingerprint = w.to, h.fingerprint(before)
		}
	} else if !w.touched {
		e.Prior = w.as.Prior // without what the user did to it since, which stands there again
	}
	e.Last, e.Default = w.as.Last, w.as.Default
	if w.as.PriorLost {
		e.Prior, e.PriorLost = w.as.Prior, true
	}
	if !e.removed() || !e.Prior.IsAbsent() || e.PriorLost {
		h.entries = append(h.entries, e)
	}
	if c.Action = action(c.Before, h.now.look(a)); c.Action != NoOp {
		c.Reason = h.whyUp(w)
	}
	h.changes = append(h.changes, c)
}

func (h *holding) whyUp(w wish) string {
	switch {
	case w.absent && w.Value.IsAbsent():
		return fmt.Sprintf("it was taken away before apply %d", h.behind)
	case w.Value.IsAbsent():
		return fmt.Sprintf("it was not there before apply %d", h.behind)
	}
	return fmt.Sprintf("it had this value before apply %d", h.behind)
}

// keeps leaves a key of ours where it is, without which Codex would not start.
func (h *holding) keeps(c Change, e Entry) bool {
	x, found := h.exception(e.Address)
	if !found || x.Gone {
		return false
	}
	h.pass(c, x.Reason)
	h.entries = append(h.entries, e)
	return true
}

// refuses passes a key over that must not come back.
func (h *holding) refuses(a Address, c Change) bool {
	x, found := h.exception(a)
	if !found || !x.Gone {
		return false
	}
	if h.put(&h.set, Step{Address: a}); !c.Before.IsAbsent() {
		c.Action, c.After, c.GivesBack, c.Reason = Delete, Value{}, true, x.Reason
		h.changes = append(h.changes, c)
	}
	return true
}

// blocked reports whether the user has no room for a key any more.
func (h *holding) blocked(w wish) bool {
	for i := 1; i < len(w.Address); i++ {
		if v := h.now.look(w.Address[:i]); !v.IsAbsent() && v.Kind() != KindTable {
			return true
		}
	}
	return !w.absent && h.now.look(w.Address).Kind() == KindTable && w.Value.Kind() != KindTable
}

func (h *holding) pass(c Change, why string) {
	if c = released(c, why); !c.Before.IsAbsent() {
		h.changes = append(h.changes, c)
	}
}

// keyMoved reports whether the records changed the key in auth.json, and whether the
// oldest of them that did made it.
func keyMoved(records []Record) (created, moved bool) {
	for _, r := range records {
		for _, c := range r.Changes {
			if c.File == AuthFile && c.Sensitive && c.Action != Release {
				return c.Action == Create, true
			}
		}
	}
	return false, false
}

// rollbackKey is what becomes of the key in auth.json; moves says that the host changes.
func (o Observed) rollbackKey(created, moves bool) Change {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	ours := owned && e.holds(o.Auth.Key, o.Ledger.FingerprintKey)
	c := Change{Address: KeyMember, Sensitive: true, Action: Delete, GivesBack: true, BeforeVersion: e.Version, Note: e.Note}
	switch {
	case ours && created:
		c.Reason = "there was none before"
	case ours && moves:
		c.Reason = "it is not for the host from before, and keys are not kept: apply with the source you want"
	default:
		return Change{
			Address: KeyMember, Action: NoOp, Sensitive: true, Yours: true,
			Reason: "keys are not kept: this one stays; to change it, apply with the source you want",
		}
	}
	return c
}

func value(v *Value) Value {
	if v == nil {
		return Value{}
	}
	return *v
}
