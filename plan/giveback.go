package plan

import (
	"fmt"
	"slices"
	"strings"
)

// leave gives back what an entry holds, as far as it is still as we left it. With
// again, the policy goes on naming its address, for something else; with along, it wants
// a table above to go.
func (h *holding) leave(e Entry, again, along bool) {
	a, now := e.Address, h.now.At(e.Address)
	c := Change{Address: a, Before: now, GivesBack: true, Reason: h.why(e)}
	if h.movesBack(e) {
		return
	}
	back := withoutMasks(e.Prior)
	switch {
	case e.removed() && again:
		back = merged(back, now)
	case e.removed():
		if back = merged(now, back); !now.IsAbsent() && back.Equal(now) {
			c = released(c, someone)
		}
	case !e.stands(h.found) && !again:
		c = released(c, someone)
		back = now
	case h.excepted(e, now, &c, &back):
	case (again || along) && e.PriorLost:
	case e.PriorLost || !e.Adopted && !Redact(a, e.Prior).Equal(e.Prior):
		c = released(c, "the value from before held a secret, which codexform does not keep: it stays as it is")
		back = now
	case now.Same(e.Prior):
		c.Reason, back = "was there before codexform: it stays", now
	}
	h.put(&h.giveBack, Step{Address: a, Value: back, Note: e.Note})
	if now.IsAbsent() && e.Note == "" {
		h.gone = append(h.gone, c)
		return // nothing tells the editor of a table that we made for it
	}
	if table, empty := h.prune(e); empty && now.IsAbsent() {
		// Somebody took our key away, and left the table that we made for it.
		h.giveBack = append(h.giveBack, Step{Address: a, Note: e.Note})
		c = Change{Address: table, Before: h.found.At(table), GivesBack: true, Reason: h.why(e)}
	}
	h.gone = append(h.gone, c)
}

func (h *holding) why(e Entry) string {
	lost := ""
	if e.PriorLost && e.removed() {
		lost = ", but for " + list(masked(e.Address, e.Prior)) + ": what may be a secret is not kept"
	}
	return h.whyBack(e) + lost
}

func (h *holding) whyBack(e Entry) string {
	switch {
	case h.behind > 0 && e.Prior.IsAbsent():
		return fmt.Sprintf("it was not there before apply %d", h.behind)
	case h.behind > 0:
		return fmt.Sprintf("it had this value before apply %d", h.behind)
	case h.destroy && e.Prior.IsAbsent():
		return "given back: it was not there before"
	case h.destroy:
		return "given back: the value from before"
	case e.removed():
		return "no longer taken away: the value from before is given back"
	case e.Prior.IsAbsent():
		return "no longer in the desired state"
	}
	return "no longer in the desired state: the value from before is given back"
}

const someone = "changed by someone since: it stays as it is"

// excepted reports whether a key is not given back, and makes it stay or go instead.
func (h *holding) excepted(e Entry, now Value, c *Change, back *Value) bool {
	x, found := h.exception(e.Address)
	switch {
	case !found:
		return false
	case x.Gone:
		*back, c.Reason = Value{}, x.Reason
	default:
		*back, *c = now, released(*c, x.Reason)
	}
	return true
}

// letGo gives up all that is held, and leaves it as it is. Without a reason it says
// nothing of it.
func (h *holding) letGo(why string) {
	for _, e := range h.held {
		if now := h.found.At(e.Address); why != "" && !now.IsAbsent() && !now.Same(e.Prior) {
			h.changes = append(h.changes, released(Change{Address: e.Address, Before: now}, why))
		}
	}
	h.released, h.held = h.held, nil
	h.index()
}

func released(c Change, why string) Change {
	c.Action, c.After, c.GivesBack, c.Reason = Release, c.Before, false, why
	return c
}

// masked are the addresses at and below one whose values were too secret to be kept.
func masked(a Address, v Value) []Address {
	if v.Kind() != KindTable {
		if hasMask(v) {
			return []Address{a}
		}
		return nil
	}
	var out []Address
	for _, m := range v.Members() {
		out = append(out, masked(below(a, m.Key), m.Value)...)
	}
	return out
}

