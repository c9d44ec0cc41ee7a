package commit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// phase is how far a transaction came; it is the name of its intent.
type phase string

const (
	// staging: no target has been touched; whatever else lies about is rubbish.
	staging phase = "staging"
	// switching: the targets are being switched; back or forward, as they say themselves.
	switching phase = "intent"
	// done: the new state is in force; what is left is to tidy up.
	done phase = "done"
)

// intentFormat is the version of the intent's format. A newer one is refused. Version 1
// did not say which state files come, because they came after the last sync.
const intentFormat = 2

// intent is all that recovery needs to know of a transaction. It holds no content,
// and what it says of content is keyed with a random key of its own.
type intent struct {
	Format int     `json:"format"`
	ID     string  `json:"id"`
	Key    []byte  `json:"key"`
	Order  Order   `json:"order"`
	Files  []entry `json:"files"`
	// Origins are the hosts of config.toml, before and after; equal where they do not
	// count.
	Origins [2]string `json:"origins"`
	// NoLedger says that there is no ledger in the new state.
	NoLedger bool `json:"no_ledger"`
	// Comes are the state files that wait to be installed, Goes is a ledger that there
	// was: one of them gone from its place shows that the new state is in force.
	Comes []string `json:"comes"`
	Goes  bool     `json:"goes"`
}

// entry is one file of a transaction.
type entry struct {
	Auth   bool   `json:"auth"` // auth.json, else config.toml
	Dir    string `json:"dir"`  // "" for the home itself
	Name   string `json:"name"`
	Before mark   `json:"before"`
	After  mark   `json:"after"`
	Modes  bool   `json:"modes"` // only the mode differs, so marks include it
	Keep   string `json:"keep"`  // name for the displaced file, "" to remove it
}

// mark stands for the content of a file; "" for no file.
type mark string

// other is the mark of content that is neither old nor new.
const other mark = "other"

func (s *Session) newIntent(order Order) intent {
	key := make([]byte, 32)
	rand.Read(key)
	return intent{Format: intentFormat, ID: s.newID(), Key: key, Order: order}
}

// newID is a random name that shows which home it is of: two homes may keep their
// files in one folder, by links.
func (s *Session) newID() string {
	id := make([]byte, 12)
	rand.Read(id)
	return s.idPrefix() + hex.EncodeToString(id)
}

func (s *Session) idPrefix() string {
	sum := sha256.Sum256([]byte(s.home.path))
	return hex.EncodeToString(sum[:4])
}

// mark tells contents apart, and modes too where nothing else differs.
func (r intent) mark(e entry, data []byte, mode uint32) mark {
	m := hmac.New(sha256.New, r.Key)
	if e.Modes {
		fmt.Fprintf(m, "%o ", mode)
	}
	m.Write(data)
	return mark(hex.EncodeToString(m.Sum(nil)[:16]))
}

func (r intent) encode() []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic("encoding an intent: " + err.Error())
	}
	return b
}

// isID reports whether a text can be what names the files of a run.
func isID(s string) bool { return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == "" }

// decodeIntent reads an intent, and trusts it no further than it must: its names
// stay single components.
func decodeIntent(b []byte) (intent, error) {
	var r intent
	if err := json.Unmarshal(b, &r); err != nil {
		return r, errDamagedIntent
	}
	if r.Format > intentFormat {
		return r, errNewerIntent
	}
	ok := (r.Format == 1 || r.Format == intentFormat) && isID(r.ID)
	for _, e := range r.Files {
		ok = ok && component(e.Name) && (e.Keep == "" || component(e.Keep)) && (e.Dir == "" || filepath.IsAbs(e.Dir))
	}
	if !ok {
		return r, errDamagedIntent
	}
	return r, nil
}

var (
	errDamagedIntent = errors.New("is damaged")
	errNewerIntent   = errors.New("was written by a newer codexform")
)

func component(name string) bool {
	return name != "" && name != "." && name != ".." && filepath.Base(name) == name
}
