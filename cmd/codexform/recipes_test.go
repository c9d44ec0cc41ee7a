package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	place   = regexp.MustCompile("(?m)^- `([^`]+)`: `([^`]+)`")
	example = regexp.MustCompile("The example is `([^`]+)`")
	named   = regexp.MustCompile("`(Test[A-Za-z]+)`")
)

// TestRecipes holds the recipes of CONTRIBUTING.md against the tree: each place has the
// words that the recipe gives, each test is there, and where the example's name stands
// as a word of the program, a recipe knows of it.
func TestRecipes(t *testing.T) {
	_, recipes, _ := strings.Cut(readFile(t, filepath.Join("..", "..", ".github", "CONTRIBUTING.md")), "## Four recipes")
	sections := strings.Split(recipes, "\n### ")
	if len(sections) != 5 {
		t.Fatalf("%d recipes, want 4", len(sections)-1)
	}
	for _, m := range named.FindAllStringSubmatch(recipes, -1) {
		if len(holding(t, ".", "func "+m[1]+"(", "_test.go")) == 0 {
			t.Errorf("there is no test %s", m[1])
		}
	}
	for _, section := range sections[1:] {
		recipe(t, section)
	}
}

func recipe(t *testing.T, section string) {
	title, _, _ := strings.Cut(section, "\n")
	places := place.FindAllStringSubmatch(section, -1)
	name := example.FindStringSubmatch(section)
	if len(places) < 3 || name == nil {
		t.Fatalf("%s: %d places, example %q", title, len(places), name)
	}
	var known []string
	for _, p := range places {
		at := holding(t, p[1], p[2], "")
		if len(at) == 0 {
			t.Errorf("%s: %q does not stand in %s", title, p[2], p[1])
		}
		known = append(known, at...)
	}
	for _, file := range holding(t, ".", `"`+name[1]+`"`, ".go") {
		if !strings.HasSuffix(file, "_test.go") && !slices.Contains(known, file) && !elsewhere(name[1], file) {
			t.Errorf("%s: %s has %q too, and the recipe does not name it", title, file, name[1])
		}
	}
}

// elsewhere says where an example's name is the word of another thing: Codex has a
// credential store "keyring".
func elsewhere(name, file string) bool {
	return name == "keyring" && strings.HasPrefix(file, filepath.Join("plan", "codex"))
}

// holding gives the files at or below a path of the repository that hold a text.
func holding(t *testing.T, path, text, suffix string) (found []string) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(root, path), func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && len(name) > 2 && name[0] == '.' {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() || !strings.HasSuffix(file, suffix) {
			return nil
		}
		data, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(data), text) {
			rel, _ := filepath.Rel(root, file)
			found = append(found, rel)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}
