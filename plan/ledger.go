package plan

import (
	"slices"
	"time"
)

// Ledger is our memory of one Codex home: every key that we own there. Remember makes the
// next one of a plan, plan/codex.EncodeLedger its bytes, and only apply/commit writes them:
// stageStateFiles beside the old one, installStateFiles in its place.
// The zero Ledger knows nothing.
type Ledger struct {
	Entries []Entry
	// Policy is the desired state that was applied last; the zero Policy is of a ledger
	// from before it was kept.
	Policy Policy
	// FingerprintKey is this machine's random key for fingerprints of secrets.
	FingerprintKey []byte
	// Facts are what that desired state said beside its keys; nil when that is not known.
	Facts []Fact

	index *ledgerIndex
}

// Policy names a desired state that was applied.
type Policy struct {
	Paths  []string  `json:"files,omitempty"` // absolute
	Digest string    `json:"digest,omitempty"`
	Time   time.Time `json:"applied"`
}

// Entry is one owned key: what we last made of it, and what was there before us.
type Entry struct {
	File    string // ConfigFile, AuthFile or PinsFile
	Address Address
	// Last is the value that we last applied; absent when we removed the key, and
	// for a secret, of which only Fingerprint is kept.
	Last Value
	// Prior is the value from before us, absent when the key was not there.
	// A secret from before us is not kept.
	Prior       Value
	Secret      bool
	Fingerprint string // of the last applied secret, see Secret.Fingerprint
	Version     string // of the last applied secret, as its source counts
	Host        string // of a secret: where the last applied one belongs, see HostOf; "" in a ledger from before it was kept
	PriorLost   bool   // Prior held a secret, which is not kept: it cannot be given back
	Made        int    // how many of the tables around it were not there before us
	NewFile     bool   // the file was not there before us
	Default     bool   // written by a default: the user may change it
	Displaced   bool   // of a secret: another one, of the user's, was there and went
	// MovedTo is where a repair put the user's own value, which may be a secret and is not
	// kept; nil for nowhere. Fingerprint is that value's.
	MovedTo Address
	Adopted bool // it already had the wanted value when we came
	Note    Note // what the editor needs to take our edit back byte for byte; opaque
	Since   time.Time
}

// Find is the entry of a key, and whether there is one.
func (l Ledger) Find(file string, a Address) (Entry, bool) {
	if l.index.fits(l.Entries) {
		i, ok := l.index.places[file+" "+a.Key()]
		if !ok {
			return Entry{}, false
		}
		return l.Entries[i], true
	}
	for _, e := range l.Entries {
		if e.File == file && e.Address.Equal(a) {
			return e, true
		}
	}
	return Entry{}, false
}

// of is what we hold of a file, but for the key. An entry is large, so there is room for
// these and no more.
func (l Ledger) of(file string) []Entry {
	n := 0
	for i := range l.Entries {
		if l.Entries[i].File == file && !l.Entries[i].Secret {
			n++
		}
	}
	out := make([]Entry, 0, n)
	for _, e := range l.Entries {
		if e.File == file && !e.Secret {
			out = append(out, e)
		}
	}
	return out
}

// asConfig is what we hold of a file, as if it were config.toml.
func (l Ledger) asConfig(file string) Ledger {
	out := Ledger{}
	for _, e := range l.Entries {
		if e.File == file {
			e.File = ConfigFile
			out.Entries = append(out.Entries, e)
		}
	}
	return out
}

// ledgerIndex says where the entry of each key is.
type ledgerIndex struct {
	entries []Entry // of which it speaks
	places  map[string]int
}

const fewEntries = 16 // are found as fast by looking at each

// Indexed is a ledger in which Find takes the same time however many entries it has.
func (l Ledger) Indexed() Ledger {
	if len(l.Entries) <= fewEntries || l.index.fits(l.Entries) {
		return l
	}
	l.index = &ledgerIndex{l.Entries, make(map[string]int, len(l.Entries))}
	for i, e := range slices.Backward(l.Entries) {
		l.index.places[e.File+" "+e.Address.Key()] = i // the first of several
	}
	return l
}

// fits reports whether an index speaks of these entries.
func (x *ledgerIndex) fits(entries []Entry) bool {
	return x != nil && len(x.entries) == len(entries) && &x.entries[0] == &entries[0]
}
