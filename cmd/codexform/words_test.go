package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// onlyIn says of words that mean one thing where names of the code may have them, as
// docs/glossary.md tells: folders or files; none for a word that no name has.
var onlyIn = map[string][]string{
	"part":    {"apply/commit/", "cmd/codexform/crash/"}, // one of the two files of a transaction; of the laboratory
	"record":  {"plan/history.go", "plan/rollback.go", "apply/write.go", "cmd/codexform/cli/", "cmd/codexform/ui/", "cmd/codexform/crash/"},
	"settle":  {"apply/"},
	"restore": {}, "revert": {}, "reverse": {}, "cure": {},
	"takeback": {"plan/tomlfile/", "plan/jsonfile/", "plan/codex/render.go"},
	"journal":  {}, "orphan": {}, "preflight": {},
}

// badly is English that a native reader stumbles over, and what we say instead.
var badly = map[string]string{
	`\b(is|are|was) no (regular|string|whole|number|file\b|mount|model list|identity)`: "is not a",
	`no terminal is there`:                        "there is no terminal to ask on",
	`files (have )?moved`:                         "the files changed",
	`\bhas blanks\b`:                              "spaces",
	`\b[Cc]ures?\b`:                               "fix",
	`a record in .\.codexform`:                    "the intent",
	`\b(restores|reverts) (the|a|our|your|its)\b`: "gives back",
}

// TestWords holds names, messages and pages against the words of docs/glossary.md.
func TestWords(t *testing.T) {
	seen := 0
	for _, file := range tracked(t) {
		switch {
		case strings.HasPrefix(file, "docs/decisions/"), strings.HasPrefix(file, "docs/changes/"), file == "docs/glossary.md",
			strings.Contains(file, "/testdata/"), strings.HasSuffix(file, "_test.go"), strings.HasPrefix(file, "."):
		case strings.HasSuffix(file, ".md"):
			wellSaid(t, file, readFile(t, filepath.Join("..", "..", file)))
			seen++
		case strings.HasSuffix(file, ".go"):
			inCode(t, file)
			seen++
		}
	}
	if seen < 400 {
		t.Errorf("looked into %d files only", seen)
	}
}

// inCode looks at the names that a file declares, and at its texts.
func inCode(t *testing.T, file string) {
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				wellSaid(t, file, n.Value)
			}
		case *ast.Ident:
			if n.Obj != nil && n.Pos() == n.Obj.Pos() {
				wellNamed(t, file, n.Name)
			}
		case *ast.FuncDecl:
			wellNamed(t, file, n.Name.Name)
		}
		return true
	})
}

func wellSaid(t *testing.T, file, text string) {
	text = strings.ReplaceAll(text, "there is no", "")
	for pattern, instead := range badly {
		if bad := regexp.MustCompile(pattern).FindString(text); bad != "" {
			t.Errorf("%s: %q: say %q", file, bad, instead)
		}
	}
}

func wellNamed(t *testing.T, file, name string) {
	for _, word := range wordsOf(name) {
		at, means := onlyIn[word]
		if means && !slices.ContainsFunc(at, func(at string) bool { return strings.HasPrefix(file, at) }) {
			t.Errorf("%s: %s: %q means another thing, or nothing, in docs/glossary.md", file, name, word)
		}
	}
}

var camel = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)

// wordsOf are the words of a name in small letters and in the singular, and each two
// of them as one.
func wordsOf(name string) []string {
	var words []string
	for _, w := range camel.FindAllString(name, -1) {
		words = append(words, strings.TrimSuffix(strings.ToLower(w), "s"))
	}
	for i := range max(len(words)-1, 0) {
		words = append(words, words[i]+words[i+1])
	}
	return words
}

// tracked are the files of the repository.
func tracked(t *testing.T) []string {
	t.Helper()
	needProgram(t, "git")
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
