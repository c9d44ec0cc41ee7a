package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	sought = regexp.MustCompile("(?m)^\\| ([^|]+) \\| `(\\w+)` \\| (.+) \\|$")
	stands = regexp.MustCompile("`([\\w/.]+\\.go)` `(\\w+)`")
)

// TestWhere holds docs/where.md against the tree: what it names is declared there, and
// can be found by the word that one would look for.
func TestWhere(t *testing.T) {
	rows := sought.FindAllStringSubmatch(readFile(t, filepath.Join("..", "..", "docs", "where.md")), -1)
	if len(rows) != 10 {
		t.Fatalf("%d rows, want 10", len(rows))
	}
	for _, row := range rows {
		places := stands.FindAllStringSubmatch(row[3], -1)
		if len(places) == 0 {
			t.Errorf("%s: no place", row[1])
		}
		for _, p := range places {
			declaration := regexp.MustCompile(`(?m)((?:^//.*\n)*)^(?:func(?: \([^)]*\))?|type|var|const) ` + p[2] + `\b.*`)
			found := declaration.FindString(readFile(t, filepath.Join("..", "..", p[1])))
			if found == "" {
				t.Errorf("%s: %s declares no %s", row[1], p[1], p[2])
			}
			if met := strings.ToLower(p[1] + " " + found); !strings.Contains(met, row[2]) {
				t.Errorf("%s: nobody who looks for %q meets %s in %s", row[1], row[2], p[2], p[1])
			}
		}
	}
}
