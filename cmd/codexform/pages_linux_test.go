package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A passage is a fenced piece of a page, and what the comment above it says of it:
//
//	<!-- not run: why -->    it is left out
//	<!-- exit 5 -->          the last command ends so, and not with 0
type passage struct {
	kind, text string
	line       int
	mark       string
}

var (
	fencing = regexp.MustCompile("(?ms)^( *)```([a-z]*)\n(.*?)^ *```$")
	marked  = regexp.MustCompile(`<!-- (not run: .+|exit \d+) -->\s*$`)
	holder  = regexp.MustCompile(`\b(Test[A-Z]\w+)`)
)

// shells are the kinds of passages that hold commands.
var shells = []string{"sh", "console", "powershell"}

// passages are those of a page that hold commands, and the policies between them.
func passages(page string) []passage {
	var all []passage
	for _, m := range fencing.FindAllStringSubmatchIndex(page, -1) {
		p := passage{kind: page[m[4]:m[5]], text: strings.ReplaceAll("\n"+page[m[6]:m[7]], "\n"+page[m[2]:m[3]], "\n")[1:]}
		if policy := p.kind == "yaml" && strings.HasPrefix(p.text, "version: 1\n"); !policy && !slices.Contains(shells, p.kind) {
			continue
		}
		p.line = strings.Count(page[:m[0]], "\n") + 2
		if mark := marked.FindStringSubmatch(page[:m[0]]); mark != nil {
			p.mark = mark[1]
		}
		all = append(all, p)
	}
	return all
}

// commandPages are the pages whose commands are run. rules.md shows what provokes each
// rule, and TestRulesPage provokes them.
func commandPages(t *testing.T) []string {
	t.Helper()
	pages := []string{filepath.Join("..", "..", "README.md")}
	for _, folder := range []string{"guides", "reference"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "docs", folder, "*.md"))
		if err != nil || len(found) < 5 {
			t.Fatal(folder, len(found), err)
		}
		pages = append(pages, found...)
	}
	return slices.DeleteFunc(pages, func(page string) bool { return filepath.Base(page) == "rules.md" })
}

// TestPages runs what the README, the guides and the reference tell people to type, page
// by page, at a terminal, in a home and a folder that testdata/pages/PAGE.txtar furnishes
// beside default.txtar, against a gateway by the name that the pages use. A policy that a page shows is the
// codex.yaml of the commands below it; all of them are there as $WORLD/policy-N.yaml. What
// before-N.sh holds comes before the Nth passage with commands.
func TestPages(t *testing.T) {
	program, ran := built(t), 0
	for _, page := range commandPages(t) {
		all := passages(readFile(t, page))
		var run []passage
		for _, p := range all {
			if strings.HasPrefix(p.mark, "not run: ") {
				reasoned(t, page, p)
				continue
			}
			if p.kind == "powershell" {
				t.Errorf("%s:%d: PowerShell is not run here; say why", page, p.line)
				continue
			}
			run = append(run, p)
		}
		commands := len(slices.DeleteFunc(slices.Clone(run), func(p passage) bool { return p.kind == "yaml" }))
		if commands == 0 {
			continue
		}
		ran += commands
		t.Run(strings.TrimSuffix(filepath.Base(page), ".md"), func(t *testing.T) {
			need(t, run)
			newPageWorld(t, page, program).play(run)
		})
	}
	if ran < 20 {
		t.Errorf("%d passages were run, want at least 20", ran)
	}
}

// need skips a page that wants a program which is not there. CI has all of them but
// chezmoi, which make ways builds.
func need(t *testing.T, run []passage) {
	for _, program := range []string{"jq", "sqlite3", "chezmoi"} {
		wanted := slices.ContainsFunc(run, func(p passage) bool { return strings.Contains(p.text, program+" ") })
		_, err := exec.LookPath(program)
		if _, built := os.Stat(filepath.Join(peers(t), program)); !wanted || err == nil || built == nil {
			continue
		}
		if os.Getenv("WAYS") != "" || os.Getenv("CI") == "true" && program != "chezmoi" {
			t.Fatal(err)
		}
		t.Skipf("%v; make ways", err)
	}
}

// peers is where make keeps the programs of others.
func peers(t *testing.T) string { return absolute(t, filepath.Join("..", "..", ".tools", "peers")) }

// reasoned demands that a test that is named in a reason is there.
func reasoned(t *testing.T, page string, p passage) {
	for _, m := range holder.FindAllStringSubmatch(p.mark, -1) {
		if len(holding(t, ".", "func "+m[1]+"(", "_test.go")) == 0 {
			t.Errorf("%s:%d: there is no test %s", page, p.line, m[1])
		}
	}
}

