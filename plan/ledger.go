package plan

import "time"

// Ledger is our memory of one Codex home: every key that we own there.
// The zero Ledger knows nothing.
type Ledger struct {
	Entries []Entry
	// FingerprintKey is this machine's random key for fingerprints of secrets.
	FingerprintKey []byte
}

// Entry is one owned key: what we last made of it, and what was there before us.
type Entry struct {
	File    string // ConfigFile or AuthFile
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
	NewFile     bool   // the file was not there before us
	Default     bool   // written by a default: the user may change it
	Adopted     bool   // it already had the wanted value when we came
	Note        Note   // what the editor needs to take our edit back byte for byte; opaque
	Since       time.Time
}

// Find is the entry of a key, and whether there is one.
func (l Ledger) Find(file string, a Address) (Entry, bool) {
	for _, e := range l.Entries {
		if e.File == file && e.Address.Equal(a) {
			return e, true
		}
	}
	return Entry{}, false
}
