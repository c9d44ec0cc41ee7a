package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	titledLink = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s#]+)[^)\s]*\)`)
	anyHeading = regexp.MustCompile(`(?m)^#+ .+$`)
)

// TestNewcomer follows the links that answer a newcomer's ten questions, from the README and
// from the index of the documents, two clicks at most, and looks for the answer.
func TestNewcomer(t *testing.T) {
	questions := strings.Split(readFile(t, filepath.Join("testdata", "newcomer.txt")), "\n? ")[1:]
	if len(questions) != 10 {
		t.Fatalf("%d questions, want 10", len(questions))
	}
	for _, q := range questions {
		title, ways, _ := strings.Cut(strings.TrimSpace(q), "\n")
		t.Run(title, func(t *testing.T) {
			starts := map[string]bool{}
			for way := range strings.Lines(ways) {
				starts[follow(t, strings.TrimSpace(way))] = true
			}
			for _, start := range []string{"README.md", "docs/README.md"} {
				if !starts[start] {
					t.Errorf("no way from %s", start)
				}
			}
		})
	}
}

// follow goes a way, which is START > LINK > LINK / SECTION: WORDS, and gives its start.
func follow(t *testing.T, way string) string {
	links, answer, _ := strings.Cut(way, " / ")
	clicks := strings.Split(links, " > ")
	if len(clicks) > 3 {
		t.Errorf("%s: more than two clicks", way)
	}
	page := clicks[0]
	for _, text := range clicks[1:] {
		to := leadsTo(t, page, text)
		if to == "" {
			t.Errorf("%s: %s has no link %q", way, page, text)
			return clicks[0]
		}
		page = to
	}
	heading, words, _ := strings.Cut(answer, ": ")
	if text := titledSection(readFile(t, filepath.Join("..", "..", page)), heading); !strings.Contains(text, words) {
		t.Errorf("%s: %s does not say so below %q", way, page, heading)
	}
	return clicks[0]
}

// leadsTo is where the link with that text on a page leads, as a path in the repository.
func leadsTo(t *testing.T, page, text string) string {
	for _, m := range titledLink.FindAllStringSubmatch(readFile(t, filepath.Join("..", "..", page)), -1) {
		if m[1] == text {
			return filepath.ToSlash(filepath.Join(filepath.Dir(page), m[2]))
		}
	}
	return ""
}

// titledSection is what stands below a heading, up to the next one.
func titledSection(page, heading string) string {
	at := regexp.MustCompile(`(?m)^#+ ` + regexp.QuoteMeta(heading) + `\b.*$`).FindStringIndex(page)
	if at == nil {
		return ""
	}
	rest := fenced.ReplaceAllStringFunc(page[at[1]:], func(s string) string { return strings.ReplaceAll(s, "\n#", "\n #") })
	if end := anyHeading.FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	return rest
}

// TestTwoClicks demands that every document and every example is two clicks from the index,
// at most. A folder shows its files.
func TestTwoClicks(t *testing.T) {
	reached := map[string]bool{"docs/README.md": true}
	for range 2 {
		for page := range maps.Clone(reached) {
			for _, to := range shown(t, page) {
				reached[to] = true
			}
		}
	}
	for _, page := range documents(t) {
		path := filepath.ToSlash(strings.TrimPrefix(page, filepath.Join("..", "..")+string(filepath.Separator)))
		if !reached[path] && (strings.HasPrefix(path, "docs/") || strings.HasPrefix(path, "examples/")) {
			t.Errorf("%s is more than two clicks from docs/README.md", path)
		}
	}
}

// shown are the pages and folders that are one click away.
func shown(t *testing.T, page string) []string {
	root := filepath.Join("..", "..")
	if info, err := os.Stat(filepath.Join(root, page)); err != nil {
		return nil
	} else if info.IsDir() {
		files, err := filepath.Glob(filepath.Join(root, page, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			files[i] = filepath.ToSlash(filepath.Join(page, filepath.Base(files[i])))
		}
		return files
	}
	if !strings.HasSuffix(page, ".md") {
		return nil
	}
	var all []string
	for _, m := range link.FindAllStringSubmatch(readFile(t, filepath.Join(root, page)), -1) {
		name, _, _ := strings.Cut(m[1], "#")
		all = append(all, filepath.ToSlash(filepath.Join(filepath.Dir(page), name)))
	}
	return all
}
