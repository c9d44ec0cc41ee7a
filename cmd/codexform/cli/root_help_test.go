package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Help fits a terminal of 80 columns, but for commands to copy.
func TestHelpIsNarrow(t *testing.T) {
	for _, c := range commands() {
		out, _, code := run(testEnv(append(strings.Fields(c.name), "--help")...))
		if code != exitDone || !strings.Contains(out, "Flags:") {
			t.Errorf("%s: exit %d\n%s", c.name, code, out)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if utf8.RuneCountInString(line) > helpWidth && !strings.HasPrefix(line, "  codexform ") {
				t.Errorf("%s: %d columns: %s", c.name, utf8.RuneCountInString(line), line)
			}
		}
	}
}

// TestHelpFitsATerminal: of any width, commands too, which a shell still takes as they stand.
func TestHelpFitsATerminal(t *testing.T) {
	for _, width := range []int{60, 70, 80, 120} {
		for _, c := range commands() {
			env := testEnv(append(strings.Fields(c.name), "--help")...)
			env.Width = width
			out, _, _ := run(env)
			for line := range strings.SplitSeq(out, "\n") {
				if utf8.RuneCountInString(line) > width && strings.Contains(strings.TrimSpace(line), " ") && filepath.Separator == '/' {
					t.Errorf("%s in %d columns: %s", c.name, width, line)
				}
			}
			whole, _, _ := run(testEnv(append(strings.Fields(c.name), "--help")...))
			if words(out) != words(whole) {
				t.Errorf("%s in %d columns loses words:\n%s", c.name, width, out)
			}
		}
	}
}

// words are those of a text, wherever its lines break.
func words(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, " \\\n", "\n")), " ")
}

// Every code that a command ends with in a story stands in its help.
func TestHelpHasTheCodesOfStories(t *testing.T) {
	stories, err := filepath.Glob(filepath.Join("..", "testdata", "script", "*.txtar"))
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	ends := regexp.MustCompile(`(?m)^exits (\d+) codexform ((?:export |history )?[a-z]+)`)
	seen := map[string]bool{}
	for _, name := range stories {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ends.FindAllStringSubmatch(string(text), -1) {
			seen[m[2]+" "+m[1]] = true
		}
	}
	known := 0
	for one := range seen {
		at := strings.LastIndexByte(one, ' ')
		command, code := one[:at], one[at+1:]
		help, _, exit := run(testEnv(append(strings.Fields(command), "--help")...))
		if exit != exitDone || !strings.Contains(help, "Exit codes:") || slices.Contains([]string{"70", "130"}, code) {
			continue // no command of ours, or a code that is possible everywhere
		}
		known++
		if !strings.Contains(help, "\n  "+code+"   ") {
			t.Errorf("%s ends with %s in a story, and its help does not say so", command, code)
		}
	}
	if known < 15 {
		t.Errorf("only %d codes were looked at", known)
	}
}
