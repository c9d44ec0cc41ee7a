//go:build linux && amd64

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The parts in this file break the program itself, with a gateway on the loopback
// address that it asks before and after it writes.

// The secrets of the cases, as judge's gateways know them.
const (
	oldKey = "sk-old-CANARY-0123456789"
	newKey = "sk-new-CANARY-9876543210"
)

// real is one case of the program: the policies before and after, as gateway, model
// and key, and the order in which the judge wants to see the files change.
type real struct {
	name, order string
	old, new    string // old: "" for a home that is not there; new: "" for destroy
	want        string // the state that the next run comes to
}

var reals = []real{
	{"first-install", "first-install", "", "new m2 " + newKey, "NEW"},
	{"key", "same-origin", "old m1 " + oldKey, "old m1 " + newKey, "NEW"},
	{"config", "same-origin", "old m1 " + oldKey, "old m2 " + oldKey, "NEW"},
	{"same-origin", "same-origin", "old m1 " + oldKey, "old m2 " + newKey, "NEW"},
	{"new-origin", "new-origin", "old m1 " + oldKey, "new m2 " + newKey, "NEW"},
	{"removal", "removal", "old m1 " + oldKey, "", "NEW"},
	{"refused", "new-origin", "old m1 " + oldKey, "fickle m2 " + newKey, "OLD"},
}

// chosenReals are all, or those that CRASH_CASES names.
func chosenReals() []real {
	names := strings.Fields(os.Getenv("CRASH_CASES"))
	if len(names) == 0 {
		return reals
	}
	return slices.DeleteFunc(slices.Clone(reals), func(r real) bool { return !slices.Contains(names, r.name) })
}

func (l *lab) caseDir(r real) string { return l.path("real", r.name) }

// program is the command line of one run of the program; side is old or new.
func (l *lab) program(r real, side string) string {
	if side == "new" && r.new == "" {
		return fmt.Sprintf("%s destroy --auto-approve --codex-home %s", l.bin("codexform"), l.home)
	}
	return fmt.Sprintf("%s apply --auto-approve --codex off --codex-home %s -f %s.yaml", l.bin("codexform"), l.home, filepath.Join(l.caseDir(r), side))
}

// noConfirm spares a gateway that would refuse the new state.
func noConfirm(r real) string {
	if r.want == "OLD" {
		return " --no-confirm"
	}
	return ""
}

