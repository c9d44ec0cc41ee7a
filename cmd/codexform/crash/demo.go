//go:build linux && amd64

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The parts in this file break the commit layer alone: commitdemo makes one fixed
// change, so that a case takes milliseconds.

var demoCases = []string{"first-install", "key", "config", "same-origin", "new-origin", "removal", "mode"}

// everyError is what every call is made to fail with; + stays failed.
const everyError = "short,ENOSPC,EIO,EDQUOT,EROFS,EACCES,EINTR,EMFILE,ENOSPC+,EIO+,EDQUOT+,EROFS+,EACCES+,EMFILE+"

// demo is the command line of commitdemo for a case.
func (l *lab) demo(c string) string {
	return fmt.Sprintf("%s -from %s -to %s -order %s", l.bin("commitdemo"), l.path("demo", c, "old"), l.path("demo", c, "new"), l.order(c))
}

func (l *lab) order(c string) string {
	var scene struct{ Order string }
	b, err := os.ReadFile(l.path("demo", c, "case.json"))
	if err != nil || json.Unmarshal(b, &scene) != nil {
		panic("no case " + c)
	}
	return scene.Order
}

// demoWalk is a walk of a case; action is apply or undo.
func (l *lab) demoWalk(c, action, faults string) walk {
	judge := func(what string) string {
		return fmt.Sprintf("%s %s %s %s", l.bin("judge"), what, l.path("demo", c), l.home)
	}
	w := walk{
		setup: judge("setup"), check: judge("check"), recover: l.demo(c) + " recover " + l.home,
		faults: faults, argv: l.demo(c) + " " + action + " " + l.home,
	}
	if action == "undo" { // it exits 0 and wants the old state back
		w.check, w.check2 = "CW_UNDO=1 "+w.check, "CW_UNDO=1 "+w.check
	}
	return w
}

// all walks several cases.
func (l *lab) all(what string, walks ...walk) error {
	var sum totals
	for _, w := range walks {
		t, err := l.run(w)
		if err != nil {
			return err
		}
		sum.add(t)
	}
	l.figure(what, sum)
	return nil
}

// bite shows that the walker finds programs that write carelessly.
func (l *lab) bite() error {
	for _, manner := range []string{"write", "rename"} {
		w := l.demoWalk("new-origin", "apply", "kill,tear")
		w.argv = strings.Replace(w.argv, l.bin("commitdemo"), l.bin("commitdemo")+" -careless "+manner, 1)
		t, err := l.quietly(w)
		if err != nil {
			return err
		}
		l.failed = l.failed || t.bad == 0 || t.after == 0
		fmt.Printf("%-60s %s (it must fail)\n", "bite: written by a plain "+manner, t)
	}
	return nil
}

// quietly is run without the cases that were not acceptable; what they mean is for
// the caller to say.
func (l *lab) quietly(w walk) (totals, error) {
	return l.silently(func() (totals, error) { return l.run(w) })
}

// silently does something without printing, and without a failure of the whole.
func (l *lab) silently(do func() (totals, error)) (totals, error) {
	stdout := os.Stdout
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return totals{}, err
	}
	defer null.Close()
	os.Stdout = null
	failed := l.failed
	defer func() { os.Stdout, l.failed = stdout, failed }()
	return do()
}

func (l *lab) kill() error {
	var walks []walk
	for _, c := range demoCases {
		walks = append(walks, l.demoWalk(c, "apply", "kill,tear,term"))
	}
	for _, c := range []string{"first-install", "same-origin", "new-origin", "removal"} {
		walks = append(walks, l.demoWalk(c, "undo", "kill,tear"))
	}
	return l.all("layer: kill, tear, SIGTERM at every call", walks...)
}

func (l *lab) errors() error {
	var walks []walk
	for _, c := range demoCases {
		walks = append(walks, l.demoWalk(c, "apply", everyError))
	}
	walks = append(walks, l.demoWalk("new-origin", "undo", everyError), l.demoWalk("same-origin", "undo", everyError))
	return l.all("layer: an error at every call, once and for good", walks...)
}

// double kills a run everywhere, and its recovery everywhere.
func (l *lab) double() error {
	var sum totals
	for _, c := range []string{"first-install", "same-origin", "new-origin", "removal"} {
		for n := 1; ; n++ {
			w := l.demoWalk(c, "apply", "kill,ENOSPC+")
			first := fmt.Sprintf("%s -under %s -setup '%s' -at %d -faults kill -- %s", l.bin("crashwalk"), l.path("h"), w.setup, n, w.argv)
			if _, err := l.sh("%s", first); err != nil {
				break // there is no call n
			}
			w.setup, w.argv, w.check = first, w.recover, "CW_EXIT=killed CW_FAULT=again "+w.check
			w.check2 = w.check
			t, err := l.run(w)
			if err != nil {
				return err
			}
			sum.add(t)
		}
	}
	l.figure("layer: killed or disk full in the recovery of every kill", sum)
	return nil
}

