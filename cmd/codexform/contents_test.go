package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// generated ends what is written by hand in a page of contents.
const generated = "writes what follows -->\n"

var dated = regexp.MustCompile(`^# (.+)\n\n(\d{4}-\d\d-\d\d)\n`)

// TestContents holds the pages of contents against the folders that they list.
func TestContents(t *testing.T) {
	for folder, line := range map[string]func(t *testing.T, path string) string{
		"figures": titled, "decisions": decided,
	} {
		dir := filepath.Join("..", "..", "docs", folder)
		index := filepath.Join(dir, "README.md")
		got := readFile(t, index)
		head, _, ok := strings.Cut(got, generated)
		if !ok {
			t.Fatalf("%s has no line that ends with %q", index, generated)
		}
		want := head + generated + "\n" + listed(t, dir, line)
		if *update {
			if err := os.WriteFile(index, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got != want {
			t.Errorf("%s does not list its folder as it is; go test ./cmd/codexform -run TestContents -update", index)
		}
	}
}

func listed(t *testing.T, dir string, line func(*testing.T, string) string) string {
	pages, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(pages) < 2 {
		t.Fatalf("%s: %d pages, %v", dir, len(pages), err)
	}
	var b strings.Builder
	for _, page := range pages {
		if filepath.Base(page) != "README.md" {
			b.WriteString(line(t, page))
		}
	}
	return b.String()
}

func titled(t *testing.T, path string) string {
	first, _, _ := strings.Cut(readFile(t, path), "\n")
	title, ok := strings.CutPrefix(first, "# ")
	if !ok {
		t.Errorf("%s begins without a title", path)
	}
	return fmt.Sprintf("- [%s](%s)\n", title, filepath.Base(path))
}

func decided(t *testing.T, path string) string {
	if *update {
		setDate(t, path)
	}
	m := dated.FindStringSubmatch(readFile(t, path))
	if m == nil {
		t.Errorf("%s begins without a title and, after an empty line, the date (2006-01-02)", path)
		return ""
	}
	number, title, _ := strings.Cut(m[1], ". ")
	if filepath.Base(path)[:4] != fmt.Sprintf("%04s", number) {
		t.Errorf("%s calls itself number %s", path, number)
	}
	return fmt.Sprintf("- %s · [%s](%s), %s\n", number, title, filepath.Base(path), m[2])
}

// setDate gives a new decision the date of today.
func setDate(t *testing.T, path string) {
	text := readFile(t, path)
	title, rest, _ := strings.Cut(text, "\n")
	if dated.MatchString(text) {
		return
	}
	text = title + "\n\n" + time.Now().Format(time.DateOnly) + "\n" + rest
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
