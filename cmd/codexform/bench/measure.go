package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// cost is what one run took.
type cost struct {
	CPU    time.Duration
	Memory int64 // bytes, resident at most
	Faults int64 // pages that were touched first
	Exit   int
	Turn   int
}

// runOne is a process of its own for each run: Linux counts in what the one that
// starts a program holds at that moment, and this one holds little.
func runOne(argv []string) int {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return 1
	}
	fd := null.Fd()
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{fd, fd, fd}})
	if err != nil {
		fmt.Fprintln(os.Stderr, argv[0], err)
		return 1
	}
	var status syscall.WaitStatus
	var usage syscall.Rusage
	if _, err := syscall.Wait4(pid, &status, 0, &usage); err != nil {
		return 1
	}
	json.NewEncoder(os.Stdout).Encode(cost{
		CPU: time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), Memory: usage.Maxrss << 10, Faults: usage.Minflt, Exit: status.ExitStatus(),
	})
	return 0
}

func (p program) once(turn int) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	argv := p.turns[turn%len(p.turns)]
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return cost{}, err
	}
	cmd := exec.Command(self, append([]string{"run", path}, argv[1:]...)...)
	cmd.Env, cmd.Dir, cmd.Stderr = environment(p.home, p.env), p.home, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", p.name, err)
	}
	var c cost
	if err := json.Unmarshal(out, &c); err != nil {
		return cost{}, err
	}
	if c.Exit != p.exit {
		return c, fmt.Errorf("%s: exit code %d, not %d", p.name, c.Exit, p.exit)
	}
	return c, nil
}

// result is all runs of one program, and its counts.
type result struct {
	program
	runs   []cost
	counts counts
}

// measure runs the programs in rounds, each in an order of its own, so that what the
// machine does besides meets all alike. The first round warms up and does not count.
func measure(programs []program, rounds int) ([]result, error) {
	results := make([]result, len(programs))
	for i, p := range programs {
		results[i].program = p
	}
	for round := range rounds + 1 {
		for _, i := range rand.Perm(len(programs)) {
			p := programs[i]
			if p.few && round > max(4, rounds/5) {
				continue
			}
			c, err := p.once(round)
			if err != nil {
				return nil, err
			}
			if c.Turn = round % len(p.turns); round > 0 {
				results[i].runs = append(results[i].runs, c)
			}
		}
		fmt.Fprintf(os.Stderr, "\rround %d of %d ", round, rounds)
	}
	fmt.Fprintln(os.Stderr)
	return results, nil
}

// byTurn takes programs apart whose turns are different jobs.
func byTurn(results []result) []result {
	var out []result
	for _, r := range results {
		for turn, name := range r.jobs {
			one := r
			one.name, one.jobs = name, nil
			one.runs = slices.DeleteFunc(slices.Clone(r.runs), func(c cost) bool { return c.Turn != turn })
			one.counts = counts{}
			out = append(out, one)
		}
		if len(r.jobs) == 0 {
			out = append(out, r)
		}
	}
	return out
}

// low and middle are the least and the median of what runs took.
func (r result) low() time.Duration {
	return slices.MinFunc(r.runs, func(a, b cost) int { return int(a.CPU - b.CPU) }).CPU
}

func (r result) middle() time.Duration {
	runs := slices.SortedFunc(slices.Values(r.runs), func(a, b cost) int { return int(a.CPU - b.CPU) })
	return runs[len(runs)/2].CPU
}

func (r result) memory() int64 {
	runs := slices.SortedFunc(slices.Values(r.runs), func(a, b cost) int { return int(a.Memory - b.Memory) })
	return runs[len(runs)/2].Memory
}