// serve starts the gateways and has the program make its cases.
func (l *lab) serve() error {
	if l.urls != nil {
		return nil
	}
	c := exec.Command(l.bin("judge"), "serve", l.path("gateways"))
	if err := c.Start(); err != nil {
		return err
	}
	l.gateways = c.Process
	l.urls = map[string]string{"": ""}
	for range 100 {
		for _, name := range []string{"old", "new", "fickle"} {
			if b, err := os.ReadFile(l.path("gateways", name)); err == nil && len(b) > 0 {
				l.urls[name] = string(b)
			}
		}
		if len(l.urls) == 4 {
			return l.makeReals()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the gateways do not start")
}

func (l *lab) makeReals() error {
	for _, r := range chosenReals() {
		if err := l.makeReal(r); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// makeReal has the program make the old and the new state of a case.
func (l *lab) makeReal(r real) error {
	dir := l.caseDir(r)
	seed := "# begin\n" + strings.Repeat("# a comment of the user that must survive\n", 100) + "[tui]\ntheme = \"dark\"\n"
	err := errors.Join(os.RemoveAll(l.home), os.MkdirAll(filepath.Join(dir, "old"), 0o700), l.policy(dir, "old", r.old), l.policy(dir, "new", r.new))
	if r.old != "" && err == nil {
		err = errors.Join(os.Mkdir(l.home, 0o700), os.WriteFile(filepath.Join(l.home, "config.toml"), []byte(seed), 0o600))
	}
	if r.old != "" && err == nil {
		_, err = l.sh("%s && cp -a %s/. %s", l.program(r, "old"), l.home, filepath.Join(dir, "old"))
	}
	if err == nil {
		_, err = l.sh("%s && cp -a %s %s", l.program(r, "new")+noConfirm(r), l.home, filepath.Join(dir, "new"))
	}
	if err != nil {
		return err
	}
	_, err = l.sh("%s case %s %s '%s' '%s'", l.bin("judge"), dir, r.order, l.url(r.old), l.url(r.new))
	return err
}

func (l *lab) url(state string) string {
	name, _, _ := strings.Cut(state, " ")
	return l.urls[name]
}

// policy writes the policy of a state, and its secret.
func (l *lab) policy(dir, side, state string) error {
	f := strings.Fields(state)
	if len(f) == 0 {
		return nil
	}
	path := filepath.Join(dir, side)
	text := fmt.Sprintf("version: 1\nmodel: %s\nprovider: {name: gateway, base_url: %q}\nsecret: {file: %s.key}\nconfirm: {attempts: 1, timeout: 5s}\n",
		f[1], l.urls[f[0]], path)
	return errors.Join(os.WriteFile(path+".yaml", []byte(text), 0o600), os.WriteFile(path+".key", []byte(f[2]+"\n"), 0o600))
}

// realWalk is a walk of a case of the program. The next run is the same command
// again; after it, a plan must be empty.
func (l *lab) realWalk(r real, faults string) walk {
	judge := func(what string) string {
		return fmt.Sprintf("%s %s %s %s", l.bin("judge"), what, l.caseDir(r), l.home)
	}
	reset := fmt.Sprintf("%s reset %s; ", l.bin("judge"), l.path("gateways"))
	run := l.program(r, "new")
	w := walk{
		setup: reset + judge("setup"), check: judge("check"), faults: faults, argv: run,
		recover: reset + run, check2: "CW_WANT=" + r.want + " " + judge("check"),
	}
	switch {
	case r.want == "OLD": // the gateway refuses again, and the old state is in force
		w.recover += "; test $? = 5"
		w.check = "CW_REFUSED=1 " + w.check
	case r.new != "":
		w.check2 += fmt.Sprintf(" && %s plan --detailed-exitcode --codex-home %s -f %s.yaml",
			l.bin("codexform"), l.home, filepath.Join(l.caseDir(r), "new"))
	}
	return w
}

func (l *lab) realAll(what, faults string) error {
	if err := l.serve(); err != nil {
		return err
	}
	var walks []walk
	for _, r := range reals {
		walks = append(walks, l.realWalk(r, faults))
	}
	return errors.Join(l.all(what, walks...), l.strangers())
}

// strangers is every key that a gateway has seen and should not have.
func (l *lab) strangers() error {
	b, err := os.ReadFile(l.path("gateways", "strangers"))
	if err == nil {
		return fmt.Errorf("a gateway was shown a key that is not for it: %s", b)
	}
	return nil
}

func (l *lab) realKill() error {
	return l.realAll("apply: kill, tear, SIGTERM at every call", "kill,tear,term")
}

func (l *lab) realErrors() error {
	return l.realAll("apply: an error at every call, once and for good", everyError)
}

func (l *lab) realEdits() error {
	if err := l.serve(); err != nil {
		return err
	}
	var walks, late []walk
	for _, r := range reals {
		if r.name != "new-origin" && r.name != "refused" && r.name != "same-origin" {
			continue
		}
		for _, manner := range manners {
			walks = append(walks, l.editWalk(l.realWalk(r, ""), l.caseDir(r), manner))
		}
		for _, manner := range stale {
			late = append(late, l.editWalk(l.realWalk(r, ""), l.caseDir(r), manner))
		}
	}
	// A run makes hundreds of calls and takes a while: the layer is walked at each.
	for i := range walks {
		walks[i].every = 3
	}
	for i := range late {
		late[i].every = 3
	}
	return errors.Join(
		l.all("apply: somebody edits at every third call, reads included", walks...),
		l.late("apply: the same with what was read before the run", late...))
}

// realModes looks at every call for a key that others may read.
func (l *lab) realModes() error {
	if err := l.serve(); err != nil {
		return err
	}
	var walks []walk
	bad := l.path("bad")
	for _, umask := range []string{"000", "022", "077"} {
		script := l.path("umask-" + umask)
		for _, r := range reals {
			w := l.realWalk(r, "hook")
			w.hook = fmt.Sprintf("%s modes %s %s", l.bin("judge"), l.home, bad)
			w.check = fmt.Sprintf("CW_BAD=%s %s", bad, w.check)
			w.recover, w.check2 = "", ""
			if err := os.WriteFile(script, []byte("umask "+umask+"\nexec \"$@\"\n"), 0o600); err != nil {
				return err
			}
			w.argv = "/bin/sh " + script + " " + w.argv
			walks = append(walks, w)
		}
	}
	return l.all("apply: modes at every call, umask 000, 022, 077", walks...)
}

// realNoop counts the calls of a second apply.
func (l *lab) realNoop() error {
	if err := l.serve(); err != nil {
		return err
	}
	for _, r := range reals {
		if r.want == "OLD" {
			continue
		}
		w := l.realWalk(r, "")
		out, err := l.sh("%s -under %s -setup '%s; %s' -trace -- %s", l.bin("crashwalk"), l.path("h"), w.setup, w.argv, w.argv)
		if err != nil {
			return err
		}
		fmt.Printf("%-60s %s\n", "apply again: "+r.name, strings.TrimSpace(out))
		l.failed = l.failed || !strings.Contains(out, "clean run: 0 calls, exit 0")
	}
	return nil
}

// floor times an apply beside its bare calls, turn by turn, as whole processes.
func (l *lab) floor() error {
	if err := l.serve(); err != nil {
		return err
	}
	const rounds = 60
	r := reals[3] // same host: both files, no pause
	setup := fmt.Sprintf("%s setup %s %s", l.bin("judge"), l.caseDir(r), l.home)
	commands := []string{
		fmt.Sprintf("%s floor %s %s", l.bin("judge"), l.caseDir(r), l.home),
		l.program(r, "new") + " --no-confirm",
	}
	took := make([][]time.Duration, len(commands))
	for range rounds {
		for i, command := range commands {
			if _, err := l.sh("%s", setup); err != nil {
				return err
			}
			argv := strings.Fields(command)
			start := time.Now()
			if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w: %s", command, err, out)
			}
			took[i] = append(took[i], time.Since(start))
		}
	}
	var median [2]time.Duration
	for i := range took {
		slices.Sort(took[i])
		median[i] = took[i][rounds/2]
	}
	fmt.Printf("%-60s floor %s, apply %s (medians of %d): %.2f times\n", "what an apply costs beside its bare calls",
		median[0].Round(10*time.Microsecond), median[1].Round(10*time.Microsecond), rounds, float64(median[1])/float64(median[0]))
	return nil
}
