package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// counts are figures that hardly move from run to run, and from machine to machine.
type counts struct {
	Instructions int `json:"instructions"`
	Calls        int `json:"system_calls"` // those that Go's runtime makes for itself left out
	Syncs        int `json:"syncs"`
	Reads        int `json:"config_reads"` // of config.toml
}

// steady makes Go's runtime do the same in each run: no preemption by signals, no
// garbage collection, whose workers spin, and one processor.
var steady = []string{"GODEBUG=asyncpreemptoff=1", "GOGC=off", "GOMEMLIMIT=8GiB", "GOMAXPROCS=1"}

// count counts over all turns of a program.
func (b *bench) count(p program) (counts, error) {
	var sum counts
	for turn := range p.turns {
		c, err := b.calls(p, turn)
		if err != nil {
			return counts{}, err
		}
		sum.Calls, sum.Syncs, sum.Reads = sum.Calls+c.Calls, sum.Syncs+c.Syncs, sum.Reads+c.Reads
	}
	for turn := range p.turns {
		n, err := b.instructions(p, turn)
		if err != nil {
			return counts{}, err
		}
		sum.Instructions += n
	}
	n := len(p.turns)
	return counts{sum.Instructions / n, sum.Calls / n, sum.Syncs / n, sum.Reads / n}, nil
}

var collected = regexp.MustCompile(`Collected : ([0-9]+)`)

func (b *bench) instructions(p program, turn int) (int, error) {
	said, err := b.under(p, turn, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
	if err != nil {
		return 0, err
	}
	m := collected.FindSubmatch(said)
	if m == nil {
		return 0, fmt.Errorf("%s: valgrind says no count:\n%s", p.name, said)
	}
	return strconv.Atoi(string(m[1]))
}

var readsConfig = regexp.MustCompile(`"(config\.toml|[^"]*/\.codex/config\.toml)", O_RDONLY`)

// runtimes are the calls that Go's runtime makes as it sees fit.
var runtimes = strings.Fields("futex rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack mmap munmap madvise mprotect brk clone clone3 " +
	"sched_yield sched_getaffinity nanosleep epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2 gettid getpid tgkill prctl " +
	"set_robust_list set_tid_address rseq arch_prctl prlimit64 restart_syscall timer_create timer_settime timer_delete setitimer exit exit_group execve waitid")

func (b *bench) calls(p program, turn int) (c counts, err error) {
	trace := filepath.Join(b.dir, "trace")
	if _, err := b.under(p, turn, "strace", "-f", "-qq", "-o", trace); err != nil {
		return c, err
	}
	data, err := os.ReadFile(trace)
	for line := range bytes.Lines(data) {
		_, call, _ := bytes.Cut(line, []byte(" "))
		name, _, isCall := strings.Cut(strings.TrimSpace(string(call)), "(")
		switch {
		case !isCall || strings.HasPrefix(name, "<...") || strings.HasPrefix(name, "---") || slices.Contains(runtimes, name):
		case name == "fsync" || name == "fdatasync":
			c.Syncs++
			c.Calls++
		default:
			c.Calls++
			if name == "openat" && readsConfig.Match(line) {
				c.Reads++
			}
		}
	}
	return c, err
}

// under runs a program under another.
func (b *bench) under(p program, turn int, outer ...string) ([]byte, error) {
	cmd := exec.Command(outer[0], append(outer[1:], p.turns[turn%len(p.turns)]...)...)
	cmd.Env, cmd.Dir = environment(p.home, append(p.env, steady...)), p.home
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != p.exit {
		return nil, fmt.Errorf("%s under %s: %v\n%s", p.name, outer[0], err, said)
	}
	return said, nil
}
