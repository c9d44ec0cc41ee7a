package plan

import (
	"slices"
	"strings"
	"time"
)

// NoteOf gives the editor's note for the change of one key, "" when there is none.
type NoteOf func(file string, a Address) Note

// Remember is the ledger after a plan was applied: what we own now, and what was
// there before us. A key keeps the value from before us through any number of
// applies. Given a plan that changes nothing, it differs from the ledger before only
// where keys were adopted or given up.
func Remember(p Plan, o Observed, note NoteOf, now time.Time) Ledger {
	o.Ledger = o.Ledger.indexed()
	l := Ledger{FingerprintKey: o.Ledger.FingerprintKey}
	if p.Rollback {
		l.Entries = untouched(p, o.Ledger)
	}
	r := remembering{o: o, note: note, now: now, back: p.Rollback}
	for _, c := range p.File(ConfigFile).Changes {
		if e, keep := r.config(c); keep {
			l.Entries = append(l.Entries, e)
		}
	}
	for _, c := range p.File(AuthFile).Changes {
		if e, keep := r.auth(c, p.Desired); keep {
			l.Entries = append(l.Entries, e)
		}
	}
	return l
}

// untouched are the entries that a plan says nothing about.
func untouched(p Plan, l Ledger) []Entry {
	said := map[string]bool{}
	for _, f := range p.Files {
		for _, c := range f.Changes {
			if !c.Sensitive || c.Edits() {
				said[f.Path+" "+c.Address.Key()] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(l.Entries), func(e Entry) bool { return said[e.File+" "+e.Address.Key()] })
}

type remembering struct {
	o    Observed
	note NoteOf
	now  time.Time
	back bool
}

// start is the entry of a key that we own from now on, or have owned already.
func (r remembering) start(file string, c Change) (Entry, bool) {
	e, owned := r.o.Ledger.Find(file, c.Address)
	if owned {
		return e, true
	}
	return Entry{File: file, Address: c.Address, Since: r.now.UTC().Truncate(time.Second)}, false
}

func (r remembering) config(c Change) (Entry, bool) {
	if c.Action == Release || c.GivesBack || c.Yours {
		return Entry{}, false
	}
	e, owned := r.start(ConfigFile, c)
	e.Default = c.Default
	if !owned {
		was := r.withoutOurs(c.Address, r.o.Config.Get(c.Address))
		if e.Prior = was; c.Action != NoOp || !was.Equal(c.After) { // else the policy says it anyway
			e.Prior = Redact(c.Address, was)
		}
		e.PriorLost = !e.Prior.Equal(was)
		e.NewFile = !r.o.Config.Exists || r.madeByUs(ConfigFile)
		e.Note = r.noteOf(ConfigFile, c, e)
		e.Adopted = c.Action == NoOp
	}
	e.Last = c.After
	if c.Action == NoOp && !c.After.IsAbsent() {
		e.Last = c.Before
	}
	if r.back && e.Last.Equal(e.Prior) && !e.PriorLost {
		return Entry{}, false
	}
	if e.Last.IsAbsent() && !owned && c.Action == NoOp {
		return Entry{}, false // was not there, is not wanted: nothing to own
	}
	return e, true
}

// madeByUs reports whether we know a file as one that was not there before us.
func (r remembering) madeByUs(file string) bool {
	return slices.ContainsFunc(r.o.Ledger.Entries, func(e Entry) bool { return e.File == file && e.NewFile })
}

// noteOf keeps the editor's note where it may be kept: not when it would carry a
// secret of the user's, nor when it would bring back keys that were ours.
func (r remembering) noteOf(file string, c Change, e Entry) Note {
	if e.PriorLost || !e.Prior.Equal(r.o.Config.Get(c.Address)) {
		return ""
	}
	if note := r.note(file, c.Address); !LooksSecret(string(note)) {
		return note
	}
	return ""
}

// withoutOurs is what a key or table was before us: what was found, with the keys
// below it that we own taken back to their own values from before us.
func (r remembering) withoutOurs(a Address, found Value) Value {
	for _, e := range r.o.Ledger.Entries {
		if e.File == ConfigFile && len(e.Address) > len(a) && e.Address.HasPrefix(a) {
			if below := e.Address[len(a):]; !found.At(below).IsAbsent() {
				found = found.With(below, e.Prior)
			}
		}
	}
	return found
}

func hasMask(v Value) bool {
	if v.Kind() == KindString {
		return strings.Contains(v.Text(), Masked)
	}
	return slices.ContainsFunc(v.Items(), hasMask) ||
		slices.ContainsFunc(v.Members(), func(m Member) bool { return hasMask(m.Value) })
}

func (r remembering) auth(c Change, d Desired) (Entry, bool) {
	if c.Action == Release || c.GivesBack || c.Yours {
		return Entry{}, false
	}
	e, owned := r.start(AuthFile, c)
	if !owned {
		e.NewFile = !r.o.Auth.Exists || r.madeByUs(AuthFile)
		e.Adopted = c.Action == NoOp
		e.Note = r.note(AuthFile, c.Address)
	}
	if !c.Sensitive {
		if !owned {
			e.Prior = c.Before
		}
		e.Last = c.After
		return e, true
	}
	e.Secret = true
	if d.Provider != nil {
		e.Host = HostOf(d.Provider.BaseURL)
	}
	if d.Secret != nil && d.Secret.Value.Known() {
		e.Fingerprint = d.Secret.Value.Fingerprint(r.o.Ledger.FingerprintKey)
		e.Version = d.Secret.Version
	}
	return e, true
}

// Equal reports whether both ledgers remember the same.
func (l Ledger) Equal(m Ledger) bool {
	return slices.EqualFunc(l.Entries, m.Entries, func(a, b Entry) bool {
		return a.File == b.File && a.Address.Equal(b.Address) && a.Last.Equal(b.Last) && a.Prior.Equal(b.Prior) &&
			a.Secret == b.Secret && a.Fingerprint == b.Fingerprint && a.Version == b.Version && a.Host == b.Host &&
			a.PriorLost == b.PriorLost && a.Default == b.Default && a.Adopted == b.Adopted && a.Note == b.Note
	})
}
