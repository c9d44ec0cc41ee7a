package codex_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

func TestLookupKey(t *testing.T) {
	for _, tc := range []struct {
		key     plan.Address
		version codex.Version
		known   bool
	}{
		{plan.Address{"model"}, codex.Version{}, true},
		{plan.Address{"model"}, codex.Version{Minor: 1}, true},
		{plan.Address{"no_such_key"}, codex.Version{}, false},
		{plan.Address{""}, codex.Version{}, false},
		{plan.Address{"#"}, codex.Version{}, false},
		{plan.Address{"model string\nmodel_auto_compact_token_limit"}, codex.Version{}, false},
		{plan.Address{"history.max_bytes"}, codex.Version{}, false},
		{plan.Address{"features", "unified_exec", "anything"}, codex.Version{}, true},
		{plan.Address{"desktop", "anything", "at all"}, codex.Version{}, true},
		{plan.Address{"model_providers", "a.b", "base_url"}, codex.Version{}, true},
		{plan.Address{"model_providers", "a.b", "no_such_key"}, codex.Version{}, false},
		{plan.Address{"model_providers", "*", "base_url"}, codex.Version{}, true},
		{plan.Address{"history", "max_bytes"}, codex.Version{}, true},
		{plan.Address{"history", "no_such_key"}, codex.Version{}, false},
		{plan.Address{"features", "unified_exec"}, codex.Version{}, true},
		{plan.Address{"features", "no_such_feature"}, codex.Version{}, false},
		// zsh_path was seen in 0.120.0, and no more in 0.142.3; between them nobody knows.
		{plan.Address{"zsh_path"}, codex.Version{Minor: 120}, true},
		{plan.Address{"zsh_path"}, codex.Version{Minor: 47}, false},
		{plan.Address{"zsh_path"}, codex.Version{Minor: 145}, false},
		{plan.Address{"zsh_path"}, codex.Version{}, false},
		{plan.Address{"zsh_path"}, codex.Version{Minor: 200}, false},
		{plan.Address{"goals"}, codex.Version{Minor: 120}, false},
		{plan.Address{"goals"}, codex.Version{Minor: 171}, true},
		{plan.Address{"goals"}, codex.Version{Minor: 200}, true},
		{plan.Address{"model_providers", "x", "auth", "command"}, codex.Version{Minor: 47}, false},
		{plan.Address{"model_providers", "x", "auth", "command"}, codex.Version{Minor: 120}, true},
		{plan.Address{"hooks", "PreToolUse", "[]", "hooks", "[]", "type"}, codex.Version{}, true},
		{plan.Address{"hooks", "PreToolUse", "[]", "hooks", "[]", "no_such_key"}, codex.Version{}, false},
		{plan.Address{"tui", "no_such_key"}, codex.Version{}, false},
		{plan.Address{"mcp_servers", "x", "comand"}, codex.Version{}, false},
		{plan.Address{"mcp_servers", "x", "env", "ANY"}, codex.Version{}, true},
	} {
		if _, known := codex.LookupKey(tc.key, tc.version); known != tc.known {
			t.Errorf("Codex %v knows %v: %v, want %v", tc.version, tc.key, known, tc.known)
		}
	}
}

// TestTablesSorted: the tables are searched by halves.
func TestTablesSorted(t *testing.T) {
	for _, name := range []string{"keys.txt", "features.txt"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for line := range strings.Lines(string(data)) {
			word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			words = append(words, word)
		}
		for i, word := range words[:len(words)-1] {
			if word >= words[i+1] && word > "#" {
				t.Errorf("%s: %s stands before %s", name, word, words[i+1])
			}
		}
		for _, word := range words {
			a := address(word)
			if name == "features.txt" {
				a = plan.Address{"features", word}
			}
			if k, _ := codex.LookupKey(a, codex.Version{}); word > "#" && k == nil {
				t.Errorf("%s: %s is not found", name, word)
			}
		}
	}
}

// TestKeysAreKnown: of each measured version the table knows as many keys, at every depth,
// as its program answered for when the table was made: one that is missing, one too many,
// or one of the wrong versions fails.
func TestKeysAreKnown(t *testing.T) {
	rows, counts := table(t, "keys.txt"), table(t, "testdata/counts.txt")
	if len(counts) < 30 {
		t.Errorf("only %d versions were counted", len(counts))
	}
	for version, want := range counts {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, words := range rows {
			if rowHolds(t, words, v) {
				got++
			}
		}
		if strconv.Itoa(got) != want[0] {
			t.Errorf("Codex %s: keys.txt has %d keys, its program %s", version, got, want[0])
		}
	}
}

// rowHolds reports a row of a table that holds in a version, by its last word.
func rowHolds(t *testing.T, words []string, v codex.Version) bool {
	t.Helper()
	span, some := strings.CutPrefix(words[len(words)-1], "@")
	since, gone, _ := strings.Cut(span, "..")
	for _, end := range []struct {
		version string
		outside func(int) bool
	}{{since, func(order int) bool { return order < 0 }}, {gone, func(order int) bool { return order >= 0 }}} {
		if !some || end.version == "" {
			continue
		}
		if at, err := codex.ParseVersion(end.version); err != nil {
			t.Fatal(err)
		} else if end.outside(v.Compare(at)) {
			return false
		}
	}
	return true
}
