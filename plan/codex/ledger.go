package codex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/codexform/codexform/plan"
)

// LedgerFile is the ledger's name in messages.
const LedgerFile = StateDir + "/ledger.json"

const ledgerFormat = 1

type ledgerDoc struct {
	Format  int        `json:"format"`
	Key     []byte     `json:"fingerprint_key"`
	Entries []entryDoc `json:"entries"`
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
	NewFile     bool       `json:"new_file,omitempty"`
	Default     bool       `json:"default,omitempty"`
	Adopted     bool       `json:"adopted,omitempty"`
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
	var version struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return plan.Ledger{}, damagedLedger()
	}
	if version.Format != ledgerFormat {
		return plan.Ledger{}, &FileError{
			File: LedgerFile, Message: fmt.Sprintf("has format %d, this codexform knows %d", version.Format, ledgerFormat),
			Fix: "use the codexform that wrote it, or a newer one",
		}
	}
	var doc ledgerDoc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return plan.Ledger{}, damagedLedger()
	}
	l := plan.Ledger{FingerprintKey: doc.Key}
	for _, e := range doc.Entries {
		l.Entries = append(l.Entries, plan.Entry{
			File: e.File, Address: e.Path, Last: e.Last, Prior: e.Prior, Secret: e.Secret, Fingerprint: e.Fingerprint,
			Version: e.Version, Host: e.Host, PriorLost: e.PriorLost, NewFile: e.NewFile, Default: e.Default, Adopted: e.Adopted,
			Note: e.Note, Since: e.Since,
		})
	}
	return l, nil
}

func damagedLedger() error {
	return &FileError{
		File: LedgerFile, Damaged: true, Message: "is damaged",
		Fix: "remove it: the next apply adopts the keys that already have the wanted value; what was there before codexform is then not known any more",
	}
}

// EncodeLedger is the inverse of DecodeLedger.
func EncodeLedger(l plan.Ledger) ([]byte, error) {
	doc := ledgerDoc{Format: ledgerFormat, Key: l.FingerprintKey, Entries: []entryDoc{}}
	for _, e := range l.Entries {
		doc.Entries = append(doc.Entries, entryDoc{
			File: e.File, Path: e.Address, Last: e.Last, Prior: e.Prior, Secret: e.Secret, Fingerprint: e.Fingerprint,
			Version: e.Version, Host: e.Host, PriorLost: e.PriorLost, NewFile: e.NewFile, Default: e.Default, Adopted: e.Adopted,
			Note: e.Note, Since: e.Since,
		})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}