// list is a few addresses as text.
func list(all []Address) string {
	const most = 3
	var names []string
	for _, a := range all[:min(most, len(all))] {
		names = append(names, a.String())
	}
	if rest := len(all) - most; rest > 0 {
		names = append(names, fmt.Sprintf("%d more", rest))
	}
	return strings.Join(names, ", ")
}

// merged is v with everything that w has where v has nothing.
func merged(v, w Value) Value {
	switch {
	case v.IsAbsent():
		return w
	case v.Kind() != KindTable || w.Kind() != KindTable:
		return v
	}
	for _, m := range w.Members() {
		if both := merged(v.Get(m.Key), m.Value); !both.IsAbsent() {
			v = v.With(Address{m.Key}, both)
		}
	}
	return v
}

// withoutMasks is v without what was too secret to be kept.
func withoutMasks(v Value) Value {
	if v.Kind() != KindTable {
		if hasMask(v) {
			return Value{}
		}
		return v
	}
	rest := v
	for _, m := range v.Members() {
		if rest = rest.With(Address{m.Key}, withoutMasks(m.Value)); strings.Contains(m.Key, Masked) {
			rest = rest.Without(Address{m.Key})
		}
	}
	if len(rest.Members()) == 0 && len(v.Members()) > 0 {
		return Value{}
	}
	return rest
}

// showGone adds the changes of what is given back, but for what a wish says already.
func (h *holding) showGone(wishes []wish) {
	if len(h.gone) == 0 {
		return
	}
	var out []Change
	wished := inAndBelow(wishes)
	for _, c := range h.gone {
		inside := wished.below[c.Address.Key()]
		switch {
		case wished.say(c.Address):
		case len(inside) == 0:
			out = append(out, h.shown(c))
		default:
			out = append(out, h.around(c, inside)...)
		}
	}
	h.changes = append(h.changes, out...)
}

// wished are the addresses of wishes: each one, and all that begin with an address.
type wished struct {
	exact map[string]bool
	below map[string][]Address
}

func inAndBelow(wishes []wish) wished {
	w := wished{make(map[string]bool, len(wishes)), make(map[string][]Address, 2*len(wishes))}
	for _, wish := range wishes {
		for n := range len(wish.Address) {
			key := wish.Address[:n+1].Key()
			w.below[key] = append(w.below[key], wish.Address)
		}
		w.exact[wish.Address.Key()] = true
	}
	return w
}

// say reports a wish for an address, or for a table that it lies in.
func (w wished) say(a Address) bool {
	for n := range len(a) {
		if w.exact[a[:n+1].Key()] {
			return true
		}
	}
	return false
}

func (h *holding) shown(c Change) Change {
	if c.Action == Release {
		return c
	}
	c.After = h.now.At(c.Address)
	c.Action = action(c.Before, c.After)
	if c.Action == NoOp && c.Before.IsAbsent() {
		c.Reason = "" // somebody else took it away, and there is nothing to give back
	}
	return c
}

// around are the changes of a table that is given back but for the keys inside that
// a wish speaks of.
func (h *holding) around(c Change, inside []Address) []Change {
	was, is := h.found.At(c.Address), h.now.At(c.Address)
	if was.Equal(is) {
		return nil
	}
	if was.Kind() != KindTable && !was.IsAbsent() {
		c.After = Value{}
		c.Action = Delete
		return []Change{c}
	}
	var out []Change
	for _, m := range merged(is, was).Members() {
		at := below(c.Address, m.Key)
		within := slices.DeleteFunc(slices.Clone(inside), func(a Address) bool { return !a.HasPrefix(at) })
		kid := c
		kid.Address, kid.Before = at, h.found.At(at)
		switch {
		case slices.ContainsFunc(within, at.Equal):
		case len(within) > 0:
			out = append(out, h.around(kid, within)...)
		case !kid.Before.Equal(h.now.At(at)):
			out = append(out, h.shown(kid))
		}
	}
	return out
}
