package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	row       = regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]+ \| ([^|]+) \|`)
	qualified = regexp.MustCompile("`(plan|apply|sources|codex|commit|tomlfile|jsonfile)\\.([A-Z][A-Za-z]*)(?:\\.([A-Z][A-Za-z]*))?`")
	folders   = map[string]string{
		"plan": "plan", "apply": "apply", "sources": "sources", "codex": "plan/codex", "commit": "apply/commit",
		"tomlfile": "plan/tomlfile", "jsonfile": "plan/jsonfile",
	}
)

// TestGlossary demands that each word of the glossary stands in the code where the
// glossary says so.
func TestGlossary(t *testing.T) {
	rows := row.FindAllStringSubmatch(readFile(t, filepath.Join("..", "..", "docs", "glossary.md")), -1)
	names := 0
	for _, r := range rows {
		for _, name := range qualified.FindAllStringSubmatch(r[2], -1) {
			names++
			code := source(t, folders[name[1]])
			declared := regexp.MustCompile(`(?m)^(?:func|type|var|const)? ?\s*(?:\([^)]*\) )?` + name[2] + `\b`)
			if !declared.MatchString(code) {
				t.Errorf("%s: %s.%s is declared nowhere", r[1], name[1], name[2])
			}
			if field := regexp.MustCompile(`(?m)^\s+(?:\w+, )*` + name[3] + `\b`); name[3] != "" && !field.MatchString(code) {
				t.Errorf("%s: no %s.%s has a field %s", r[1], name[1], name[2], name[3])
			}
		}
	}
	if names < 25 {
		t.Errorf("only %d names in %d rows", names, len(rows))
	}
}

// source is the code of a package, its tests left out.
func source(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(folder), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(files), err)
	}
	var b strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			b.WriteString(readFile(t, file))
		}
	}
	return b.String()
}
