package commit

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// Git itself is not asked: its configuration may name programs to run, and the folder
// may be somebody else's. What is not certain here counts as not ignored.

// gitIgnores reports that git leaves a file of a work tree alone: by the .gitignore
// files on the way to it or by info/exclude, and because it is not tracked.
func gitIgnores(tree, file string) bool {
	rel, err := filepath.Rel(tree, file)
	gitDir := gitFolder(tree)
	if err != nil || gitDir == "" || mayBeTracked(gitDir, filepath.ToSlash(rel)) {
		return false
	}
	rules, ok := excludes(gitDir)
	below := ""
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		more, fine := gitRules(filepath.Join(tree, filepath.FromSlash(below), ".gitignore"), below)
		rules, ok = append(rules, more...), ok && fine
		below = path.Join(below, name)
		if ignored(rules, below, below != filepath.ToSlash(rel)) {
			return ok
		}
	}
	return false
}

// gitTracks reports that a file is in the index of a work tree, where no .gitignore counts.
func gitTracks(tree, file string) bool {
	rel, err := filepath.Rel(tree, file)
	gitDir := gitFolder(tree)
	if err != nil || gitDir == "" {
		return false
	}
	index, err := readBounded(filepath.Join(gitDir, "index"))
	return err == nil && bytes.Contains(index, []byte(filepath.ToSlash(rel)))
}

// gitFolder is where git keeps what it knows of a work tree, "" when that is unclear.
func gitFolder(tree string) string {
	dot := filepath.Join(tree, ".git")
	info, err := os.Lstat(dot)
	if err == nil && info.IsDir() {
		return dot
	}
	text, err := readBounded(dot)
	to, found := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if err != nil || !found {
		return ""
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(tree, to)
	}
	return to
}

// mayBeTracked reports that the index names the file, or is of a kind whose names
// cannot be seen so simply. What is tracked is committed, ignored or not.
func mayBeTracked(gitDir, rel string) bool {
	if _, err := os.Lstat(filepath.Join(gitDir, "index")); os.IsNotExist(err) {
		return false
	}
	index, err := readBounded(filepath.Join(gitDir, "index"))
	plain := bytes.HasPrefix(index, []byte("DIRC\x00\x00\x00\x02")) || bytes.HasPrefix(index, []byte("DIRC\x00\x00\x00\x03"))
	return err != nil || !plain || bytes.Contains(index, []byte(rel)) || bytes.Contains(index, []byte("link\x00"))
}

func excludes(gitDir string) ([]gitRule, bool) {
	common := gitDir
	if to, err := readBounded(filepath.Join(gitDir, "commondir")); err == nil {
		common = strings.TrimSpace(string(to))
		if !filepath.IsAbs(common) {
			common = filepath.Join(gitDir, common)
		}
	}
	return gitRules(filepath.Join(common, "info", "exclude"), "")
}

// readBounded reads a regular file that is no link, up to maxFile.
func readBounded(name string) ([]byte, error) {
	d, err := openFolder(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	defer d.close()
	data, _, err := d.read(filepath.Base(name))
	return data, err
}

// gitRule is one line of a .gitignore.
type gitRule struct {
	match       *regexp.Regexp // of a path from the top of the work tree
	again       bool           // not ignored after all
	onlyFolders bool           // folders alone
}

// gitRules reads the rules of a file that count below a folder. They are not all
// understood unless ok.
func gitRules(name, below string) (rules []gitRule, ok bool) {
	text, err := readBounded(name)
	if err != nil {
		return nil, os.IsNotExist(err)
	}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
			line = strings.TrimSuffix(line, " ")
		}
		if line == "" || line[0] == '#' {
			continue
		}
		r := gitRule{}
		line, r.again = strings.CutPrefix(line, "!")
		line, r.onlyFolders = strings.CutSuffix(line, "/")
		if r.match = gitPattern(line, below); r.match == nil {
			return nil, false
		}
		rules = append(rules, r)
	}
	return rules, true
}

// ignored asks the rules, of which the last that fits counts.
func ignored(rules []gitRule, rel string, folder bool) bool {
	for i := len(rules) - 1; i >= 0; i-- {
		if r := rules[i]; (folder || !r.onlyFolders) && r.match.MatchString(rel) {
			return !r.again
		}
	}
	return false
}

// gitPattern is a pattern as an expression, nil for one that is not simple.
func gitPattern(p, below string) *regexp.Regexp {
	prefix := "^"
	if below != "" {
		prefix += regexp.QuoteMeta(below) + "/"
	}
	if !strings.Contains(p, "/") {
		prefix += "(?:.*/)?"
	}
	p = strings.TrimPrefix(p, "/")
	var b strings.Builder
	for p != "" {
		switch {
		case strings.HasPrefix(p, "**/") && (b.Len() == 0 || strings.HasSuffix(b.String(), "/")):
			b.WriteString("(?:.*/)?")
			p = p[3:]
		case p == "**" && strings.HasSuffix(b.String(), "/"):
			b.WriteString(".+")
			p = ""
		case p[0] == '*':
			b.WriteString("[^/]*")
			p = p[1:]
		case p[0] == '?':
			b.WriteString("[^/]")
			p = p[1:]
		case p[0] == '\\' && len(p) > 1:
			n := 1 + len(string([]rune(p[1:])[:1]))
			b.WriteString(regexp.QuoteMeta(p[1:n]))
			p = p[n:]
		case p[0] == '[':
			class, n := gitClass(p)
			if n == 0 {
				return nil
			}
			b.WriteString(class)
			p = p[n:]
		case p[0] == '\\':
			return nil
		default:
			n := plainLen(p)
			b.WriteString(regexp.QuoteMeta(p[:n]))
			p = p[n:]
		}
	}
	m, err := regexp.Compile(prefix + b.String() + "$")
	if err != nil {
		return nil
	}
	return m
}

// gitClass is the set of letters that a pattern begins with, and how long it is written, 0
// for one that is not simple.
func gitClass(p string) (class string, n int) {
	p = strings.Replace(p, "[!", "[^", 1)
	inner := strings.TrimPrefix(p[1:], "^")
	end := strings.IndexByte(inner, ']')
	if end <= 0 || strings.ContainsAny(inner[:end], `\[/`) {
		return "", 0
	}
	set := strings.ReplaceAll(inner[:end], "^", `\^`)
	n = len(p) - len(inner) + end + 1
	if len(inner) < len(p)-1 {
		return "[^/" + set + "]", n
	}
	return "[" + set + "]", n
}

// plainLen is how much of a pattern, which begins with no sign of its own, stands for itself: a slash alone, or all up to the next sign.
func plainLen(p string) int {
	i := strings.IndexAny(p[1:], "*?/[\\")
	switch {
	case p[0] == '/':
		return 1
	case i < 0:
		return len(p)
	}
	return i + 1
}
