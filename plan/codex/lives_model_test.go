package codex_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The reference model of ownership: who wrote what at which address, and what the user
// would have if we had never come. It edits no file and keeps no ledger. Addresses
// are dotted; values are numbers, each written once only.

// want is one key of a policy: a number that it must have, or nothing.
type want struct {
	at     string
	value  int64
	soft   bool // from defaults
	absent bool
	repair bool
}

func (w want) String() string {
	switch {
	case w.absent:
		return "absent " + w.at
	case w.soft:
		return fmt.Sprintf("default %s=%d", w.at, w.value)
	}
	return fmt.Sprintf("%s=%d", w.at, w.value)
}

// leaf is a number, or nothing.
type leaf struct {
	value int64
	there bool
}

// reference is a home as the model knows it.
type reference struct {
	user    map[string]int64 // what the user has, or would have without us
	ours    map[string]want  // what we hold
	pending map[string]leaf  // the user's writing over what we hold, since our last word
	resting map[string]leaf  // of that, what a rollback has put there again
	past    []moment         // one for each record of history
}

// moment is what one apply did to what we hold.
type moment struct{ keys map[string]held }

// held is one key that a moment moved: whether and how it was ours before, what the user
// had there and had written over it, and what the user had there after it.
type held struct {
	was     *want
	user    map[string]int64
	pending map[string]leaf
	resting map[string]leaf
	left    map[string]int64
	record  int
	touched bool // the user wrote there between this moment and the last
}

func newReference(user map[string]int64) *reference {
	return &reference{user: user, ours: map[string]want{}, pending: map[string]leaf{}}
}

func below(a, b string) bool   { return a == b || strings.HasPrefix(a, b+".") }
func related(a, b string) bool { return below(a, b) || below(b, a) }

// view is what the file must say.
func (r *reference) view() map[string]int64 {
	out := maps.Clone(r.user)
	for _, w := range r.ours {
		clear(out, w.at)
		if !w.absent {
			out[w.at] = w.value
		}
	}
	for at, l := range r.pending {
		delete(out, at)
		if l.there {
			out[at] = l.value
		}
	}
	return out
}

func clear(tree map[string]int64, at string) {
	maps.DeleteFunc(tree, func(k string, _ int64) bool { return below(k, at) })
}

// held is the key of ours that an address belongs to.
func (r *reference) held(at string) (want, bool) {
	for _, w := range r.ours {
		if below(at, w.at) {
			return w, true
		}
	}
	return want{}, false
}

// write is the user's hand. It reports false where the file has no room for it.
func (r *reference) write(at string, l leaf) bool {
	now := r.view()
	if _, there := now[at]; there == l.there && !there {
		return false
	}
	for k := range now {
		if k != at && related(k, at) {
			return false
		}
	}
	for _, w := range r.ours {
		if w.at != at && below(w.at, at) {
			return false
		}
	}
	if _, ours := r.held(at); ours {
		r.pending[at] = l
		return true
	}
	r.own(at, l)
	return true
}

// own makes a leaf the user's.
func (r *reference) own(at string, l leaf) {
	delete(r.user, at)
	if l.there {
		r.user[at] = l.value
	}
}

// apply holds what a policy wants, and nothing else. It reports false, and changes
// nothing, where the user's keys have no room for it.
func (r *reference) apply(wanted []want) bool {
	next := newReference(maps.Clone(r.user))
	for _, e := range sorted(r.ours) {
		w := named(wanted, e.at)
		if w != nil && w.repair {
			w = nil // what is written over a repaired key is the user's
		}
		next.leave(e, w, r.pending)
	}
	for _, w := range wanted {
		if !next.room(w) {
			return false
		}
		if w.soft && next.has(w.at) || w.absent && !next.has(w.at) {
			continue
		}
		next.ours[w.at] = w
	}
	next.past = append(r.past, r.moment(next))
	*r = *next
	return true
}

func sorted(m map[string]want) []want {
	return slices.SortedFunc(maps.Values(m), func(a, b want) int { return strings.Compare(a.at, b.at) })
}

func named(wanted []want, at string) *want {
	for _, w := range wanted {
		if w.at == at {
			return &w
		}
	}
	return nil
}

// leave settles whose the user's writing over a key of ours is, once we say something
// new there, or nothing more.
func (r *reference) leave(e want, w *want, pending map[string]leaf) {
	for _, at := range slices.Sorted(maps.Keys(pending)) {
		l := pending[at]
		if !below(at, e.at) {
			continue
		}
		switch {
		case w != nil && at == w.at && w.value == l.value && l.there && e.value != l.value:
			r.own(at, l) // Theirs, as if we came only now: we write nothing.
		case e.absent && !l.there:
		case e.absent && w != nil && !w.soft:
			// Taken away again: only what was not there before is news.
			if !r.has(at) {
				r.own(at, l)
			}
		case e.absent:
			r.makeRoom(at)
			r.own(at, l)
		case w != nil && !w.soft:
			// Ours again: what the user had before us does not change.
		default:
			r.own(at, l)
		}
	}
}

