package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// additions are the recipes of CONTRIBUTING.md, and the place that each is tried without.
var additions = []struct{ title, file, without, red string }{
	{"A source of secrets", "source", "docs/schema/codex.schema.json", "TestSchemaHasEveryKey"},
	{"A rule", "rule", "docs/reference/rules.md", "TestRulesPage"},
	{"An output format", "format", "docs/reference/commands", "TestCommandReference"},
	{"A YAML key", "key", "sources/digest.go", "TestDigestFields"},
}

// TestRecipesAdd follows each recipe in a copy of the tree: with all of its places the
// tests that it names are green, without one of them they are red.
func TestRecipesAdd(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program's tests several times")
	}
	_, recipes, _ := strings.Cut(readFile(t, filepath.Join("..", "..", ".github", "CONTRIBUTING.md")), "## Four recipes")
	files, slots := tracked(t), make(chan struct{}, 2)
	for _, a := range additions {
		t.Run(a.file, func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			_, section, found := strings.Cut(recipes, "\n### "+a.title+"\n")
			if !found {
				t.Fatalf("there is no recipe %q", a.title)
			}
			section, _, _ = strings.Cut(section, "\n### ")
			r := addition{dir: t.TempDir()}
			r.read(t, a.file)
			r.follows(t, section)
			copyTree(t, files, r.dir)
			r.tried(t, a.without, a.red)
		})
	}
}

// tried takes the steps of one place last, and looks at the tests before and after it.
func (r addition) tried(t *testing.T, without, red string) {
	late := func(s step) bool { return s.path == without }
	if !slices.ContainsFunc(r.steps, late) {
		t.Fatalf("no step is at %s", without)
	}
	for _, s := range r.steps {
		if !late(s) {
			s.take(t, r.dir)
		}
	}
	for _, run := range r.runs {
		if slices.Contains(run.tests, red) {
			if out, err := run.in(r.dir); err == nil || !strings.Contains(out, "--- FAIL: "+red+" ") {
				t.Fatalf("without %s %s is not red: %v\n%s", without, red, err, out)
			}
		}
	}
	for _, s := range r.steps {
		if late(s) {
			s.take(t, r.dir)
		}
	}
	for _, run := range r.runs {
		out, err := run.in(r.dir)
		for _, test := range run.tests {
			if err != nil || !strings.Contains(out, "--- PASS: "+test+" ") {
				t.Fatalf("%s is not green with all places of the recipe: %v\n%s", test, err, out)
			}
		}
	}
}

// copyTree copies what is tracked and still there.
func copyTree(t *testing.T, files []string, dir string) {
	t.Helper()
	for _, name := range files {
		from, to := filepath.Join("..", "..", name), filepath.Join(dir, name)
		data, err := os.ReadFile(from)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		info, statErr := os.Stat(from)
		if err = errors.Join(err, statErr, os.MkdirAll(filepath.Dir(to), 0o755)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
}

// addition is a file of testdata/recipes. Its head says which tests are run, one
// package in a line: "run: PACKAGE TEST…". Its sections are steps.
type addition struct {
	dir   string
	runs  []testRun
	steps []step
}

func (r *addition) read(t *testing.T, name string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "recipes", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(archive.Comment), "\n") {
		if rest, ok := strings.CutPrefix(line, "run: "); ok {
			words := strings.Fields(rest)
			r.runs = append(r.runs, testRun{words[0], words[1:]})
		}
	}
	for _, f := range archive.Files {
		path, how, _ := strings.Cut(f.Name, " ")
		verb, at, _ := strings.Cut(how, " ")
		// A story has files of its own, whose marks are written with a backslash.
		text := strings.ReplaceAll("\n"+string(f.Data), "\n\\-- ", "\n-- ")[1:]
		r.steps = append(r.steps, step{path, verb, strings.Split(at, " then "), text})
	}
}

// follows demands that the steps are those of the recipe: one for each place, no other
// but a second one in the same file, and every test that the recipe names is run.
func (r addition) follows(t *testing.T, section string) {
	t.Helper()
	left, touched := slices.Clone(r.steps), map[string]bool{}
	for _, p := range place.FindAllStringSubmatch(section, -1) {
		i := stepAt(left, p[1], p[2])
		if i < 0 {
			t.Errorf("the recipe names %q in %s, and no step is there", p[2], p[1])
			continue
		}
		touched[left[i].path] = true
		left = slices.Delete(left, i, i+1)
	}
	for _, s := range left {
		if !touched[s.path] {
			t.Errorf("%s has to be touched, and the recipe does not name it", s.path)
		}
	}
	for _, m := range named.FindAllStringSubmatch(section, -1) {
		if !slices.ContainsFunc(r.runs, func(run testRun) bool { return slices.Contains(run.tests, m[1]) }) {
			t.Errorf("the recipe names %s, and it is not run", m[1])
		}
	}
}

// stepAt finds the step for a place: one that its words anchor, else what is new or
// written there; -1 when there is none.
func stepAt(steps []step, place, words string) int {
	there := func(s step) bool { return s.path == place || filepath.Dir(s.path) == place }
	named := func(anchor string) bool { return strings.Contains(anchor, words) }
	if i := slices.IndexFunc(steps, func(s step) bool { return there(s) && slices.ContainsFunc(s.anchors, named) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(steps, func(s step) bool { return there(s) && (s.verb == "new" || s.verb == "by") })
}
