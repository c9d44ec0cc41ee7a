package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// The rate of status and apply over many homes, beside the bare floor: as many processes
// of the same program, started as the same users after the same question about their
// groups, that make the same calls on files and think of nothing.
func TestUsersRate(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("USERS"))
	if n == 0 {
		t.Skip("USERS=200 measures")
	}
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, n)
	m.policy("http://127.0.0.1:9", n)
	fresh := m.timed("floor, all new", n, func() { m.bare(n) })
	quiet := m.timed("floor, nothing to do", n, func() { m.bare(n) })
	for i := range n {
		m.must(os.RemoveAll(m.codex(i)))
		m.must(os.MkdirAll(m.codex(i), 0o700))
		m.give(i)
	}
	run := func(name string, floor cost, args ...string) {
		took := m.timed(name, n, func() {
			if out, code := m.run(append(args, "-f", m.yaml, "--all-users", "--codex", "off")...); code != 0 {
				t.Errorf("%s: exit %d\n%s", name, code, out)
			}
		})
		t.Logf("%s: %.2f of the floor's rate by the clock, %.2f by processor time; at most %d MiB in one process",
			name, floor.wall.Seconds()/took.wall.Seconds(), floor.cpu.Seconds()/took.cpu.Seconds(), m.peak>>10)
		if took.cpu > 3*floor.cpu {
			t.Errorf("%s: %v of processor time over %d homes, and the floor takes %v", name, took.cpu, n, floor.cpu)
		}
	}
	run("apply, all new", fresh, "apply", "--auto-approve", "--no-confirm")
	run("apply, nothing to do", quiet, "apply", "--auto-approve", "--no-confirm")
	run("plan", quiet, "plan")
}

type cost struct{ wall, cpu time.Duration }

// timed is what f costs: by the clock, and of the processors' time in all children.
func (m *usersMachine) timed(name string, n int, f func()) cost {
	start, before := time.Now(), childrenTime()
	f()
	c := cost{time.Since(start), childrenTime() - before}
	m.t.Logf("%s: %.0f a second, %.1f ms of processor time each", name, float64(n)/c.wall.Seconds(), c.cpu.Seconds()*1000/float64(n))
	return c
}

func childrenTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bare starts the floor as every user, four at a time.
func (m *usersMachine) bare(n int) {
	var all sync.WaitGroup
	slots := make(chan struct{}, 4)
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			_ = exec.Command("/usr/bin/id", "-G", fmt.Sprintf("u%d", i)).Run()
			cmd := exec.Command("/proc/self/exe")
			cmd.Args[0], cmd.Dir, cmd.Env = "codexform-floor", "/", []string{"HOME=" + m.home(i)}
			id := uint32(firstUID + i)
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
			if out, err := cmd.CombinedOutput(); err != nil {
				m.t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
}
