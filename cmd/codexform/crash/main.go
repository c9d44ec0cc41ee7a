//go:build linux && amd64

// Crash breaks `codexform apply` everywhere and prints what came of it, one figure a
// line. README.md says what the parts are and what they need.
//
//	crash            every part
//	crash fast       the parts that CI has time for
//	crash kill edits only these
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// lab is where the parts work: a temporary folder with every binary in it.
type lab struct {
	dir    string // the folder
	root   string // of the repository
	home   string // the Codex home that is broken
	failed bool

	gateways *os.Process
	urls     map[string]string // of the gateways, once they are there
}

// part is one test; its figures go to stdout.
type part struct {
	name string
	fast bool
	run  func(*lab) error
}

var parts = []part{
	{"bite", true, (*lab).bite},
	{"kill", true, (*lab).kill},
	{"errors", false, (*lab).errors},
	{"double", false, (*lab).double},
	{"edits", false, (*lab).edits},
	{"states", true, (*lab).states},
	{"mutants", false, (*lab).mutants},
	{"weak", false, (*lab).weak},
	{"real-kill", true, (*lab).realKill},
	{"real-errors", false, (*lab).realErrors},
	{"real-edits", false, (*lab).realEdits},
	{"real-modes", false, (*lab).realModes},
	{"real-noop", true, (*lab).realNoop},
	{"floor", false, (*lab).floor},
	{"canary", true, (*lab).canary},
	{"canary-kill", false, (*lab).canaryKill},
	{"power", false, (*lab).power},
	{"users", false, (*lab).users},
	{"users-undo", false, (*lab).usersUndo},
	{"users-fast", true, (*lab).usersFast},
	{"system", false, (*lab).system},
	{"wine-kill", false, (*lab).wineKill},
	{"codex", false, (*lab).codex},
}

func main() {
	chosen := func(p part) bool { return true }
	switch args := os.Args[1:]; {
	case len(args) == 1 && args[0] == "fast":
		chosen = func(p part) bool { return p.fast }
	case len(args) > 0:
		chosen = func(p part) bool { return slices.Contains(args, p.name) }
	}
	l, err := newLab()
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(2)
	}
	for _, p := range parts {
		if !chosen(p) {
			continue
		}
		if err := p.run(l); err != nil {
			fmt.Printf("%s: %v\n", p.name, err)
			l.failed = true
		}
	}
	l.close()
	if l.failed {
		os.Exit(1)
	}
}

func (l *lab) close() {
	if l.gateways != nil {
		l.gateways.Kill()
		l.gateways.Wait()
	}
	os.RemoveAll(l.dir)
}

func newLab() (*lab, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "crash-")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, root: root, home: filepath.Join(dir, "h", "home")}
	for _, sub := range []string{"h", "tmp", "gateways"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	os.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	for _, tool := range []string{"crashwalk", "judge", "canary", "commitdemo"} {
		if err := l.build(tool, filepath.Join(l.root, here), "./"+tool); err != nil {
			return nil, err
		}
	}
	if err := l.build("codexform", l.root, "./cmd/codexform"); err != nil {
		return nil, err
	}
	_, err = l.sh("%s make %s", l.bin("judge"), l.path("demo"))
	return l, err
}

// here is the laboratory's place in the repository: a module of its own, so that
// installing the program installs no part of it.
const here = "cmd/codexform/crash"

// repository is the folder of the program's module, from within the laboratory's.
func repository() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/codexform/codexform").Output()
	if err != nil {
		return "", fmt.Errorf("looking for the program's module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

func (l *lab) path(parts ...string) string {
	return filepath.Join(append([]string{l.dir}, parts...)...)
}

// bin is a binary of the lab.
func (l *lab) bin(name string) string {
	if played := os.Getenv("CRASH_PROGRAM"); name == "codexform" && played != "" {
		return played // another system's, and what plays that system
	}
	return l.path("bin-" + name)
}

// build builds a package of the module in a folder.
func (l *lab) build(name, module, pkg string) error {
	c := exec.Command("go", "build", "-o", l.path("bin-"+name), pkg)
	c.Dir = module
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %s", pkg, out)
	}
	return nil
}

// sh runs a shell command, at the lowest priority: others use this machine too.
func (l *lab) sh(format string, args ...any) (string, error) {
	c := exec.Command("nice", "/bin/sh", "-c", fmt.Sprintf(format, args...))
	out, err := c.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", fmt.Sprintf(format, args...), err, out)
	}
	return string(out), err
}

// totals is what a walk came to.
type totals struct {
	cases, bad, after, hung int
	at                      []int // the calls of the bad ones, where a walk has one fault
}

func (t *totals) add(u totals) {
	t.cases, t.bad, t.after, t.hung = t.cases+u.cases, t.bad+u.bad, t.after+u.after, t.hung+u.hung
}

func (t totals) fine() bool { return t.cases > 0 && t.bad+t.after+t.hung == 0 }

func (t totals) String() string {
	return fmt.Sprintf("%d cases, %d bad, %d bad after the next run, %d hung", t.cases, t.bad, t.after, t.hung)
}

// figure prints the result of a part; want says what it has to be.
func (l *lab) figure(what string, t totals) {
	fmt.Printf("%-60s %s\n", what, t)
	l.failed = l.failed || !t.fine()
}

// walk is one call of crashwalk.
type walk struct {
	setup, check, recover, check2, faults, hook, always string

	reads bool
	quick bool
	every int // of so many calls one; 0 is each
	argv  string
	under string // default: the folder of the home
}

// run walks, prints what was not acceptable, and gives the totals.
func (l *lab) run(w walk) (totals, error) {
	if w.under == "" {
		w.under = filepath.Dir(l.home)
	}
	args := []string{l.bin("crashwalk"), "-v", "-under", w.under, "-setup", w.setup, "-check", w.check, "-faults", w.faults}
	for flag, value := range map[string]string{"-recover": w.recover, "-check2": w.check2, "-hook": w.hook, "-always": w.always} {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	if w.reads {
		args = append(args, "-reads")
	}
	if w.quick {
		args = append(args, "-quick", "-limit", "2m")
	}
	if w.every > 0 {
		args = append(args, "-every", strconv.Itoa(w.every))
	}
	out, _ := exec.Command("nice", append(append(args, "--"), strings.Fields(w.argv)...)...).CombinedOutput()
	return l.read(string(out))
}

// read takes the totals out of what crashwalk printed.
func (l *lab) read(out string) (totals, error) {
	t, found := totals{}, false
	for line := range strings.Lines(out) {
		n, _ := fmt.Sscanf(line, "TOTAL %d cases %d bad %d bad-after %d hung", &t.cases, &t.bad, &t.after, &t.hung)
		found = found || n == 4
		var fault string
		var at int
		if n, _ := fmt.Sscanf(line, "  %s at %d", &fault, &at); n == 2 {
			t.at = append(t.at, at)
		}
		if strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "clean run NOT") {
			fmt.Print("    ", line)
			l.failed = true
		}
	}
	if !found {
		return t, fmt.Errorf("no totals in: %s", out)
	}
	return t, nil
}
