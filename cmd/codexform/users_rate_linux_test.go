package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The rate of status and apply over many homes, beside the bare floor: the same number
// of processes of the same program, started as the same users, that do nothing.
func TestUsersRate(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("USERS"))
	if n == 0 {
		t.Skip("USERS=200 measures")
	}
	if !asRoot(t) {
		return
	}
	m := newUsersMachine(t, n)
	m.policy("http://127.0.0.1:9", n)
	floor := m.timed(func() { m.bare(n) })
	run := func(name string, args ...string) time.Duration {
		took := m.timed(func() {
			if out, code := m.run(append(args, "-f", m.yaml, "--all-users", "--codex", "off")...); code != 0 {
				t.Errorf("%s: exit %d\n%s", name, code, out)
			}
		})
		t.Logf("%s: %.0f homes a second, %.0f ms in all, at most %d MiB in one process", name, float64(n)/took.Seconds(), took.Seconds()*1000, m.peak>>10)
		return took
	}
	t.Logf("floor: %.0f processes a second, %.0f ms in all", float64(n)/floor.Seconds(), floor.Seconds()*1000)
	run("apply, all new", "apply", "--auto-approve", "--no-confirm")
	quiet := run("apply, nothing to do", "apply", "--auto-approve", "--no-confirm")
	run("plan", "plan")
	if quiet > 4*floor {
		t.Errorf("%v over %d homes, and the floor is %v", quiet, n, floor)
	}
}

func (m *usersMachine) timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// bare starts the program as every user, four at a time, to say its version.
func (m *usersMachine) bare(n int) {
	var all sync.WaitGroup
	slots := make(chan struct{}, 4)
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			_ = exec.Command("/usr/bin/id", "-G", fmt.Sprintf("u%d", i)).Run()
			cmd := exec.Command("/proc/self/exe", "version")
			cmd.Args[0], cmd.Dir, cmd.Env = "codexform", "/", []string{"HOME=" + m.home(i)}
			id := uint32(firstUID + i)
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
			if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "codexform") {
				m.t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
}
