package main

import (
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// rounds is how often the rate is measured: what counts is the middle one, so that a
// moment in which the machine did something else decides nothing.
const rounds = 5

// The rate of apply and plan over many homes, beside the bare floor: as many processes
// of the same program, started as the same users, that make the same calls on files and
// think of nothing. Both take turns. By
// processor time, which a busy machine blurs less than the clock, it is at least half.
func TestUsersRate(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("USERS"))
	if err != nil {
		n = 8
	}
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, n)
	m.policy("http://127.0.0.1:9", n)
	var all [3]rates
	for range rounds {
		m.empty(n)
		fresh := m.timed(func() { m.bare(n) })
		quiet := m.timed(func() { m.bare(n) })
		m.empty(n)
		all[0].add(fresh, m.works(n, "apply", "--auto-approve", "--no-confirm"))
		all[1].add(quiet, m.works(n, "apply", "--auto-approve", "--no-confirm"))
		all[2].add(quiet, m.works(n, "plan"))
	}
	for i, name := range []string{"apply, all new", "apply, nothing to do", "plan"} {
		r := all[i]
		t.Logf("%s: %.0f homes a second, %.2f of the floor's rate; %.1f ms of processor time each, %.2f of the floor's; at most %d MiB in one process",
			name, float64(n)/middle(r.wall), middle(r.byClock), 1000*middle(r.cpu)/float64(n), middle(r.byCPU), r.peak>>10)
		if middle(r.byCPU) < 0.5 {
			t.Errorf("%s: less than half of the floor's rate: %.2f", name, r.byCPU)
		}
		if r.peak > 64<<10 {
			t.Errorf("%s: %d KiB in one process", name, r.peak)
		}
	}
}

// rates are what every round came to.
type rates struct {
	wall, cpu, byClock, byCPU []float64
	peak                      int64
}

func (r *rates) add(floor, took cost) {
	r.wall, r.cpu = append(r.wall, took.wall.Seconds()), append(r.cpu, took.cpu.Seconds())
	r.byClock = append(r.byClock, floor.wall.Seconds()/took.wall.Seconds())
	r.byCPU = append(r.byCPU, floor.cpu.Seconds()/took.cpu.Seconds())
	r.peak = max(r.peak, took.peak)
}

func middle(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// empty takes every home back to where nothing has been written.
func (m *usersMachine) empty(n int) {
	for i := range n {
		m.must(os.RemoveAll(m.codex(i)))
		m.must(os.MkdirAll(m.codex(i), 0o700))
		m.give(i)
	}
}

// works is what a command costs for all users.
func (m *usersMachine) works(n int, args ...string) cost {
	m.t.Helper()
	c := m.timed(func() {
		if out, code := m.run(append(args, "-f", m.yaml, "--all-users", "--codex", "off")...); code != 0 {
			m.t.Fatalf("%q: exit %d\n%s", args, code, out)
		}
	})
	c.peak = m.peak
	return c
}

type cost struct {
	wall, cpu time.Duration
	peak      int64
}

// timed is what f costs: by the clock, and of the processors' time in all children.
func (m *usersMachine) timed(f func()) cost {
	start, before := time.Now(), childrenTime()
	f()
	return cost{wall: time.Since(start), cpu: childrenTime() - before}
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
