//go:build linux && amd64

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
)

// codex has the real Codex switch its features on and off while two of the program
// take turns with two policies, and reads along.
func (l *lab) codex() error {
	binary, err := l.findCodex()
	if err != nil {
		return err
	}
	if err := l.serve(); err != nil {
		return err
	}
	both := reals[4] // another host, model and key
	if _, err := l.sh("%s setup %s %s", l.bin("judge"), l.caseDir(both), l.home); err != nil {
		return err
	}
	alone := l.raceFor(20*time.Second, both, "")
	fmt.Printf("%-60s %s\n", "two applies against each other, 20 s", alone)
	r := l.raceFor(time.Minute, both, binary)
	for said, n := range r.codexes {
		fmt.Printf("    Codex failed %d times: %s\n", n, said)
	}
	fmt.Printf("%-60s %s\n", "real Codex: features enable against apply, 60 s", r)
	for _, r := range []*race{alone, r} {
		l.failed = l.failed || r.lost+r.torn+r.crossed+r.stuck > 0 || r.applies[0] == 0
	}
	l.failed = l.failed || r.edits == 0
	return nil
}

// raceFor lets two of the program take turns with two policies for a while, with a
// Codex that writes in between unless its path is "".
func (l *lab) raceFor(d time.Duration, both real, codex string) *race {
	ctx, stop := context.WithTimeout(context.Background(), d)
	defer stop()
	r := &race{lab: l, codexes: map[string]int{}, applies: map[int]int{}}
	var all sync.WaitGroup
	if codex != "" {
		all.Go(func() { r.writeAsCodex(ctx, codex) })
	}
	all.Go(func() { r.apply(ctx, l.program(both, "old")) })
	all.Go(func() { r.apply(ctx, l.program(both, "new")) })
	all.Go(func() { r.watch(ctx) })
	all.Wait()
	return r
}

// findCodex is the Codex of `make tools`, or the one in $CODEX.
func (l *lab) findCodex() (string, error) {
	if path := os.Getenv("CODEX"); path != "" {
		return path, nil
	}
	found, _ := filepath.Glob(filepath.Join(l.root, ".tools", "*", "node_modules", ".bin", "codex"))
	found2, _ := filepath.Glob(filepath.Join(l.root, ".tools", "node_modules", ".bin", "codex"))
	if found = append(found, found2...); len(found) == 0 {
		return "", errors.New("no Codex: run `make tools` first, or set CODEX")
	}
	return found[0], nil
}

// race is what was seen of Codex and apply writing at once.
type race struct {
	lab *lab

	mu                                       sync.Mutex
	edits, lost, torn, crossed, stuck, reads int
	codexes                                  map[string]int
	applies                                  map[int]int // by exit code
}

func (r *race) String() string {
	return fmt.Sprintf("%d edits by Codex, %d lost; applies by exit code %v; %d reads, %d torn, %d crossed; %d stuck",
		r.edits, r.lost, r.applies, r.reads, r.torn, r.crossed, r.stuck)
}

func (r *race) count(n *int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*n++
}

// features are switches of Codex that are off unless somebody turns them on.
var features = []string{"code_mode", "artifact", "chronicle", "context_management", "credential_masking"}

// writeAsCodex switches one feature after the other. What Codex has written once has
// to stay until it writes the same key again.
func (r *race) writeAsCodex(ctx context.Context, binary string) {
	want := map[string]bool{}
	for n := 0; ctx.Err() == nil; n++ {
		feature, on := features[n%len(features)], n/len(features)%2 == 0
		verb := map[bool]string{true: "enable", false: "disable"}[on]
		c := exec.Command(binary, "features", verb, feature)
		c.Env = append(os.Environ(), "CODEX_HOME="+r.lab.home, "HOME="+filepath.Dir(r.lab.home))
		if out, err := c.CombinedOutput(); err != nil {
			r.mu.Lock()
			r.codexes[strings.TrimSpace(string(out))]++
			r.mu.Unlock()
			continue
		}
		want[feature] = on
		r.count(&r.edits)
		r.compare(want)
	}
}

// outOfSight is how long an edit may be so: between the exchange that met it
// and the one that puts it back.
const outOfSight = 3 * time.Second

// compare looks whether every edit that Codex has made is still there.
func (r *race) compare(want map[string]bool) {
	var gone map[string]bool
	for end := time.Now().Add(outOfSight); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if gone = r.missing(want); len(gone) == 0 {
			return
		}
	}
	for feature, on := range gone {
		fmt.Printf("    lost: %s = %v\n", feature, on)
		want[feature] = !on
		r.count(&r.lost)
	}
}

// missing are the edits of Codex that config.toml does not show.
func (r *race) missing(want map[string]bool) map[string]bool {
	var config struct{ Features map[string]bool }
	if _, err := toml.DecodeFile(filepath.Join(r.lab.home, "config.toml"), &config); err != nil {
		r.count(&r.torn)
		return nil
	}
	gone := map[string]bool{}
	for feature, on := range want {
		if config.Features[feature] != on {
			gone[feature] = on
		}
	}
	return gone
}

// apply applies one policy again and again.
func (r *race) apply(ctx context.Context, command string) {
	argv := strings.Fields(command)
	for ctx.Err() == nil {
		run, stop := context.WithTimeout(context.Background(), 30*time.Second)
		cmd := exec.CommandContext(run, argv[0], argv[1:]...)
		cmd.Run()
		if run.Err() != nil {
			r.count(&r.stuck)
		}
		stop()
		r.mu.Lock()
		r.applies[cmd.ProcessState.ExitCode()]++
		r.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
	}
}

// watch reads both files as a starting Codex would: the host, then the key. A pair is
// counted only when the host was the same before and after.
func (r *race) watch(ctx context.Context) {
	for ctx.Err() == nil {
		before, torn := r.host()
		key, tornKey := r.key()
		after, _ := r.host()
		r.mu.Lock()
		r.reads++
		if torn || tornKey {
			r.torn++
		}
		if before == after && (key == newKey && before != r.lab.urls["new"] || key == oldKey && before != r.lab.urls["old"]) {
			r.crossed++
		}
		r.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

func (r *race) host() (host string, torn bool) {
	var config struct {
		ModelProviders map[string]struct {
			BaseURL string `toml:"base_url"`
		} `toml:"model_providers"`
	}
	_, err := toml.DecodeFile(filepath.Join(r.lab.home, "config.toml"), &config)
	return config.ModelProviders["OpenAI"].BaseURL, err != nil
}

func (r *race) key() (key string, torn bool) {
	var auth struct {
		Key string `json:"OPENAI_API_KEY"`
	}
	b, err := os.ReadFile(filepath.Join(r.lab.home, "auth.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	err = errors.Join(err, json.Unmarshal(b, &auth))
	return auth.Key, err != nil
}