// editWalk plays somebody who writes between any two calls.
func (l *lab) editWalk(w walk, dir, manner string) walk {
	mark := l.path("mark")
	w.setup = fmt.Sprintf("rm -f %s; %s", mark, w.setup)
	w.check = fmt.Sprintf("CW_MARK=%s %s", mark, w.check)
	w.recover, w.check2 = "", ""
	w.faults, w.reads = "hook", true
	w.hook = fmt.Sprintf("%s edit %s %s %s %s", l.bin("judge"), manner, dir, l.home, mark)
	return w
}

// The manners of Codex, and those in which it has read before the run began: what
// it writes so at the very end, nobody can see any more.
var (
	manners = []string{"config", "auth", "auth-in-place"}
	stale   = []string{"config-stale", "auth-stale"}
)

func (l *lab) edits() error {
	var walks, late []walk
	add := func(c, action string) {
		for _, manner := range manners {
			walks = append(walks, l.editWalk(l.demoWalk(c, action, ""), l.path("demo", c), manner))
		}
		for _, manner := range stale {
			late = append(late, l.editWalk(l.demoWalk(c, action, ""), l.path("demo", c), manner))
		}
	}
	for _, c := range []string{"key", "same-origin", "new-origin", "removal"} {
		add(c, "apply")
	}
	add("new-origin", "undo")
	return errors.Join(
		l.all("layer: somebody edits at every call, reads included", walks...),
		l.late("layer: the same with what was read before the run", late...))
}

// late walks with edits that overwrite what they have not seen. They are noticed
// until the run looks for the last time: bad are the last calls of a walk at most.
func (l *lab) late(what string, walks ...walk) error {
	var sum totals
	for _, w := range walks {
		t, err := l.quietly(w)
		if err != nil {
			return err
		}
		for _, n := range t.at {
			if (n-1)/max(w.every, 1) < t.cases-t.bad {
				fmt.Printf("    %s: call %d: not noticed\n", w.hook, n)
				l.failed = true
			}
		}
		sum.add(t)
	}
	fmt.Printf("%-60s %d cases, %d bad, all after the last look\n", what, sum.cases, sum.bad)
	return nil
}

// record keeps the calls of one run of a case, and tells how many of them sync.
func (l *lab) record(c string) (syncs int, err error) {
	w := l.demoWalk(c, "apply", "")
	if _, err := l.sh("%s -under %s -setup '%s' -record %s -- %s", l.bin("crashwalk"), l.path("h"), w.setup, l.path("record"), w.argv); err != nil {
		return 0, err
	}
	b, err := os.ReadFile(l.path("record"))
	return strings.Count(string(b), `"call":"fsync"`), err
}

// enumerate checks every state that a power cut may leave of the recorded run.
func (l *lab) enumerate(c, flags string) string {
	w := l.demoWalk(c, "apply", "")
	out, _ := l.sh("%s states %s -record %s -dir %s -setup '%s' -check '%s' -recover '%s'",
		l.bin("crashwalk"), flags, l.path("record"), l.path("h"), w.setup, w.check, w.recover)
	return out
}

func (l *lab) states() error {
	var sum totals
	for _, c := range demoCases {
		if _, err := l.record(c); err != nil {
			return err
		}
		t, err := l.read(l.enumerate(c, "-v"))
		if err != nil {
			return err
		}
		sum.add(t)
	}
	l.figure("layer: power-cut states, any order", sum)
	return nil
}

// mutants leaves out one sync after the other: each must be missed.
func (l *lab) mutants() error {
	tried, found := 0, 0
	for _, c := range demoCases {
		syncs, err := l.record(c)
		if err != nil {
			return err
		}
		for k := 1; k <= syncs; k++ {
			t, err := l.silently(func() (totals, error) { return l.read(l.enumerate(c, fmt.Sprintf("-first -without-sync %d", k))) })
			if err != nil {
				return err
			}
			tried++
			if t.bad+t.after > 0 {
				found++
				continue
			}
			fmt.Printf("    %s: nobody misses sync %d\n", c, k)
			l.failed = true
		}
	}
	fmt.Printf("%-60s %d syncs left out, %d found\n", "layer: each sync left out", tried, found)
	l.failed = l.failed || tried == 0
	return nil
}

// noExchange is a kernel or file system without renameat2.
const noExchange = "EINVAL@renameat2"

// weakly is a walk on a file system without exchange.
func (l *lab) weakly(w walk) walk {
	w.always = noExchange
	w.recover = fmt.Sprintf("%s -always %s -under %s -through -- %s", l.bin("crashwalk"), noExchange, filepath.Dir(l.home), w.recover)
	return w
}

// weak plays a file system without exchange.
func (l *lab) weak() error {
	var walks []walk
	for _, c := range demoCases {
		walks = append(walks, l.weakly(l.demoWalk(c, "apply", "kill,tear,ENOSPC,EIO")))
	}
	if err := l.all("layer without exchange: kill, tear, errors", walks...); err != nil {
		return err
	}
	var lost totals
	for _, manner := range manners {
		w := l.editWalk(l.demoWalk("new-origin", "apply", ""), l.path("demo", "new-origin"), manner)
		w.always = noExchange
		t, err := l.quietly(w)
		if err != nil {
			return err
		}
		lost.add(t)
	}
	fmt.Printf("%-60s %s (weak-cas: up to 2 may be lost)\n", "layer without exchange: somebody edits at every call", lost)
	l.failed = l.failed || lost.bad > 2
	return nil
}
