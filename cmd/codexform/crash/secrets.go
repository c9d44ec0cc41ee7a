//go:build linux && amd64

package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// The parts in this file look for the key where it must not be.

// staged are the files that may hold a key while an apply is under way.
const staged = "auth.json,.codexform-*.auth,.codexform-*.auth.old"

// canary runs every command, in states good and bad, and looks at its output, its
// arguments, what it gives its children, and every file it leaves.
func (l *lab) canary() error {
	if err := l.serve(); err != nil {
		return err
	}
	runs, leaks := 0, 0
	for _, r := range reals {
		if r.new == "" {
			continue
		}
		if _, err := l.sh("%s reset %s; %s setup %s %s", l.bin("judge"), l.path("gateways"), l.bin("judge"), l.caseDir(r), l.home); err != nil {
			return err
		}
		for _, command := range l.commands(filepath.Join(l.caseDir(r), "new.yaml")) {
			for _, secret := range []string{oldKey, newKey} {
				runs++
				out, err := l.sh("cd %s && CANARY=%s %s -dirs %s,%s run %s", l.path("tmp"), secret, l.bin("canary"), l.home, l.path("tmp"), command)
				if err != nil {
					leaks++
					fmt.Printf("    %s: %s\n    %s", r.name, strings.TrimPrefix(command, l.dir), out)
				}
			}
		}
	}
	fmt.Printf("%-60s %d runs, %d leaks\n", "canary: every command, output, argv, environ, files", runs, leaks)
	ofUsers, shown, err := l.usersCanary()
	fmt.Printf("%-60s %d runs, %d leaks\n", "canary: secrets of the user's own, and what Codex is given", ofUsers, shown)
	l.failed = l.failed || leaks+shown > 0 || runs == 0 || ofUsers == 0
	return err
}

// commands are the command lines that the canary watches, in an order in which each
// has something to do.
func (l *lab) commands(policy string) []string {
	saved := l.path("tmp", "saved.plan")
	var all []string
	for _, command := range []string{
		"validate -f POLICY", "plan -f POLICY", "plan --format json -f POLICY", "plan --format markdown -f POLICY",
		"plan --out SAVED -f POLICY", "show SAVED", "show --format json SAVED", "doctor -f POLICY", "confirm -f POLICY",
		"apply -f POLICY", "apply --auto-approve --no-confirm --codex off --log-level debug -f POLICY", "apply --auto-approve --codex off -f POLICY",
		"apply --auto-approve --codex off --format json -f POLICY", "confirm --format json -f POLICY", "plan -f POLICY", "doctor --format json -f POLICY",
		"init --format json", "history", "history --format json", "status -f POLICY", "rollback --auto-approve", "destroy --auto-approve --format json",
		"apply --auto-approve --codex off SAVED", "apply --auto-approve --codex off -f POLICY --codex-home POLICY",
	} {
		command = strings.NewReplacer("POLICY", policy, "SAVED", saved).Replace(command)
		if !strings.Contains(command, "--codex-home") && !strings.HasPrefix(command, "validate") && !strings.HasPrefix(command, "show") {
			command += " --codex-home " + l.home
		}
		all = append(all, l.bin("codexform")+" "+command)
	}
	return all
}

// canaryKill looks for either key after a kill, and after a disk that stays full, at
// every call.
func (l *lab) canaryKill() error {
	if err := l.serve(); err != nil {
		return err
	}
	var walks []walk
	for _, r := range chosenReals() {
		for _, secret := range []string{oldKey, newKey} {
			w := l.realWalk(r, "kill,ENOSPC+")
			scan := fmt.Sprintf("CANARY=%s %s -allow '%%s' scan %s %s", secret, l.bin("canary"), l.home, l.path("tmp"))
			w.check, w.check2 = fmt.Sprintf(scan, staged), fmt.Sprintf(scan, "auth.json")
			walks = append(walks, w)
		}
	}
	if err := l.all("canary: kill and full disk at every call", walks...); err != nil {
		return err
	}
	ofUsers, err := l.usersKills()
	if err != nil {
		return err
	}
	return l.all("canary: … of secrets of the user's own", ofUsers...)
}
