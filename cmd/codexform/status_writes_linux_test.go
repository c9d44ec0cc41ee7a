package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// calls is what a run has done, as the system has seen it.
type calls struct {
	wrote []string // files that were made or renamed, below the home
	syncs int
	runs  []string // programs that were started
	asked []string // hosts that were called
}

var (
	madeCall    = regexp.MustCompile(`(?:openat\(.*"([^"]+)", [A-Z_|]*O_CREAT|renameat2?\(.*"([^"]+)"(?:, [A-Z_0-9]+)?\)|mkdirat\(\d+, "([^"]+)")`)
	syncCall    = regexp.MustCompile(`\bf(data)?sync\(`)
	runCall     = regexp.MustCompile(`execve\("([^"]+)"`)
	connectCall = regexp.MustCompile(`connect\(.*sa_family=AF_INET6?.*sin6?_port=htons\((\d+)\)`)
)

// traced runs the program under strace.
func traced(t *testing.T, s *stage, args ...string) (got calls, stdout string) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("strace is not installed")
		}
		t.Skip("SKIPPED, NOTHING IS PROVED: strace is not installed")
	}
	log := filepath.Join(t.TempDir(), "calls")
	args = append([]string{"-f", "-qq", "-o", log, "-e", "trace=openat,renameat,renameat2,mkdirat,fsync,fdatasync,execve,connect", s.built}, args...)
	cmd := exec.Command(strace, args...)
	cmd.Dir, cmd.Env = s.dir, []string{"HOME=" + s.dir, "KEY=" + goodKey, "PATH=/usr/bin:/bin"}
	out, _ := cmd.Output()
	for line := range strings.SplitSeq(readFile(t, log), "\n") {
		if m := madeCall.FindStringSubmatch(line); m != nil && !strings.Contains(line, " = -1 ") {
			got.wrote = append(got.wrote, strings.Join(m[1:], ""))
		}
		if syncCall.MatchString(line) {
			got.syncs++
		}
		if m := runCall.FindStringSubmatch(line); m != nil && m[1] != s.built {
			got.runs = append(got.runs, m[1])
		}
		if m := connectCall.FindStringSubmatch(line); m != nil {
			got.asked = append(got.asked, m[1])
		}
	}
	return got, string(out)
}

var nonce = regexp.MustCompile(`\.[0-9a-f]{32}$`)

// names are what was written, without the names that are new each time.
func (c calls) names() string {
	for i, name := range c.wrote {
		c.wrote[i] = nonce.ReplaceAllString(name, ".NEW")
	}
	return strings.Join(c.wrote, " ")
}

// TestWhatStatusCosts looks at real runs: status asks nobody and starts nobody, and
// status.json is written by a rename without a sync, when its words have changed.
func TestWhatStatusCosts(t *testing.T) {
	program := built(t)
	const rename = "status.NEW status.json"
	held := gatewayPolicy + "rollout: {mode: hold}\n"
	for _, c := range []struct {
		name    string
		outcome outcome
		args    []string
		first   string // what the first run writes
		again   string // what the second one writes
		asks    bool
	}{
		{"status", outcome{applied: gatewayPolicy, policy: gatewayPolicy}, []string{"status"}, "", "", false},
		{"status, drift", outcome{policy: gatewayPolicy}, []string{"status"}, "", "", false},
		{"status under a contract", outcome{policy: gatewayPolicy}, []string{"status", "--contract", "prom"}, "", "", false},
		{"status --record, in sync as before", outcome{applied: gatewayPolicy, policy: gatewayPolicy}, []string{"status", "--record"}, "", "", false},
		{"status --record, drift", outcome{applied: plainPolicy, policy: gatewayPolicy}, []string{"status", "--record"}, rename, "", false},
		{"status --record where there is no home", outcome{policy: plainPolicy}, []string{"status", "--record"}, "home .codexform " + rename, "", false},
		{"an apply with nothing to do", outcome{applied: plainPolicy, policy: plainPolicy}, []string{"apply", "--auto-approve", "--codex", "off"}, "", "", false},
		{"held", outcome{policy: held}, []string{"apply", "--auto-approve", "--codex", "off"}, "home .codexform " + rename, "", false},
		{"held where there was a policy", outcome{applied: plainPolicy, policy: held}, []string{"apply", "--auto-approve", "--codex", "off"}, rename, "", false},
		{"failed", outcome{applied: plainPolicy, policy: gatewayPolicy, answer: replying(401)}, []string{"apply", "--auto-approve", "--codex", "off"}, "lock " + rename, "lock", true},
		{"failed on a new machine", outcome{policy: gatewayPolicy, answer: replying(401)}, []string{"apply", "--auto-approve", "--codex", "off"}, "home .codexform lock home .codexform " + rename, "lock", true},
		{"stopped by a rule", outcome{applied: plainPolicy, policy: literalPolicy, prepare: literal}, []string{"apply", "--auto-approve", "--codex", "off"}, rename, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.outcome.name = c.name
			s := newStage(t, program, c.outcome)
			args := slices.Concat(c.args, []string{"-f", s.policy})
			got, out := traced(t, s, args...)
			if got.names() != c.first || got.syncs > 0 && c.first != "" && !c.asks {
				t.Errorf("the first run wrote %q with %d syncs, want %q and none\n%s", got.names(), got.syncs, c.first, out)
			}
			if len(got.runs) > 0 || len(got.asked) > 0 != c.asks {
				t.Errorf("it started %v and called %v", got.runs, got.asked)
			}
			again, _ := traced(t, s, args...)
			if again.names() != c.again || again.syncs > 0 && !c.asks {
				t.Errorf("the second run wrote %q with %d syncs, want %q and none", again.names(), again.syncs, c.again)
			}
		})
	}
}
