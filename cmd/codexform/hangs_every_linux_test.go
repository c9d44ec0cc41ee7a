package main

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// everyCommand are all that read a policy, a home or a file.
var everyCommand = []string{
	"validate", "plan", "plan --secrets skip --format json", "plan --destroy --codex=off", "plan --rollback --codex=off", "plan --out new.plan",
	"plan --base base.yaml --secrets skip", "plan --against before --secrets skip", "confirm", blockedDoctor, "status", "status --confirm", "status --record",
	"history", "history show 1", "token", "init -o -", "export requirements", "export client env", "show saved", "apply saved",
	blockedApply, blockedApply + " --repair", blockedRollback, "rollback 1 --auto-approve --codex=off", blockedDestroy, blockedDestroy + " --purge",
	"report machines",
}

// hangsPlayed is how many of a hundred runs of the whole table are played, where HANGS
// does not say how many.
const hangsPlayed = 1

// The same for every command with every file, whether it is one that it reads or not: it
// ends in time and in little memory, with an exit code of its own and no trace.
func TestNoFileHangsAnyCommand(t *testing.T) {
	at := t.TempDir()
	bin := blockedProgram(t, at)
	turns := make(chan struct{}, 12)
	var all sync.WaitGroup
	var longest longestRun
	runs := 0
	for _, b := range uniqueFiles() {
		for _, run := range everyCommand {
			for kind := range blocked {
				if !played(b.file + b.secret + run + kind) {
					continue
				}
				runs++
				turns <- struct{}{}
				all.Go(func() {
					defer func() { <-turns }()
					start := time.Now()
					if err := b.ends(at, bin, run, kind); err != nil {
						t.Errorf("%s in the place of %s %s, %s: %v", kind, b.file, b.secret, run, err)
					}
					longest.note(time.Since(start), fmt.Sprintf("%s, %s in the place of %s", run, kind, b.file))
				})
			}
		}
	}
	all.Wait()
	t.Logf("%d files, %d commands, %d kinds: %d runs, the longest %s (%s)",
		len(uniqueFiles()), len(everyCommand), len(blocked), runs, longest.took.Round(time.Second/10), longest.what)
}

// uniqueFiles are the files of the table, each with its policy once.
func uniqueFiles() []blockable {
	var files []blockable
	seen := map[string]bool{}
	for _, b := range blockables {
		if key := b.file + b.secret + b.env; !seen[key] {
			seen[key] = true
			files = append(files, b)
		}
	}
	return files
}

// played draws a run of the table by its name.
func played(run string) bool {
	percent, err := strconv.Atoi(cmp.Or(os.Getenv("HANGS"), strconv.Itoa(hangsPlayed)))
	h := fnv.New32a()
	h.Write([]byte(run))
	return err == nil && int(h.Sum32()%100) < percent
}

// ends runs a command, and says what is wrong with its end whatever the command is.
func (b blockable) ends(at, bin, run, kind string) error {
	out, code, err := b.end(at, bin, run, kind)
	if err == nil && (code == 2 && !strings.Contains(out, "drift") && !strings.HasPrefix(run, "doctor") || code > 7) {
		err = fmt.Errorf("exit %d: %s", code, out)
	}
	return err
}

// longestRun is what took the longest.
type longestRun struct {
	sync.Mutex
	took time.Duration
	what string
}

func (l *longestRun) note(took time.Duration, what string) {
	l.Lock()
	defer l.Unlock()
	if took > l.took {
		l.took, l.what = took, what
	}
}
