//go:build !windows

package codex

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/plan/way"
)

// Foreign is what lets others than root change a program: itself, a link or a folder on
// the way to it, or the interpreter that a script names. It is "" where nobody can, and
// where this is not root, who alone has something to lose.
func Foreign(program string) string {
	defer stall.Enter(stall.Look, "", program).Leave()
	if os.Geteuid() != 0 {
		return ""
	}
	if at := changeable(program); at != "" {
		return at
	}
	if by := interpreter(program); by != "" {
		return changeable(by)
	}
	return ""
}

// changeable is the first thing on the way to a path that others than root may change. A
// way that ends nowhere leads to nothing that could be run.
func changeable(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for step, err := range way.To(path) {
		switch {
		case errors.Is(err, way.ErrLinks):
			return path
		case err != nil:
			return ""
		case !roots(step.Info):
			return step.Path
		}
	}
	return ""
}

// roots reports what root alone may change. In a sticky folder nobody replaces what is
// another's, and a link has no mode.
func roots(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	shared := info.Mode().Perm()&0o022 != 0 && info.Mode()&(fs.ModeSticky|fs.ModeSymlink) == 0
	return ok && (st.Uid == 0 || st.Uid == nobody && !everyUser()) && !shared
}

// everyUser reports a process that knows all users by their numbers. In a namespace of
// users, as a container without root has it, everybody outside is nobody, and the outside's
// root too; such a root has nothing to lose to them.
func everyUser() bool {
	table, err := os.ReadFile("/proc/self/uid_map")
	words := strings.Fields(string(table))
	return err != nil || len(words) == 3 && words[2] == "4294967295"
}

// interpreter is the program that runs a script, as npm's launcher is one of node's, "" for
// what is none, or names none that can be found.
func interpreter(program string) string {
	line := firstLine(program)
	words := strings.Fields(strings.TrimPrefix(line, "#!"))
	if !strings.HasPrefix(line, "#!") || len(words) == 0 {
		return ""
	}
	if filepath.Base(words[0]) != "env" {
		return words[0]
	}
	for _, word := range words[1:] {
		if !strings.HasPrefix(word, "-") && !strings.Contains(word, "=") {
			found, _ := exec.LookPath(word)
			return found
		}
	}
	return ""
}

func firstLine(file string) string {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	start := make([]byte, 256)
	n, _ := f.Read(start)
	line, _, _ := strings.Cut(string(start[:n]), "\n")
	return line
}
