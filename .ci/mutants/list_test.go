package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutantsStand holds the list against the tree: what a mutant breaks stands in its
// file, and once, so that it breaks what it says.
func TestMutantsStand(t *testing.T) {
	for i, m := range mutants {
		data, err := os.ReadFile(filepath.Join("..", "..", m.file))
		if err != nil {
			t.Errorf("%d %s: %v", i+1, m.what, err)
			continue
		}
		if n := strings.Count(string(data), m.old); n != 1 {
			t.Errorf("%d %s: %q stands %d times in %s", i+1, m.what, m.old, n, m.file)
		}
	}
}