// TestCommandsStandInFences demands that commands stand in fences, where TestPages finds them.
func TestCommandsStandInFences(t *testing.T) {
	for _, page := range commandPages(t) {
		text := fenced.ReplaceAllString(readFile(t, page), "")
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "    codexform ") || strings.HasPrefix(line, "    $ ") {
				t.Errorf("%s: %q stands in no fence", page, strings.TrimSpace(line))
			}
		}
	}
}

// script is what a shell runs for the passages, with marks of where it is. It ends where
// a command ends otherwise than its passage says.
func script(run []passage) string {
	var b strings.Builder
	b.WriteString("set -u\nat=start\ntrap 'printf \"\\001end %s %d\\001\" \"$at\" $?' EXIT\n")
	policies, n := 0, 0
	for _, p := range run {
		if p.kind == "yaml" {
			policies++
			fmt.Fprintf(&b, "cp \"$WORLD\"/policy-%d.yaml codex.yaml\n", policies)
			continue
		}
		n++
		fmt.Fprintf(&b, "if [ -e \"$WORLD\"/before-%d.sh ]; then set -e; . \"$WORLD\"/before-%d.sh; set +e; fi\n", n, n)
		want := "0"
		if code, ok := strings.CutPrefix(p.mark, "exit "); ok {
			want = code
		}
		commands := commandsOf(p)
		for j, command := range commands {
			fmt.Fprintf(&b, "at=%d.%d; printf '\\001%%s\\001' $at\n(exit ${last:-0})\n%s\nlast=$?\n", p.line, j, command)
			if j == len(commands)-1 {
				fmt.Fprintf(&b, "[ $last -eq %s ] || exit $last\n", want)
			} else if p.kind == "sh" {
				b.WriteString("[ $last -eq 0 ] || exit $last\n")
			}
		}
	}
	b.WriteString("at=all; exit 0\n")
	return b.String()
}

// commandsOf are the commands of a passage: those after the prompt of a console, or the
// lines of a script, as far as they are whole.
func commandsOf(p passage) []string {
	var all []string
	for line := range strings.Lines(p.text) {
		line = strings.TrimSuffix(line, "\n")
		if command, ok := strings.CutPrefix(line, "$ "); p.kind == "console" && ok {
			all = append(all, command)
		} else if p.kind == "sh" && len(all) > 0 && !whole(all[len(all)-1]) {
			all[len(all)-1] += "\n" + line
		} else if p.kind == "sh" && strings.TrimSpace(line) != "" {
			all = append(all, line)
		}
	}
	return all
}

var heredoc = regexp.MustCompile(`<<-?'?(\w+)'?`)

// whole says whether a command ends here: it does not where its line goes on, where a
// here-document, a loop or a condition is open.
func whole(command string) bool {
	if m := heredoc.FindStringSubmatch(command); m != nil {
		return strings.HasSuffix(command, "\n"+m[1])
	}
	words := strings.Fields(command)
	open := 0
	for _, w := range words {
		switch strings.Trim(w, ";") {
		case "if", "for", "while":
			open++
		case "fi", "done":
			open--
		}
	}
	return open == 0 && !strings.HasSuffix(command, "\\") && strings.Count(command, "'")%2 == 0
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

var examplesOf = regexp.MustCompile(`(?s)\n## Examples\n\n(.*?)\n\n## `)

// TestCommandExamples runs the examples of each command's page, on a machine that has
// applied three times.
func TestCommandExamples(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "reference", "commands", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	program, ran := built(t), 0
	for _, page := range pages {
		m := examplesOf.FindStringSubmatch(readFile(t, page))
		if m == nil {
			continue
		}
		var run []passage
		for line := range strings.Lines(m[1]) {
			run = append(run, exampleOf(strings.TrimSpace(line), len(run)))
		}
		ran += len(run)
		t.Run(strings.TrimSuffix(filepath.Base(page), ".md"), func(t *testing.T) {
			w := newPageWorld(t, page, program)
			w.furnish(filepath.Join("testdata", "pages", "commands.txtar"))
			w.play(run)
		})
	}
	if ran < 25 {
		t.Errorf("%d examples were run, want at least 25", ran)
	}
}

// exampleOf is an example as it can be run here: other people's folders are this one's.
func exampleOf(command string, line int) passage {
	for from, to := range map[string]string{"/home/ada/.codex": "~/.codex", "token -f /etc/codexform/codex.yaml": "token -f codex.yaml"} {
		command = strings.ReplaceAll(command, from, to)
	}
	p := passage{kind: "sh", text: command + "\n", line: line}
	if command == "codexform init" {
		p.text = "rm codex.yaml; " + p.text
	}
	if strings.Contains(command, "--detailed-exitcode") {
		p.mark = "exit 2"
	}
	return p
}
