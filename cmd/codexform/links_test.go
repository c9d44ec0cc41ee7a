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
	link    = regexp.MustCompile(`(?:\]\(|(?:src|srcset|href)=")([^)\s"]+)`)
	fenced  = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks demands that what the documents point to inside the repository is there: the
// file, and the section of it.
func TestLinks(t *testing.T) {
	found := 0
	for _, file := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(readFile(t, file), -1) {
			if strings.Contains(m[1], ":") {
				continue
			}
			found++
			name, part, _ := strings.Cut(m[1], "#")
			to := file
			if name != "" {
				to = filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s points to %s, which is not there", file, m[1])
			} else if part != "" && strings.HasSuffix(to, ".md") && !slices.Contains(anchors(readFile(t, to)), part) {
				t.Errorf("%s points to %s, and there is no such section", file, m[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("found %d links, want at least 50", found)
	}
}

// anchors are the names of a page's sections, as forges make them.
func anchors(page string) []string {
	var names []string
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		name := dropped.ReplaceAllString(strings.ToLower(m[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}

// documents are all pages of the repository that people read.
func documents(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch name := filepath.Base(path); {
		case err == nil && d.IsDir() && (name == ".git" || name == ".tools" || name == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".md"):
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