// has reports whether the user has something at, below or above an address.
func (r *reference) has(at string) bool {
	for k := range r.user {
		if related(k, at) {
			return true
		}
	}
	return false
}

func (r *reference) makeRoom(at string) {
	maps.DeleteFunc(r.user, func(k string, _ int64) bool { return k != at && related(k, at) })
}

// room reports whether a key fits among the user's.
func (r *reference) room(w want) bool {
	for k := range r.user {
		switch {
		case w.absent && k != w.at && below(w.at, k):
			continue // nothing is there
		case w.soft && related(k, w.at):
			continue
		case !w.absent && k != w.at && related(k, w.at):
			return false
		}
	}
	return true
}

// moment is the difference between two references.
func (r *reference) moment(next *reference) moment {
	m := moment{map[string]held{}}
	for at, w := range r.ours {
		if next.ours[at] != w || !maps.Equal(cut(r.pending, at), cut(next.pending, at)) {
			m.keys[at] = held{was: &w, user: cut(r.user, at), pending: cut(r.pending, at), resting: cut(r.resting, at), left: cut(next.user, at)}
		}
	}
	for at := range next.ours {
		if _, ours := r.ours[at]; !ours {
			m.keys[at] = held{user: cut(r.user, at), left: cut(next.user, at)}
		}
	}
	return m
}

// cut is the part of a tree at and below an address.
func cut[V any](tree map[string]V, at string) map[string]V {
	out := maps.Clone(tree)
	maps.DeleteFunc(out, func(k string, _ V) bool { return !below(k, at) })
	return out
}

// forget drops the last moment: it left no record.
func (r *reference) forget() { r.past = r.past[:len(r.past)-1] }

// rollback gives our keys what they had before record n, from 1: each one that nobody
// wrote over since.
func (r *reference) rollback(n int) {
	oldest, newest := map[string]held{}, map[string]held{}
	for i := len(r.past) - 1; i >= n-1; i-- {
		for at, h := range r.past[i].keys {
			if later, seen := oldest[at]; seen {
				h.touched = later.touched || !maps.Equal(later.pending, later.resting) || !maps.Equal(h.left, later.user)
			}
			h.record = i
			oldest[at] = h
			if _, seen := newest[at]; !seen {
				newest[at] = h
			}
		}
	}
	next := newReference(maps.Clone(r.user))
	for _, e := range sorted(r.ours) {
		if _, moved := oldest[e.at]; moved || inTheWay(oldest, e.at) {
			next.leave(e, nil, r.pending)
			continue
		}
		next.ours[e.at] = e
		maps.Copy(next.pending, cut(r.pending, e.at))
	}
	var taken []held
	for _, at := range slices.Sorted(maps.Keys(oldest)) {
		h := oldest[at]
		if behindAnother(oldest, at) {
			continue
		}
		_, ours := r.ours[at]
		switch {
		case h.was == nil, ours && r.written(at), !ours && !maps.Equal(cut(next.user, at), newest[at].left), !next.room(*h.was),
			h.touched && h.astray():
			continue
		}
		taken = append(taken, h)
	}
	for _, h := range taken {
		next.ours[h.was.at] = *h.was
		if h.touched {
			continue // the user's word since is the newer one
		}
		maps.Copy(next.pending, h.pending)
		if _, ours := r.ours[h.was.at]; !ours && len(h.pending) > 0 {
			continue // what they wrote over it became theirs when it was given up, and stays so
		}
		clear(next.user, h.was.at)
		maps.Copy(next.user, h.user)
	}
	next.past = append(r.past, r.moment(next))
	next.resting = maps.Clone(next.pending)
	maps.DeleteFunc(next.resting, func(at string, l leaf) bool {
		e, _ := next.held(at)
		_, moved := oldest[e.at]
		was, rested := r.resting[at]
		return !moved && (!rested || was != l)
	})
	*r = *next
}

// astray reports whether the user had written over the key when it was ours.
func (h held) astray() bool {
	for _, l := range h.pending {
		if l.there || !h.was.absent {
			return true
		}
	}
	return false
}

// inTheWay reports a key that became ours without a record, because the user had it so,
// where another comes back.
func inTheWay(back map[string]held, at string) bool {
	for other, h := range back {
		if h.was != nil && related(other, at) {
			return true
		}
	}
	return false
}

// behindAnother reports a key that was ours only after another, in whose place it is, had
// been: what an older record says of that counts.
func behindAnother(back map[string]held, at string) bool {
	for other, h := range back {
		if other != at && h.was != nil && h.record < back[at].record && related(other, at) {
			return true
		}
	}
	return false
}

// written reports whether the user wrote over a key of ours since our last word.
func (r *reference) written(at string) bool {
	return !maps.Equal(cut(r.pending, at), cut(r.resting, at))
}
