package codex_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// table is a table of this package: words by the first word of their line.
func table(t *testing.T, name string) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "#" {
			rows[words[0]] = words[1:]
		}
	}
	return rows
}

func realCodex(t *testing.T) codex.Binary {
	t.Helper()
	return codex.Binary{Path: codextest.Binary(t)}
}

// TestKeysAreKnown has the real Codex refuse a wrong value of each key of the top
// level: it does so for keys that it knows, and for no others.
func TestKeysAreKnown(t *testing.T) {
	b := realCodex(t)
	n := 0
	for key, words := range table(t, "keys.txt") {
		if strings.Contains(key, ".") {
			continue
		}
		gone := strings.HasPrefix(words[len(words)-1], "-")
		if !gone {
			n++
		}
		err := b.Loads(t.Context(), []byte(key+" = [[0]]\n"))
		if (err == nil) != gone {
			t.Errorf("%s: with a wrong value Codex says %v; the table says gone = %v", key, err, gone)
		}
	}
	if n != 106 {
		t.Errorf("the table has %d keys of the top level; Codex %s has 106", n, codextest.Version)
	}
}

// TestProviderKeysAreKnown is the same for the keys of a provider.
func TestProviderKeysAreKnown(t *testing.T) {
	b := realCodex(t)
	n := 0
	for key := range table(t, "keys.txt") {
		rest, ok := strings.CutPrefix(key, "model_providers.*.")
		if !ok || strings.Contains(rest, ".") {
			continue
		}
		n++
		config := fmt.Sprintf("[model_providers.x]\n%s = [[0]]\n", rest)
		if rest != "name" {
			config += "name = \"x\"\n"
		}
		if err := b.Loads(t.Context(), []byte(config)); err == nil {
			t.Errorf("Codex takes a wrong value of %s: it does not know the key", key)
		}
	}
	if n != 24 {
		t.Errorf("the table has %d keys of a provider; Codex %s has 24", n, codextest.Version)
	}
}

// TestClosedTables has the real Codex take every key below a table that is said
// to be closed, and refuse another one there.
func TestClosedTables(t *testing.T) {
	b := realCodex(t)
	rows := table(t, "keys.txt")
	for key, words := range rows {
		if words[0] != "struct" || key == "features" {
			continue
		}
		header, before := strings.ReplaceAll(key, "*", "x"), ""
		if strings.HasPrefix(key, "model_providers.*.") {
			before = "[model_providers.x]\nname = \"x\"\n"
		}
		lines := []string{before + "[" + header + "]"}
		for below, words := range rows {
			name, ok := strings.CutPrefix(below, key+".")
			if !ok || strings.Contains(name, ".") || words[0] == "any" || words[0] == "struct" {
				continue
			}
			if v := sample(words); v != "" && !exclusive[name] {
				lines = append(lines, name+" = "+v)
			}
		}
		config := strings.Join(lines, "\n") + "\n"
		if err := b.LoadsStrictly(t.Context(), []byte(config)); err != nil {
			t.Errorf("[%s]: %v\n%s", key, err, config)
		}
		config += "no_such_key = 1\n"
		if err := b.LoadsStrictly(t.Context(), []byte(config)); err == nil || !strings.Contains(err.Error(), "no_such_key") {
			t.Errorf("[%s] with a key that nobody knows: %v", key, err)
		}
	}
}

// exclusive are keys of a provider that do not go with the others.
var exclusive = map[string]bool{"aws": true, "gateway_oauth": true, "auth": true, "project_id": true, "location": true, "credential_file": true, "model_catalog_url": true, "supports_websockets": true}

// sample is a good value for a key of the table.
func sample(words []string) string {
	switch kind, _, _ := strings.Cut(words[0], "|"); kind {
	case "string":
		return `"x"`
	case "bool":
		return "true"
	case "int":
		return "1"
	case "list":
		return "[]"
	case "table":
		return "{}"
	case "enum":
		return `"` + words[1] + `"`
	}
	return ""
}

// TestEnumerations has the real Codex take every value of an enumeration, and
// refuse another one.
func TestEnumerations(t *testing.T) {
	b := realCodex(t)
	for key, words := range table(t, "keys.txt") {
		if !strings.HasPrefix(words[0], "enum") {
			continue
		}
		before, name := header(key)
		for _, value := range append(words[1:], "no-such-value") {
			if value[0] == '+' || value == "chat" {
				continue
			}
			err := b.Loads(t.Context(), []byte(fmt.Sprintf("%s%s = %q\n", before, name, value)))
			if (err == nil) != (value != "no-such-value") {
				t.Errorf("%s = %q: %v", key, value, err)
			}
		}
	}
}

// header is what must stand before a key so that it is the one at an address.
func header(key string) (before, name string) {
	parts := strings.Split(strings.ReplaceAll(key, "*", "x"), ".")
	for i := 1; i < len(parts); i++ {
		before += "[" + strings.Join(parts[:i], ".") + "]\n"
		if parts[0] == "model_providers" && i == 2 {
			before += "name = \"x\"\n"
		}
	}
	return before, parts[len(parts)-1]
}

// TestFeatures holds the table of features against codex features list.
func TestFeatures(t *testing.T) {
	home := codextest.Home(t)
	out := codextest.Run(t, home, nil, "features", "list").Stdout
	got := map[string]string{}
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		got[words[0]] = strings.Join(words[1:len(words)-1], " ")
	}
	want, aliases := map[string]string{}, []string{}
	for name, words := range table(t, "features.txt") {
		switch words[0] {
		case "alias":
			aliases = append(aliases, name+" = true")
		case "development":
			want[name] = "under development"
		default:
			want[name] = words[0]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("features (-table +Codex):\n%s", diff)
	}
	slices.Sort(aliases)
	if err := realCodex(t).LoadsStrictly(t.Context(), []byte("[features]\n"+strings.Join(aliases, "\n"))); err != nil {
		t.Errorf("aliases of features: %v", err)
	}
}
