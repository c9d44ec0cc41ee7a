//go:build linux && amd64

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// walker breaks one command everywhere.
type walker struct {
	setup, check, recov, check2, hook string

	dirs, argv []string
	always     fault
	reads      bool
	quick      bool
	verbose    bool
	first      bool // stop at the first state that is not acceptable
	limit      time.Duration
	max, every int
	out        io.Writer
}

// row is one kind of fault, at every call.
type row struct {
	fault                  string
	cases, bad, bad2, hung int
	codes, before, after   map[string]int
}

var errnos = map[string]syscall.Errno{
	"ENOSPC": syscall.ENOSPC, "EIO": syscall.EIO, "EDQUOT": syscall.EDQUOT, "EROFS": syscall.EROFS,
	"EACCES": syscall.EACCES, "EPERM": syscall.EPERM, "EINTR": syscall.EINTR, "EMFILE": syscall.EMFILE,
	"EXDEV": syscall.EXDEV, "EINVAL": syscall.EINVAL, "ENOSYS": syscall.ENOSYS, "EBUSY": syscall.EBUSY, "ESTALE": syscall.ESTALE,
}

// parseFault reads NAME, NAME+, NAME@call and NAME@call+.
func parseFault(name, hook string) (fault, error) {
	f := fault{kind: name, hook: hook}
	base, sticky := strings.CutSuffix(name, "+")
	f.sticky = sticky
	if base, f.only, _ = strings.Cut(base, "@"); errnos[base] != 0 {
		f.kind, f.errno = "error", errnos[base]
		return f, nil
	}
	if !slices.Contains([]string{"kill", "tear", "short", "term", "hook"}, f.kind) {
		return f, fmt.Errorf("no such fault: %s", name)
	}
	return f, nil
}

// parseAlways reads what the machine cannot do: ERRNO@CALL, or nothing.
func parseAlways(name string) (fault, error) {
	if name == "" {
		return fault{}, nil
	}
	f, err := parseFault(name, "")
	if err == nil && (f.errno == 0 || f.only == "" || f.sticky) {
		err = fmt.Errorf("%s: -always wants ERRNO@CALL", name)
	}
	return f, err
}

// shell runs a command and gives what it printed and its exit code.
func shell(cmd string, env ...string) (string, int) {
	if cmd == "" {
		return "", 0
	}
	c := exec.Command("/bin/sh", "-c", cmd)
	c.Env = append(os.Environ(), env...)
	b, err := c.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return strings.TrimSpace(string(b)), exit.ExitCode()
	case err != nil:
		return err.Error(), 1
	}
	return strings.TrimSpace(string(b)), 0
}

// class is the first word that a checker says.
func class(s string) string {
	first, _, _ := strings.Cut(s, " ")
	return first
}

func (w *walker) once(f fault) (result, error) {
	if out, code := shell(w.setup); code != 0 {
		return result{}, fmt.Errorf("setup: %s", out)
	}
	return w.run(f)
}

// walk breaks the command with every fault in turn. It reports whether all was well.
func (w *walker) walk(faults []string) (bool, error) {
	clean, err := w.once(fault{})
	if err != nil {
		return false, err
	}
	said, code := shell(w.check, "CW_EXIT="+strconv.Itoa(clean.code), "CW_FAULT=none")
	fine := code == 0
	if !fine {
		fmt.Fprintf(w.out, "clean run NOT acceptable: %s (exit %d) %s\n", said, clean.code, clean.stderr)
	}
	fmt.Fprintf(w.out, "%d calls in the clean run (exit %d, %s)\n", len(clean.ops), clean.code, said)
	total := row{}
	for _, name := range faults {
		f, err := parseFault(name, w.hook)
		if err != nil {
			return false, err
		}
		r, err := w.breakEverywhere(name, f, len(clean.ops))
		if err != nil {
			return false, err
		}
		fmt.Fprintf(w.out, "%-14s %5d cases %4d bad %4d bad-after %3d hung | %s | %s | %s\n",
			r.fault, r.cases, r.bad, r.bad2, r.hung, tally(r.codes), tally(r.before), tally(r.after))
		total.cases, total.bad, total.bad2, total.hung = total.cases+r.cases, total.bad+r.bad, total.bad2+r.bad2, total.hung+r.hung
	}
	fmt.Fprintf(w.out, "TOTAL %d cases %d bad %d bad-after %d hung\n", total.cases, total.bad, total.bad2, total.hung)
	return fine && total.bad+total.bad2+total.hung == 0, nil
}

// breakEverywhere tries one fault at call 1, 2, 3 … until it strikes no more, or at
// every so many of them.
func (w *walker) breakEverywhere(name string, f fault, calls int) (row, error) {
	r := row{fault: name, codes: map[string]int{}, before: map[string]int{}, after: map[string]int{}}
	for f.n = 1; f.n <= w.max; f.n += w.every {
		got, err := w.once(f)
		if err != nil {
			return r, err
		}
		if !got.hit && w.quick && f.n <= calls {
			return r, fmt.Errorf("call %d of %d was not met: something else makes the calls", f.n, calls)
		}
		if !got.hit {
			if (f.kind == "tear" || f.kind == "short") && f.n <= calls {
				continue // this call is no write
			}
			break
		}
		w.judge(&r, f, got)
	}
	return r, nil
}

// judge has what a run left checked, before and after the next start.
func (w *walker) judge(r *row, f fault, got result) {
	r.cases++
	code := strconv.Itoa(got.code)
	if got.killed {
		code = "killed"
	}
	r.codes[code]++
	env := []string{"CW_EXIT=" + code, "CW_FAULT=" + r.fault, "CW_N=" + strconv.Itoa(f.n), "CW_CALL=" + got.hitOp.Call}
	said, bad := shell(w.check, env...)
	r.before[class(said)]++
	if bad != 0 {
		r.bad++
	}
	after, bad2 := "", 0
	if w.recov != "" {
		after, bad2 = w.recovered(env)
		r.after[class(after)]++
	}
	if bad2 != 0 {
		r.bad2++
	}
	if got.timedOut {
		r.hung++
	}
	if w.verbose && (bad != 0 || bad2 != 0 || got.timedOut) {
		fmt.Fprintf(w.out, "  %-8s at %s\n      exit %s | check: %s | after recovery: %s | stderr: %s\n",
			r.fault, got.hitOp, code, said, after, strings.TrimSpace(got.stderr))
	}
}

func (w *walker) recovered(env []string) (string, int) {
	if said, code := shell(w.recov, env...); code != 0 {
		return "recover-failed " + said, 1
	}
	return shell(w.check2, append(env, "CW_RECOVERED=1")...)
}

func tally(m map[string]int) string {
	var all []string
	for s, n := range m {
		all = append(all, fmt.Sprintf("%s:%d", s, n))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// folders are the watched folders without symlinks.
func folders(list string) ([]string, error) {
	var dirs []string
	for dir := range strings.SplitSeq(list, ",") {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return nil, err
		}
		if real, err = filepath.Abs(real); err != nil {
			return nil, err
		}
		dirs = append(dirs, real)
	}
	return dirs, nil
}
