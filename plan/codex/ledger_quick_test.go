package codex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// slowLedger is what encoding/json makes of a ledger.
func slowLedger(data []byte) (ledgerDoc, error) {
	var doc ledgerDoc
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err := dec.Decode(&doc)
	return doc, err
}

// someLedger is a ledger with something in every member, as long as values allow it
// to be read quickly.
func someLedger(random *rand.Rand, entries int) plan.Ledger {
	l := plan.Ledger{
		FingerprintKey: []byte("0123456789abcdef0123456789abcdef"),
		Policy:         plan.Policy{Paths: []string{"/a", "b"}, Digest: "sha256:x", Time: time.Unix(random.Int64N(1e9), 0).UTC()},
	}
	for i := range entries {
		e := plan.Entry{Address: plan.Address{"t", fmt.Sprint("key ", i)}, Last: someValue(random, 0), Prior: someValue(random, 0)}
		v := reflect.ValueOf(&e).Elem()
		for k := range v.NumField() {
			switch f := v.Field(k); {
			case f.Kind() == reflect.Bool:
				f.SetBool(random.IntN(2) == 0)
			case f.Kind() == reflect.Int:
				f.SetInt(random.Int64N(3))
			case f.Kind() == reflect.String:
				f.SetString([]string{"", "x", "a \"quoted\" one\n\t\\", "[{\"below\":[],\"new\":true}]"}[random.IntN(4)])
			}
		}
		if random.IntN(2) == 0 {
			e.MovedTo = plan.Address{"t", "another key"}
		}
		e.Since = time.Unix(random.Int64N(1e9), 0).UTC()
		l.Entries = append(l.Entries, e)
	}
	return l
}

func someValue(random *rand.Rand, depth int) plan.Value {
	switch k := random.IntN(8); {
	case k == 0:
		return plan.Value{}
	case k == 1:
		return plan.Int(random.Int64() - 1<<62)
	case k == 2:
		return plan.Bool(random.IntN(2) == 0)
	case k == 3 && depth < 3:
		return plan.List(someValue(random, depth+1), someValue(random, depth+1))
	case k == 4 && depth < 3:
		return plan.Table(plan.Member{Key: "a b", Value: someValue(random, depth+1)}, plan.Member{Key: "c", Value: plan.Str("é\r")})
	}
	return plan.Str("https://api.routescope.ai/v1")
}

// TestQuickLedger reads what EncodeLedger writes. Whoever adds a member to entryDoc
// has to add it to ledger_quick.go too: otherwise all is read slowly.
func TestQuickLedger(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 50 {
		data, err := EncodeLedger(someLedger(random, n))
		if err != nil {
			t.Fatal(err)
		}
		want, err := slowLedger(data)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := quickLedger(string(data))
		if !ok {
			t.Fatalf("not read quickly:\n%s", data)
		}
		if !sameLedger(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	for of, fields := range map[reflect.Type]int{reflect.TypeFor[ledgerDoc](): 6, reflect.TypeFor[factDoc](): 2, reflect.TypeFor[entryDoc](): 17, reflect.TypeFor[plan.Policy](): 3} {
		if of.NumField() != fields {
			t.Errorf("%s has %d fields; ledger_quick.go and this test know %d", of, of.NumField(), fields)
		}
	}
	for _, data := range []string{"", "{}x", `{"format":01}`, `{"format":1,"format":1}`, `{"Format":1}`, `{"entries":[{"last":{"$time":"1979-05-27"}}]}`, `{"entries":[{"note":"\u0041"}]}`} {
		if got, ok := quickLedger(data); ok {
			t.Errorf("%s: read quickly, as %v", data, got)
		}
	}
}

func sameLedger(a, b ledgerDoc) bool {
	x, y := a.ledger(), b.ledger()
	return a.Format == b.Format && bytes.Equal(a.Key, b.Key) && len(x.Entries) == len(y.Entries) && x.Equal(y)
}

// FuzzQuickLedger holds the quick reader against encoding/json: what it reads, that
// reads alike.
func FuzzQuickLedger(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 5 {
		data, err := EncodeLedger(someLedger(random, n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(`{"format": 1, "fingerprint_key": null, "entries": [{"path": ["a"], "last": [1, {"x": -5}], "since": "2026-01-02T03:04:05Z"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := quickLedger(text)
		if !ok {
			return
		}
		want, err := slowLedger([]byte(text))
		if err != nil || !sameLedger(got, want) {
			t.Errorf("%q: got %v, want %v, %v", text, got, want, err)
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("%q is a ledger", text)
		}
	})
}
