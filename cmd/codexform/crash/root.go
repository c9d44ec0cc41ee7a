//go:build linux && amd64

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The parts in this file are root's: a home that changes under its hands, and the
// machine's own layer. Each is a script in a mount namespace of its own.

// users has the user of a home swap a thing in it for root's, before every single call of
// an apply that touches the home; a careless script meets the same and has to fail.
func (l *lab) users() error { return l.script("users.sh", "1", "home", "auth") }

// usersUndo does so while the apply is undone, because the gateway has changed its mind.
func (l *lab) usersUndo() error {
	return l.script("users.sh", "4", "undo-home", "undo-state", "undo-auth", "undo-config", "undo-temps", "undo-fifo")
}

// usersFast does so at some calls, with every attack.
func (l *lab) usersFast() error {
	return l.script("users.sh", "60", "home", "state", "auth", "config", "temps", "fifo", "undo-home", "undo-auth")
}

// system kills an apply of the machine's own layer, and fills the disk, at every call; then
// kills it with a real Codex as judge, of today and of before.
func (l *lab) system() error {
	out, err := exec.Command("sh", filepath.Join(l.root, ".ci", "tools", "codex.sh"), "0.171.0", "0.120.0").Output()
	if err != nil {
		return fmt.Errorf("installing Codex: %w", err)
	}
	return errors.Join(l.script("system.sh"), l.script("system.sh", strings.Fields(string(out))...))
}

func (l *lab) script(name string, args ...string) error {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			return errors.New("only root can play this")
		}
		fmt.Printf("%s: NOT RUN: only root can play this\n", name)
		return nil
	}
	c := exec.Command("unshare", append([]string{"--mount", filepath.Join(l.root, here, name)}, args...)...)
	c.Env = append(os.Environ(), "CODEXFORM="+l.bin("codexform"))
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}
