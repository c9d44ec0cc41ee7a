package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// A fault is asked for in a process of its own, so that what it costs can be told
// from what the fault server costs. TestMain is both.
const faultClient = "CODEXFORM_FAULT_CLIENT"

func TestMain(m *testing.M) {
	if os.Getenv(faultClient) != "" {
		runFaultClient()
		return
	}
	os.Exit(m.Run())
}

const canary = "sk-Canary-5f2e9b71c4d8a6031e7f"

// order is what the child is told to ask.
type order struct {
	BaseURL string
	DNS     string // address of a name server, "" for the computer's own
	Env     map[string]string
	Models  []string
	NoKey   bool
	Key     string
	Timeout time.Duration
	Limits  Limits
}

// receipt is what the child saw. Text is everything a caller could print.
type receipt struct {
	Answer  Answer
	Hint    []string
	Text    string
	Slept   []time.Duration
	Peak    int64 // kB above the idle process, -1 where it cannot be measured
	Elapsed time.Duration
}

func runFaultClient() {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		panic(err)
	}
	var got receipt
	c := Client{
		Getenv: func(name string) (string, bool) { v, ok := o.Env[name]; return v, ok },
		Limits: o.Limits,
		Rand:   func() float64 { return 0.5 },
		Sleep: func(_ context.Context, d time.Duration) error {
			got.Slept = append(got.Slept, d)
			return nil
		},
	}
	if o.DNS != "" {
		c.resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", o.DNS)
		}}
	}
	r := Request{BaseURL: o.BaseURL, Models: o.Models, Timeout: o.Timeout, Header: map[string]string{"X-Provider": "yes"}}
	if !o.NoKey {
		r.Key = plan.NewSecret([]byte(o.Key))
	}
	debug.FreeOSMemory()
	idle := resetPeak()
	start := time.Now()
	got.Answer = c.List(context.Background(), r)
	got.Elapsed = time.Since(start)
	got.Peak = peak(idle)
	got.Hint = got.Answer.Hint()
	got.Text = fmt.Sprintf("%+v %#v", got.Answer, got.Answer)
	if err := json.NewEncoder(os.Stdout).Encode(got); err != nil {
		panic(err)
	}
}

// resetPeak sets the kernel's high-water mark to the present and gives it in kB, or
// -1 where there is none.
func resetPeak() int64 {
	if os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) != nil {
		return -1
	}
	return highWater()
}

func peak(idle int64) int64 {
	if idle < 0 {
		return -1
	}
	return highWater() - idle
}

func highWater() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return -1
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	n, err := strconv.ParseInt(strings.Fields(after)[0], 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// ask runs the child. everything is all that it printed, on both streams.
func ask(t *testing.T, o order) (got receipt, everything string) {
	t.Helper()
	input, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = []string{faultClient + "=1"}
	cmd.Stdin = strings.NewReader(string(input))
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the asking process: %v\n%s", err, errs.String())
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("the asking process printed %q: %v", out, err)
	}
	return got, string(out) + errs.String()
}
