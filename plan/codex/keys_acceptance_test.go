package codex_test

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
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

var (
	countedTop   = regexp.MustCompile(`struct ConfigToml with (\d+) elements`)
	countedTable = regexp.MustCompile(`expected struct \S+ with (\d+) elements?`)
)

// TestKeysAreCounted: the tables have as many keys as the program itself counts, for
// each table of which it says the number. One that is missing, or one too many, fails.
func TestKeysAreCounted(t *testing.T) {
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		m := countedTop.FindSubmatch(data)
		if m == nil {
			t.Fatal("the program does not count its keys")
		}
		rows := table(t, "keys.txt")
		if got := len(namesOf(rows, "", v)); strconv.Itoa(got) != string(m[1]) {
			t.Errorf("the table has %d keys of the top level, Codex %s has %s", got, version, m[1])
		}
		b := codex.Binary{Path: program}
		counted := 0
		for path := range rows {
			key, known := codex.LookupKey(address(path), v)
			if !known || key == nil || !key.Closed || strings.Contains(path, "[]") {
				continue
			}
			err := b.Loads(t.Context(), []byte(settingOf(path, "[]")))
			if err == nil {
				continue
			}
			if m := countedTable.FindStringSubmatch(err.Error()); m != nil {
				counted++
				if names := namesOf(rows, path, v); strconv.Itoa(len(names)) != m[1] {
					t.Errorf("the table has %d keys of %s, Codex %s has %s: %v", len(names), path, version, m[1], names)
				}
			}
		}
		if counted < 3 {
			t.Errorf("only %d tables were counted: the test proves nothing", counted)
		}
	})
}

// address is a key of keys.txt.
func address(path string) plan.Address {
	path = strings.ReplaceAll(path, `\.`, "\x00")
	var a plan.Address
	for part := range strings.SplitSeq(path, ".") {
		a = append(a, strings.ReplaceAll(part, "\x00", "."))
	}
	return a
}

// settingOf is a file with a value for a key of keys.txt.
func settingOf(path, value string) string {
	var parts []string
	for _, part := range address(path) {
		if part == "*" {
			part = "zz"
		}
		parts = append(parts, strconv.Quote(part))
	}
	return strings.Join(parts, ".") + " = " + value + "\n"
}

// sameKey are second names of keys, which a program does not count.
var sameKey = map[string]string{
	"no_memories_if_mcp_or_web_search":      "disable_on_external_context",
	"ignore_untracked_files_over_bytes":     "ignore_large_untracked_files",
	"large_untracked_dir_warning_threshold": "ignore_large_untracked_dirs",
}

// namesOf are the names in a table that a version knows.
func namesOf(rows map[string][]string, path string, v codex.Version) []string {
	var names []string
	for other := range rows {
		a := address(other)
		depth := 0
		if path != "" {
			depth = len(address(path))
		}
		if len(a) != depth+1 || path != "" && !strings.HasPrefix(other, path+".") {
			continue
		}
		if name := a[len(a)-1]; name == "*" || name == "[]" {
			continue
		}
		if _, known := codex.LookupKey(a, v); known {
			names = append(names, a[len(a)-1])
		}
	}
	for alias, name := range sameKey {
		if slices.Contains(names, name) {
			names = slices.DeleteFunc(names, func(n string) bool { return n == alias })
		}
	}
	slices.Sort(names)
	return names
}

// TestEnumerations has each program take every value of an enumeration of the top
// level, and refuse another one.
func TestEnumerations(t *testing.T) {
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		b := codex.Binary{Path: program}
		tried := 0
		for path := range table(t, "keys.txt") {
			key, known := codex.LookupKey(address(path), v)
			if !known || key == nil || !slices.Equal(key.Kinds, []string{"enum"}) || strings.Contains(path, ".") {
				continue
			}
			tried++
			for _, value := range append(key.Values, "no-such-value") {
				err := b.Loads(t.Context(), []byte(settingOf(path, strconv.Quote(value))))
				if (err == nil) != (value != "no-such-value") {
					t.Errorf("%s = %q: %v", path, value, err)
				}
			}
		}
		if tried < 4 {
			t.Errorf("only %d enumerations", tried)
		}
	})
}

// TestFeatures holds the table of features against codex features list.
func TestFeatures(t *testing.T) {
	codextest.Each(t, func(t *testing.T, version, program string) {
		v, err := codex.ParseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, "features", "list")
		home := codextest.Home(t)
		cmd.Env = []string{"HOME=" + home, "CODEX_HOME=" + home}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for line := range strings.Lines(string(out)) {
			words := strings.Fields(line)
			got[words[0]] = strings.TrimPrefix(strings.Join(words[1:len(words)-1], " "), "under ")
		}
		want := map[string]string{}
		for name := range table(t, "features.txt") {
			key, known := codex.LookupKey(plan.Address{"features", name}, v)
			if known && key.Stage != "alias" && key.Stage != "" { // "": a table of a feature that it does not list
				want[name] = key.Stage
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("features (-table +Codex):\n%s", diff)
		}
	})
}

// TestFeatureAliases: the pinned Codex takes every alias.
func TestFeatureAliases(t *testing.T) {
	var aliases []string
	for name, words := range table(t, "features.txt") {
		if words[0] == "alias" {
			aliases = append(aliases, name+" = true")
		}
	}
	slices.Sort(aliases)
	if err := realCodex(t).LoadsStrictly(t.Context(), []byte("[features]\n"+strings.Join(aliases, "\n"))); err != nil || len(aliases) == 0 {
		t.Errorf("aliases of features: %v", err)
	}
}
