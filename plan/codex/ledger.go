package codex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/codexform/codexform/plan"
)

// LedgerFile is the ledger's name in messages.
const LedgerFile = StateDir + "/ledger.json"

// ledgerFormat is the format that is written. A reader of format oldestReader or
// newer may use it: what it does not know of an entry it may lose. Format 1 had no such
// number, and its readers take no member that they do not know.
const (
	ledgerFormat = 2
	oldestReader = 2
)

type ledgerDoc struct {
	Format int          `json:"format"`
	Oldest int          `json:"oldest_reader"`
	Key    []byte       `json:"fingerprint_key"`
	Policy *plan.Policy `json:"policy,omitempty"`
	// Facts is left out where they are not known; empty where the policy said nothing.
	Facts   *[]factDoc `json:"facts,omitempty"`
	Entries []entryDoc `json:"entries"`
}

type factDoc struct {
	Path  []string   `json:"path"`
	Value plan.Value `json:"value"`
}

type entryDoc struct {
	File        string     `json:"file"`
	Path        []string   `json:"path"`
	Last        plan.Value `json:"last"`
	Prior       plan.Value `json:"prior"`
	Secret      bool       `json:"secret,omitempty"`
	Fingerprint string     `json:"fingerprint,omitempty"`
	Version     string     `json:"version,omitempty"`
	Host        string     `json:"host,omitempty"`
	PriorLost   bool       `json:"prior_lost,omitempty"`
	Made        int        `json:"made,omitempty"`
	Displaced   bool       `json:"displaced,omitempty"`
	NewFile     bool       `json:"new_file,omitempty"`
	Default     bool       `json:"default,omitempty"`
	Adopted     bool       `json:"adopted,omitempty"`
	MovedTo     []string   `json:"moved_to,omitempty"`
	Note        plan.Note  `json:"undo,omitempty"`
	Since       time.Time  `json:"since"`
}

// DecodeLedger reads ledger.json. Nothing at all is an empty ledger; a newer
// format and a damaged file are a *FileError, for overwriting either would lose the
// values from before us.
func DecodeLedger(data []byte) (plan.Ledger, error) {
	if data == nil {
		return plan.Ledger{}, nil
	}
	if doc, ok := quickLedger(string(data)); ok && doc.Format == ledgerFormat && doc.Oldest == oldestReader {
		return doc.ledger(), nil
	}
	var doc ledgerDoc
	if err := json.Unmarshal(data, &doc); err != nil {
		return plan.Ledger{}, damagedLedger()
	}
	if doc.Oldest > ledgerFormat || doc.Format < 1 || doc.Oldest == 0 && doc.Format != 1 {
		return plan.Ledger{}, &FileError{
			File: LedgerFile, Message: fmt.Sprintf("has format %d, which wants a codexform that knows format %d; this one knows %d", doc.Format, max(doc.Oldest, 1), ledgerFormat),
			Fix: "use the codexform that wrote it, or a newer one",
		}
	}
	if doc.Format == 1 && !strict(data) {
		return plan.Ledger{}, damagedLedger()
	}
	return doc.ledger(), nil
}

func (doc ledgerDoc) ledger() plan.Ledger {
	l := plan.Ledger{FingerprintKey: doc.Key}
	if doc.Policy != nil {
		l.Policy = *doc.Policy
	}
	if doc.Facts != nil {
		l.Facts = []plan.Fact{}
		for _, f := range *doc.Facts {
			l.Facts = append(l.Facts, plan.Fact{Path: f.Path, Value: f.Value})
		}
	}
	l.Entries = slices.Grow(l.Entries, len(doc.Entries))
	for _, e := range doc.Entries {
		l.Entries = append(l.Entries, plan.Entry{
			File: e.File, Address: e.Path, Last: e.Last, Prior: e.Prior, Secret: e.Secret, Fingerprint: e.Fingerprint,
			Version: e.Version, Host: e.Host, PriorLost: e.PriorLost, Made: e.Made, Displaced: e.Displaced, NewFile: e.NewFile, Default: e.Default, Adopted: e.Adopted,
			MovedTo: e.MovedTo, Note: e.Note, Since: e.Since,
		})
	}
	return l.Indexed()
}

// strict reports whether a ledger has no members but those we know.
func strict(data []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(&ledgerDoc{}) == nil
}

func damagedLedger() error {
	return &FileError{
		File: LedgerFile, Damaged: true, Message: "is damaged",
		Fix: "remove it: the next apply adopts the keys that already have the wanted value; what was there before codexform is then not known any more",
	}
}

// EncodeLedger is the inverse of DecodeLedger.
func EncodeLedger(l plan.Ledger) ([]byte, error) {
	doc := ledgerDoc{Format: ledgerFormat, Oldest: oldestReader, Key: l.FingerprintKey, Entries: []entryDoc{}}
	if l.Policy.Digest != "" {
		doc.Policy = &l.Policy
	}
	if l.Facts != nil {
		facts := []factDoc{}
		for _, f := range l.Facts {
			facts = append(facts, factDoc{f.Path, f.Value})
		}
		doc.Facts = &facts
	}
	for _, e := range l.Entries {
		doc.Entries = append(doc.Entries, entryDoc{
			File: e.File, Path: e.Address, Last: e.Last, Prior: e.Prior, Secret: e.Secret, Fingerprint: e.Fingerprint,
			Version: e.Version, Host: e.Host, PriorLost: e.PriorLost, Made: e.Made, Displaced: e.Displaced, NewFile: e.NewFile, Default: e.Default, Adopted: e.Adopted,
			MovedTo: e.MovedTo, Note: e.Note, Since: e.Since,
		})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}

// DamagedHistory is what plan.ParseHistory says, with what to do about it.
func DamagedHistory(err error) error {
	return &FileError{
		File: StateDir + "/history.jsonl", Damaged: true, Message: err.Error(),
		Fix: "move it away: a new one is begun, and rollback then knows nothing of the applies before",
	}
}
