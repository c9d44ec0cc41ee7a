package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const testsAlone = "// Of the tests alone.\nrequire ("

// TestModulesOfTests holds the block of go.mod for modules that only tests import against
// what is imported, on every system that the program is built for.
func TestModulesOfTests(t *testing.T) {
	needProgram(t, "go")
	program, rest, ok := strings.Cut(readFile(t, filepath.Join("..", "..", "go.mod")), testsAlone)
	if !ok {
		t.Fatalf("go.mod has no block %q", testsAlone)
	}
	tests, _, _ := strings.Cut(rest, ")")
	imported := imports(t)
	for module, want := range blocks(program, tests) {
		if got := imported[module]; got != want {
			t.Errorf("go.mod: %s is imported by the program: %v, but its block says %v", module, got, want)
		}
	}
}

// blocks says of each module whether it stands in the program's block.
func blocks(program, tests string) map[string]bool {
	of := map[string]bool{}
	for block, ours := range map[string]bool{program: true, tests: false} {
		for line := range strings.Lines(block) {
			if module, version, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(version, "v") {
				of[module] = ours
			}
		}
	}
	return of
}

// imports gives the modules that a package of the program imports itself.
func imports(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f",
			`{{with .Module}}{{if .Main}}{{range $.Imports}}+{{.}} {{end}}{{else}}{{$.ImportPath}}={{.Path}} {{end}}{{end}}`, "./cmd/codexform")
		cmd.Dir, cmd.Env = filepath.Join("..", ".."), append(cmd.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(system, err)
		}
		module := map[string]string{}
		var ours []string
		for _, word := range strings.Fields(string(out)) {
			if path, ok := strings.CutPrefix(word, "+"); ok {
				ours = append(ours, path)
			} else if path, of, ok := strings.Cut(word, "="); ok {
				module[path] = of
			}
		}
		for _, path := range ours {
			found[module[path]] = true
		}
	}
	return found
}
