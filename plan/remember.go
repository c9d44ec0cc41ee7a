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
	o.Ledger = o.Ledger.Indexed()
	l := Ledger{FingerprintKey: o.Ledger.FingerprintKey, Facts: factsAfter(p, o.Ledger)}
	since := now.UTC().Truncate(time.Second)
	l.Policy = policyAfter(p, o.Ledger.Policy, since)
	l.Entries = make([]Entry, 0, len(p.Holds)+1)
	for _, e := range p.Holds {
		l.Entries = append(l.Entries, remembered(e, o, note, since))
	}
	if e, owned := keyEntry(p, o, note, since); owned {
		l.Entries = append(l.Entries, e)
	}
	return l
}

// policyAfter is the policy in force once a plan was applied. One that is applied again
// keeps its time.
func policyAfter(p Plan, was Policy, now time.Time) Policy {
	switch d := p.Desired; {
	case p.Rollback || d.Digest == was.Digest && slices.Equal(d.Paths, was.Paths):
		return was
	case d.Empty():
		return Policy{}
	default:
		return Policy{d.Paths, d.Digest, now}
	}
}

// remembered is an entry with the editor's note, where it may be kept: not when it would
// carry a secret of the user's. Later edits of a key need none: the first one counts, which
// is one of what the user had.
func remembered(e Entry, o Observed, note NoteOf, since time.Time) Entry {
	first := e.Since.IsZero()
	if first {
		e.Since = since
	}
	untouched := e.Note == "" && e.File != AuthFile && o.toml(e.File).Get(e.Address).Equal(e.Prior)
	if n := note(e.File, e.Address); n != "" && (first || untouched) && !e.PriorLost && !n.Secret() {
		e.Note = n
	}
	return e
}

// keyEntry is what we remember of the key in auth.json, if it is ours.
func keyEntry(p Plan, o Observed, note NoteOf, since time.Time) (Entry, bool) {
	e, owned := o.Ledger.Find(AuthFile, KeyMember)
	c, said := p.File(AuthFile).key()
	switch {
	case !said, p.Rollback && !c.Edits():
		return e, owned
	case c.Action == Release, c.GivesBack:
		return Entry{}, false
	}
	if !owned {
		e = Entry{
			File: AuthFile, Address: KeyMember, Secret: true, Adopted: c.Action == NoOp, NewFile: holdingOf(o, AuthFile).newFile, Since: since,
			Note: note(AuthFile, KeyMember),
		}
	}
	if owned && c.Edits() {
		e.Adopted, e.NewFile = false, e.NewFile || !o.Auth.Exists
	}
	if owned && (c.Displaces || c.Action == Create && !o.Auth.Exists) {
		e.Note = note(AuthFile, KeyMember)
	}
	e.Displaced = e.Displaced || c.Displaces
	if p.Desired.Provider != nil {
		e.Host = HostOf(p.Desired.Provider.BaseURL)
	}
	if s := p.Desired.Secret; s != nil && s.Value.Known() {
		e.Fingerprint, e.Version = s.Value.Fingerprint(o.Ledger.FingerprintKey), s.Version
	}
	return e, true
}

// key is the change of the key in auth.json.
func (f FileChange) key() (Change, bool) {
	for _, c := range f.Changes {
		if c.Sensitive {
			return c, true
		}
	}
	return Change{}, false
}

func hasMask(v Value) bool {
	if v.Kind() == KindString {
		return strings.Contains(v.Text(), Masked)
	}
	return slices.ContainsFunc(v.Items(), hasMask) ||
		slices.ContainsFunc(v.Members(), func(m Member) bool { return hasMask(m.Value) })
}

// Equal reports whether both ledgers remember the same.
func (l Ledger) Equal(m Ledger) bool {
	return equalFacts(l.Facts, m.Facts) && l.Policy.Digest == m.Policy.Digest && slices.Equal(l.Policy.Paths, m.Policy.Paths) && slices.EqualFunc(l.Entries, m.Entries, func(a, b Entry) bool {
		return a.File == b.File && a.Address.Equal(b.Address) && a.Last.Equal(b.Last) && a.Prior.Equal(b.Prior) &&
			a.Secret == b.Secret && a.Fingerprint == b.Fingerprint && a.Version == b.Version && a.Host == b.Host && a.NewFile == b.NewFile && a.Made == b.Made &&
			a.PriorLost == b.PriorLost && a.Default == b.Default && a.Displaced == b.Displaced && a.Adopted == b.Adopted && a.MovedTo.Equal(b.MovedTo) && a.Note == b.Note
	})
}
