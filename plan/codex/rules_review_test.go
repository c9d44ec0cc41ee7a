package codex_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

var listHarmless = flag.Bool("list-harmless", false, "print the keys that no rule of severity review watches")

// tried are changes of a key, whatever kind it has: given, taken away, turned over.
func tried(words []string) []plan.Change {
	values := []plan.Value{plan.Str("text"), plan.Bool(true), plan.Bool(false), plan.Int(1)}
	for _, word := range words {
		if word, _, _ = strings.Cut(word, "@"); word != "" {
			values = append(values, plan.Str(word))
		}
	}
	for _, v := range slices.Clone(values) {
		values = append(values, plan.List(v), plan.List(plan.Str("another"), v))
	}
	var out []plan.Change
	for _, before := range append(values, plan.Value{}) {
		for _, after := range append(values, plan.Value{}) {
			if !before.Equal(after) {
				out = append(out, plan.Change{Action: plan.Update, Before: before, After: after})
			}
		}
	}
	return out
}

// watchedBy reports whether a rule of severity review speaks of some change of a key.
func watchedBy(key plan.Address, words []string) bool {
	key = slices.Clone(key)
	for i, segment := range key {
		if segment == "*" {
			key[i] = "zz"
		}
	}
	changes := tried(words)
	for i := range changes {
		changes[i].Address = key
	}
	return slices.ContainsFunc(codex.Check(codex.Checked{Changes: changes}), func(d plan.Diagnostic) bool { return d.Severity == plan.Review })
}

// TestEveryKeyIsJudged demands of every key and feature that Codex knows that somebody
// has judged it: a rule of severity review watches it, or it stands in the list of what
// can do no harm. A key that a newer Codex brings stands in neither.
func TestEveryKeyIsJudged(t *testing.T) {
	data, err := os.ReadFile("testdata/harmless.txt")
	if err != nil {
		t.Fatal(err)
	}
	harmless, known := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			harmless[line] = true
		}
	}
	judged := func(key plan.Address, words []string) {
		name := strings.Join(key, " ")
		switch watched := watchedBy(key, words); {
		case watched && harmless[name]:
			t.Errorf("%s is watched, and stands among the harmless", name)
		case !watched && !harmless[name] && *listHarmless:
			t.Log("unjudged: " + name)
		case !watched && !harmless[name]:
			t.Errorf("nobody has judged %s: let a rule watch it (rules_review_table.go), or write it into testdata/harmless.txt", name)
		}
		known[name] = true
	}
	for path, words := range table(t, "keys.txt") {
		if kinds := words[0]; strings.HasSuffix(path, "[]") || strings.Contains(path, ".[].") || container(kinds) || strings.HasPrefix(path, "profiles.") {
			continue // judged where its list or its values are
		}
		judged(address(path), words[1:])
	}
	for name := range table(t, "features.txt") {
		judged(plan.Address{"features", name}, nil)
	}
	for name := range harmless {
		if known[name] {
			continue
		}
		t.Errorf("%s stands among the harmless, and no table knows it", name)
	}
}

// container reports a key that has no value of its own.
func container(kinds string) bool {
	for kind := range strings.SplitSeq(kinds, "|") {
		if kind, _, _ = strings.Cut(kind, "@"); kind != "table" && kind != "struct" {
			return false
		}
	}
	return true
}

// What a change of ours brings about stands with the change, at its line of the policy;
// what was there before stays the user's.
func TestCausedByOurChange(t *testing.T) {
	was := decode(t, "[mcp_servers.a]\ncommand = \"a\"\nstartup_timeout = 1\n[mcp_servers.b]\nurl = \"https://b.example/mcp\"\nstartup_timeout = 1\n")
	line := plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 4, Column: 5}}
	after := decode(t, "[mcp_servers.a]\ncommand = \"a\"\nstartup_timeout = 1\nnot_a_key = 1\n[mcp_servers.b]\nurl = \"https://b.example/mcp\"\nstartup_timeout = 1\n")
	found := codex.Check(codex.Checked{
		Root: after, Before: plan.Observed{Config: plan.Config{Exists: true, Root: was}},
		Place: func(plan.Address) plan.Origin {
			return plan.Origin{File: plan.ConfigFile, Place: plan.Place{Line: 1, Column: 1}}
		},
		Changes: []plan.Change{{Address: plan.Address{"mcp_servers", "a", "not_a_key"}, Action: plan.Create, After: plan.Int(1), Origin: line}},
	})
	ours, theirs := 0, 0
	for _, d := range found {
		switch {
		case d.Rule != "unknown-key":
		case strings.Contains(d.Summary, "not_a_key"):
			ours++
			if d.Origin != line {
				t.Errorf("%s stands at %v", d.Summary, d.Origin)
			}
		default:
			theirs++
			if d.Origin.File != plan.ConfigFile {
				t.Errorf("%s stands at %v", d.Summary, d.Origin)
			}
		}
	}
	if ours != 1 || theirs != 2 {
		t.Errorf("%d findings of ours, %d of the user's: %v", ours, theirs, found)
	}
}
