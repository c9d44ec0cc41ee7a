// Package timeline measures what happens when in an apply of the program, and draws it.
package timeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Answer is how long the gateway of the measurement takes for its answer.
const Answer = 20 * time.Millisecond

// Span is one step of an apply, and how long it took.
type Span struct {
	Name string
	Took time.Duration
}

// Measure applies another model and another key for the same host, that many times, and
// gives the run that took the middle time of all.
func Measure(program string, times int) ([]Span, error) {
	dir, err := os.MkdirTemp(os.Getenv("MEASURED"), "timeline-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	g := &gateway{}
	server := httptest.NewServer(g)
	defer server.Close()
	var all [][]Span
	for i := range times + 1 {
		spans, err := g.apply(program, dir, server.URL, i)
		if err != nil {
			return nil, err
		}
		if i > 0 { // the first makes the home
			all = append(all, spans)
		}
	}
	slices.SortFunc(all, func(a, b []Span) int { return int(total(a) - total(b)) })
	return all[len(all)/2], nil
}

func total(spans []Span) (d time.Duration) {
	for _, s := range spans {
		d += s.Took
	}
	return d
}

// gateway lists models after a while, and knows when it was asked.
type gateway struct {
	mu    sync.Mutex
	ended []time.Time
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	time.Sleep(Answer)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"data":[{"id":"gpt-5.4"},{"id":"gpt-5.4-mini"}]}`)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = append(g.ended, time.Now())
}

const policy = `version: 1
model: %s
provider: {id: corp, base_url: %s/v1}
secret: {env: KEY}
`

// apply is one run: from the start of the process to its end, cut where its log says
// that a step begins.
func (g *gateway) apply(program, dir, url string, i int) ([]Span, error) {
	model := []string{"gpt-5.4", "gpt-5.4-mini"}[i%2]
	file, home, log := filepath.Join(dir, "codex.yaml"), filepath.Join(dir, "home"), filepath.Join(dir, "log")
	if err := os.WriteFile(file, fmt.Appendf(nil, policy, model, url), 0o600); err != nil {
		return nil, err
	}
	os.Remove(log)
	cmd := exec.Command(program, "apply", "--auto-approve", "--codex", "off", "-f", file, "--codex-home", home,
		"--log-level", "info", "--log-format", "json", "--log-file", log)
	cmd.Env = []string{"HOME=" + dir, fmt.Sprintf("KEY=sk-timeline-%08d", i)}
	g.ended = nil
	begun := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	ended := time.Now()
	steps, err := read(log)
	if err != nil {
		return nil, err
	}
	return g.spans(begun, ended, steps)
}

// step is the beginning of a step, as the log has it.
type step struct {
	Time time.Time
	Msg  string
	What string
}

func read(log string) ([]step, error) {
	data, err := os.ReadFile(log)
	if err != nil {
		return nil, err
	}
	var steps []step
	for line := range bytes.Lines(data) {
		var s step
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, err
		}
		if s.Msg == "planned" {
			s.What = "planned"
		}
		if s.What != "" {
			steps = append(steps, s)
		}
	}
	return steps, nil
}

// spans cuts a run. The steps are those of docs/design.md, and an apply that has others
// is an error, so that no picture shows what is not so.
func (g *gateway) spans(begun, ended time.Time, steps []step) ([]Span, error) {
	want := []string{"getting the secret", "planned", "waiting for the lock", "asking", "writing", "asking"}
	if len(steps) != len(want) || len(g.ended) != 2 {
		return nil, fmt.Errorf("%d steps, %d requests: %v", len(steps), len(g.ended), steps)
	}
	at := []time.Time{begun}
	for i, s := range steps {
		if !strings.HasPrefix(s.What, want[i]) {
			return nil, fmt.Errorf("step %d is %q, not %q", i, s.What, want[i])
		}
		at = append(at, s.Time)
	}
	at = append(at, g.ended[1], ended)
	names := []string{
		"start, read codex.yaml", "read both files, plan", "print the plan", "lock, read and plan again",
		"probe: GET /models with the new key", "stage both files, sync, switch", "confirm: GET /models with what is there", "commit: one rename; then tidy, history",
	}
	spans := make([]Span, len(names))
	for i, name := range names {
		spans[i] = Span{name, at[i+1].Sub(at[i])}
	}
	return spans, nil
}
