package codex_test

import (
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/tomlfile"
)

// decode is a TOML text as a value.
func decode(t testing.TB, text string) plan.Value {
	t.Helper()
	doc, err := tomlfile.Parse([]byte(text))
	if err != nil {
		t.Fatalf("decoding %q: %v", text, err)
	}
	return doc.Root
}

// decodeAuth is an auth.json, "" for none.
func decodeAuth(t testing.TB, text string) plan.Auth {
	t.Helper()
	if text == "" {
		return plan.Auth{}
	}
	s, err := codex.Decode("", codex.File{}, codex.File{Exists: true, Data: []byte(text), Mode: 0o600}, nil)
	if err != nil {
		t.Fatalf("decoding %q: %v", text, err)
	}
	return s.Observed.Auth
}
