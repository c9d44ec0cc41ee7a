//go:build linux && amd64

package main

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// fault says what to do when the n-th call that counts is entered.
type fault struct {
	n      int
	kind   string // "", kill, tear, short, error, term, hook
	errno  syscall.Errno
	only   string // error: count calls of this name alone
	sticky bool   // error: keep failing from n on, as a full disk stays full
	hook   string
}

// here reports whether the fault strikes at a call.
func (f fault) here(o op) bool {
	return f.kind != "" && (o.N == f.n || f.sticky && o.N > f.n) && (f.only == "" || f.only == o.Call)
}

// result is what became of one run.
type result struct {
	ops      []op
	code     int
	killed   bool
	hit      bool // the fault struck
	hitOp    op
	stderr   string
	timedOut bool
}

// tracer runs one command with ptrace. It counts over all threads and children.
type tracer struct {
	result
	dirs    []string
	fault   fault
	always  fault // what the machine cannot do, in every run: no kill, no hook
	reads   bool
	quick   bool // stops come from a filter, and the rest of a family ends with its first process
	ended   bool
	pid     int
	n       int
	alive   map[int]bool
	pending map[int]*pending
}

// pending is a call that a thread is in.
type pending struct {
	op     op
	inject syscall.Errno
	kill   bool
}

const traceOptions = syscall.PTRACE_O_TRACESYSGOOD | syscall.PTRACE_O_TRACECLONE | syscall.PTRACE_O_TRACEFORK |
	syscall.PTRACE_O_TRACEVFORK | syscall.PTRACE_O_TRACEEXEC | 0x100000 // EXITKILL

// run traces one run of the command with a fault.
func (w *walker) run(f fault) (result, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	t := &tracer{dirs: w.dirs, fault: f, always: w.always, reads: w.reads, quick: w.quick, alive: map[int]bool{}, pending: map[int]*pending{}}
	stderr, err := os.CreateTemp("", "crashwalk")
	if err != nil {
		return t.result, err
	}
	defer os.Remove(stderr.Name())
	defer stderr.Close()
	if err := t.start(w.argv, stderr); err != nil {
		return t.result, err
	}
	late := make(chan struct{})
	timer := time.AfterFunc(w.limit, func() { close(late); syscall.Kill(-t.pid, syscall.SIGKILL) })
	defer timer.Stop()
	t.loop(late)
	b, _ := os.ReadFile(stderr.Name())
	t.stderr = string(b)
	return t.result, nil
}

