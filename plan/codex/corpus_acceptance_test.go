package codex_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/plan/tomlfile"
)

// TestRulesOverRealFiles holds the rules against the pinned Codex over config.toml
// files as people have them: no error about a file that it starts with, and one about
// each that it does not; and unknown keys where its strict mode finds one, no others.
func TestRulesOverRealFiles(t *testing.T) {
	b := realCodex(t)
	v, err := codex.ParseVersion(codextest.Version)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("../tomlfile/testdata/corpus/*.toml")
	if err != nil || len(paths) < 200 {
		t.Fatal(len(paths), err)
	}
	documented, err := filepath.Glob("testdata/documented/*.toml")
	if err != nil || len(documented) < 8 {
		t.Fatal(len(documented), err)
	}
	paths = append(paths, documented...)
	loaded, strange, strangers := 0, 0, 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := tomlfile.Parse(data)
		if err != nil {
			continue
		}
		var stops, unknown []string
		for _, d := range codex.Check(codex.Checked{Root: doc.Root, Version: v}) {
			switch {
			case d.Stops:
				stops = append(stops, d.Summary)
			case d.Rule == "unknown-key":
				unknown = append(unknown, keyOf(d.Summary))
			}
		}
		real := b.Loads(t.Context(), data)
		if (real != nil) != (len(stops) > 0) {
			t.Errorf("%s: Codex says %v, the rules %q", filepath.Base(path), real, stops)
		}
		if real != nil {
			continue
		}
		loaded++
		strict := b.LoadsStrictly(t.Context(), data)
		if strict != nil {
			strange++
		}
		var want []string
		if strict != nil { // which it minds, one after the other
			word, err := b.Word(t.Context(), data)
			if err != nil || !word.Strict {
				t.Fatalf("%s: %v", filepath.Base(path), err)
			}
			for _, a := range word.Unknown {
				want = append(want, strings.ReplaceAll(a.String(), ".\"[]\"", "[]"))
			}
		}
		slices.Sort(unknown)
		slices.Sort(want)
		if diff := cmp.Diff(want, unknown); diff != "" {
			t.Errorf("%s: keys that nobody knows (-strict Codex +rules):\n%s", filepath.Base(path), diff)
		}
		strangers += len(want)
	}
	t.Logf("%d of %d files load; %d of them have %d keys that are not known", loaded, len(paths), strange, strangers)
	if loaded < 50 || strange < 5 {
		t.Errorf("%d files load, %d of them with keys that are not known: the test proves nothing", loaded, strange)
	}
}

// keyOf is the key that a finding of unknown-key is about.
func keyOf(summary string) string {
	_, key, _ := strings.Cut(summary, "does not know ")
	key, _, _ = strings.Cut(key, " and ignores")
	key, _, _ = strings.Cut(key, " (")
	return key
}

// TestNoFalseErrors: files like those in Codex's own documentation, of today and of
// older days, are refused by a version exactly where the rules say so.
func TestNoFalseErrors(t *testing.T) {
	documented, err := filepath.Glob("testdata/documented/*.toml")
	if err != nil || len(documented) < 8 {
		t.Fatal(len(documented), err)
	}
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		loaded := 0
		for _, path := range documented {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			real := codex.Binary{Path: program}.Loads(t.Context(), data)
			if real == nil {
				loaded++
			}
			if said := saysItStops(string(data), v); (real != nil) != (len(said) > 0) {
				t.Errorf("%s: Codex says %v, the rules %q", filepath.Base(path), real, said)
			}
		}
		if loaded < 3 {
			t.Errorf("%d of %d load: the files prove nothing", loaded, len(documented))
		}
	})
}
