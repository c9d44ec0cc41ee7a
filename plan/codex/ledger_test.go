package codex_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func TestLedgerRoundTrip(t *testing.T) {
	want := plan.Ledger{
		FingerprintKey: []byte("machine"),
		Entries: []plan.Entry{
			{
				File: plan.ConfigFile, Address: plan.Address{"a", "b.c"}, Last: plan.Float(0.5), Prior: plan.Time("1979-05-27"),
				PriorLost: true, Made: 1, Displaced: true, NewFile: true, Default: true, Adopted: true, MovedTo: plan.Address{"a", "b"}, Note: "[]", Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			},
			{File: plan.AuthFile, Address: plan.KeyMember, Secret: true, Fingerprint: "00", Version: "7", Host: "https://gate.example"},
		},
	}
	data, err := codex.EncodeLedger(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := codex.DecodeLedger(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(plan.Value.Equal)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What is not ours to read is not overwritten either.
func TestLedgerRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"format":2,"entries":[]}`:           "has format 2",
		`{"format":9,"oldest_reader":3}`:      "has format 9, which wants a codexform that knows format 3; this one knows 2",
		`{"oldest_reader":1}`:                 "has format 0",
		`{"format":1,"entries":[],"extra":1}`: "is damaged",
		`{"format":1,"entries":[{"path":1}]}`: "is damaged",
		"":                                    "is damaged",
		"\x00\x00\x00":                        "is damaged",
	} {
		_, err := codex.DecodeLedger([]byte(text))
		var bad *codex.FileError
		if !errors.As(err, &bad) || bad.Fix == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	// A newer one that says we may.
	newer := `{"format":9,"oldest_reader":2,"entries":[{"file":"config.toml","path":["x"],"last":1,"prior":null,"mood":"new"}],"new":{}}`
	if l, err := codex.DecodeLedger([]byte(newer)); err != nil || len(l.Entries) != 1 || l.Entries[0].Last.Int64() != 1 {
		t.Errorf("a newer ledger: got %v, %v", l, err)
	}
	// And one of before.
	older := `{"format":1,"fingerprint_key":"AAAA","entries":[{"file":"config.toml","path":["x"],"last":1,"prior":2,"since":"2026-01-02T03:04:05Z"}]}`
	if l, err := codex.DecodeLedger([]byte(older)); err != nil || len(l.Entries) != 1 || l.Entries[0].Prior.Int64() != 2 {
		t.Errorf("an older ledger: got %v, %v", l, err)
	}
	if l, err := codex.DecodeLedger(nil); err != nil || len(l.Entries) != 0 {
		t.Errorf("no ledger: got %v, %v", l, err)
	}
}

// Three different things: a file that is missing, one that is empty, one that is
// damaged.
func TestMissingEmptyDamaged(t *testing.T) {
	decode := func(config, auth codex.File) (codex.Snapshot, error) { return codex.Decode("/h", config, auth, nil) }
	if s, err := decode(codex.File{}, codex.File{}); err != nil || s.Observed.Config.Exists || s.Observed.Auth.Exists {
		t.Errorf("missing: %v", err)
	}
	if s, err := decode(codex.File{Exists: true}, codex.File{}); err != nil || !s.Observed.Config.Exists {
		t.Errorf("an empty config.toml is a valid one: %v", err)
	}
	for name, files := range map[string][2]codex.File{
		"empty auth.json":      {{}, {Exists: true}},
		"cut auth.json":        {{}, {Exists: true, Data: []byte(`{"OPENAI_API_KEY":"sk-hidden`)}},
		"NUL config.toml":      {{Exists: true, Data: make([]byte, 20)}, {}},
		"key is a number":      {{}, {Exists: true, Data: []byte(`{"OPENAI_API_KEY":12}`)}},
		"duplicate key":        {{Exists: true, Data: []byte("a = 1\na = 2\n")}, {}},
		"config is not UTF-8":  {{Exists: true, Data: []byte("a = \"\xff\"\n")}, {}},
		"auth.json is a list":  {{}, {Exists: true, Data: []byte(`[]`)}},
		"auth.json with a BOM": {{}, {Exists: true, Data: []byte("\ufeff{}")}},
	} {
		_, err := decode(files[0], files[1])
		var bad *codex.FileError
		if !errors.As(err, &bad) || !bad.Damaged || bad.Fix == "" {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if strings.Contains(err.Error()+bad.Fix, "hidden") {
			t.Errorf("%s: the message quotes the file: %v", name, err)
		}
	}
}