func (t *tracer) start(argv []string, stderr *os.File) error {
	options := traceOptions
	if t.quick {
		argv, options = append([]string{"/proc/self/exe", "filtered"}, argv...), options|ptraceSeccomp
	}
	bin, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	t.pid, err = syscall.ForkExec(bin, argv, &syscall.ProcAttr{
		Env: os.Environ(), Files: []uintptr{null.Fd(), null.Fd(), stderr.Fd()},
		Sys: &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if err != nil {
		return err
	}
	t.alive[t.pid] = true
	var ws syscall.WaitStatus
	if _, err = syscall.Wait4(t.pid, &ws, 0, nil); err != nil {
		return err
	}
	if err = syscall.PtraceSetOptions(t.pid, options); err != nil {
		return err
	}
	return t.resume(t.pid, 0)
}

// resume lets a thread run to the next stop of interest.
func (t *tracer) resume(tid int, sig syscall.Signal) error {
	if t.quick && t.pending[tid] == nil {
		return syscall.PtraceCont(tid, int(sig))
	}
	return syscall.PtraceSyscall(tid, int(sig))
}

// loop follows every thread until the last one is gone.
func (t *tracer) loop(late <-chan struct{}) {
	for {
		var ws syscall.WaitStatus
		tid, err := syscall.Wait4(-1, &ws, syscall.WALL, nil)
		select {
		case <-late:
			t.timedOut = true
			t.killAll()
		default:
		}
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil: // ECHILD: everything is gone
			return
		}
		t.alive[tid] = true
		if ws.Exited() || ws.Signaled() {
			if tid == t.pid {
				t.code, t.killed, t.ended = ws.ExitStatus(), ws.Signaled(), t.quick
			}
			delete(t.pending, tid)
			delete(t.alive, tid)
		} else if ws.Stopped() && !t.ended {
			t.resume(tid, t.stopped(tid, ws))
		}
		if t.ended {
			t.killAll()
		}
	}
}

// killAll kills what is traced, also what made a session of its own.
func (t *tracer) killAll() {
	for tid := range t.alive {
		syscall.Kill(tid, syscall.SIGKILL)
	}
}

// stopped handles one stop and gives the signal to pass on.
func (t *tracer) stopped(tid int, ws syscall.WaitStatus) syscall.Signal {
	sig := ws.StopSignal()
	switch {
	case sig == syscall.SIGTRAP && ws.TrapCause() == eventSeccomp:
		if si, err := infoOf(tid); err == nil {
			t.entered(tid, si)
		}
		return 0
	case sig == syscall.SIGTRAP|0x80:
		if si, err := infoOf(tid); err == nil && si.op == 1 {
			t.entered(tid, si)
		} else if err == nil && si.op == 2 {
			t.left(tid, int64(si.nr))
		}
		return 0
	case sig == syscall.SIGTRAP: // clone, exec and the like
		return 0
	case sig == syscall.SIGSTOP && t.pending[tid] == nil: // a new thread
		return 0
	}
	return sig
}

// entered is called before a system call is carried out.
func (t *tracer) entered(tid int, si syscallInfo) {
	o, ok := decode(tid, si, t.reads)
	if !ok || !o.touches(t.dirs) {
		return
	}
	if t.fault.only != "" && t.fault.only != o.Call {
		return
	}
	t.n++
	o.N = t.n
	p := &pending{op: o}
	t.pending[tid] = p
	if t.fault.here(o) && (o.writes() || t.fault.kind != "tear" && t.fault.kind != "short") {
		if !t.hit {
			t.hit, t.hitOp = true, o
		}
		t.strike(tid, p)
	}
	if t.always.only == o.Call && p.inject == 0 {
		t.refuse(tid, p, t.always.errno)
	}
}

// refuse makes a call fail before it has done anything.
func (t *tracer) refuse(tid int, p *pending, errno syscall.Errno) {
	var regs syscall.PtraceRegs
	syscall.PtraceGetRegs(tid, &regs)
	regs.Orig_rax = ^uint64(0)
	syscall.PtraceSetRegs(tid, &regs)
	p.inject = errno
}

// strike carries the fault out.
func (t *tracer) strike(tid int, p *pending) {
	var regs syscall.PtraceRegs
	syscall.PtraceGetRegs(tid, &regs)
	switch t.fault.kind {
	case "kill":
		regs.Orig_rax = ^uint64(0)
		syscall.PtraceSetRegs(tid, &regs)
		t.killAll()
	case "tear", "short": // half of it is done; after that, death, or the truth
		regs.Rdx /= 2
		syscall.PtraceSetRegs(tid, &regs)
		p.kill = t.fault.kind == "tear"
	case "error":
		t.refuse(tid, p, t.fault.errno)
	case "term":
		syscall.Kill(t.pid, syscall.SIGTERM)
	case "hook":
		h := exec.Command("/bin/sh", "-c", t.fault.hook)
		h.Env = append(os.Environ(), "CW_N="+strconv.Itoa(t.n), "CW_CALL="+p.op.Call)
		h.Stderr = os.Stderr
		done := make(chan error, 1)
		go func() { done <- h.Run() }() // waited for by another thread: this one has tracees
		<-done
	}
}

// left is called after a system call.
func (t *tracer) left(tid int, ret int64) {
	p := t.pending[tid]
	if p == nil {
		return
	}
	delete(t.pending, tid)
	p.op.Ret = ret
	if p.inject != 0 {
		var regs syscall.PtraceRegs
		syscall.PtraceGetRegs(tid, &regs)
		regs.Rax = uint64(-int64(p.inject))
		syscall.PtraceSetRegs(tid, &regs)
		p.op.Ret, p.op.Inject = -int64(p.inject), p.inject.Error()
	}
	t.ops = append(t.ops, p.op)
	if p.kill {
		t.killAll()
	}
}
