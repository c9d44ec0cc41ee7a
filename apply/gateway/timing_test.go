package gateway

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/google/go-cmp/cmp"
)

// The tests here run on virtual time and an in-memory network, with the limits and
// the pauses that people get.

// virtual is a client whose connections all lead to serve, which gets the n-th
// connection after one request head was read.
func virtual(t *testing.T, serve func(conn net.Conn, n int)) (*Client, *[]time.Duration) {
	start, n := time.Now(), 0
	var servers sync.WaitGroup
	t.Cleanup(servers.Wait)
	at := new([]time.Duration)
	return &Client{dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		n++
		*at = append(*at, time.Since(start))
		serial := n
		servers.Go(func() {
			defer there.Close()
			if _, err := http.ReadRequest(bufio.NewReader(there)); err == nil {
				serve(there, serial)
			}
		})
		return here, nil
	}}, at
}

func virtualRequest() Request {
	return Request{BaseURL: "http://127.0.0.1/v1", Key: plan.NewSecret([]byte(canary)), Models: []string{"gpt-5.4"}}
}

// The defaults, each proved by a server that uses it up.
func TestDefaultLimits(t *testing.T) {
	tests := []struct {
		name     string
		serve    func(net.Conn, int)
		attempts int
		timeout  time.Duration
		tries    int
		least    time.Duration
		most     time.Duration
	}{
		// 10 s for each try, header and body; the third is cut by the 30 s of the call.
		{"no header, 3 tries", hold, 0, 0, 3, 30 * time.Second, 30 * time.Second},
		{"no header, 1 try", hold, 1, 0, 1, 10 * time.Second, 10 * time.Second},
		{"no header, a longer try", hold, 1, 25 * time.Second, 1, 25 * time.Second, 25 * time.Second},
		{"no header, a try longer than the call", hold, 3, time.Minute, 1, time.Minute, time.Minute},
		{"dripping body, 3 tries", dripping, 0, 0, 3, 30 * time.Second, 30 * time.Second},
		{"dripping body, 1 try", dripping, 1, 0, 1, 10 * time.Second, 10 * time.Second},
		{"dripping body, 9 tries", dripping, 9, 0, 3, 30 * time.Second, 30 * time.Second},
		{"dripping header", drippingHeader, 1, 0, 1, 10 * time.Second, 10 * time.Second},
		{"dripping header, a longer try", drippingHeader, 1, 45 * time.Second, 1, 45 * time.Second, 45 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := virtual(t, tt.serve)
				r := virtualRequest()
				r.Attempts, r.Timeout = tt.attempts, tt.timeout
				a := c.List(t.Context(), r)
				if a.Class != Timeout || a.Attempts != tt.tries {
					t.Errorf("got %s after %d tries (%s), want %s after %d", a.Class, a.Attempts, a.Detail, Timeout, tt.tries)
				}
				if a.Elapsed < tt.least || a.Elapsed > tt.most {
					t.Errorf("took %s, want %s to %s", a.Elapsed, tt.least, tt.most)
				}
			})
		})
	}
}

func hold(conn net.Conn, _ int) { _, _ = conn.Read(make([]byte, 1)) }

func dripping(conn net.Conn, _ int) {
	_, err := io.WriteString(conn, jsonHead+"Content-Length: 1000000\r\n\r\n{")
	for ; err == nil; _, err = io.WriteString(conn, " ") {
		time.Sleep(time.Second)
	}
}

func drippingHeader(conn net.Conn, _ int) {
	_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
	for ; err == nil; _, err = io.WriteString(conn, "X-A: b\r\n") {
		time.Sleep(time.Second)
	}
}

// What an in-memory network cannot use up, at least is what it should be.
func TestDefaultLimitsAreFiveSeconds(t *testing.T) {
	want := Limits{Total: 30 * time.Second, Connect: 5 * time.Second, TLS: 5 * time.Second}
	if diff := cmp.Diff(want, Limits{}.orDefault(0)); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

func TestSilentHandshakeEndsAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &Client{dial: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, there) }()
			return here, nil
		}}
		r := virtualRequest()
		r.BaseURL, r.Attempts = "https://gw.test/v1", 1
		if a := c.List(t.Context(), r); a.Class != Timeout || a.Elapsed != 5*time.Second {
			t.Errorf("got %s after %s, want %s after 5s", a.Class, a.Elapsed, Timeout)
		}
	})
}

// Many calls against a gateway in trouble: every pause is within its ceiling, and
// they differ, so that a fleet does not come back as one.
func TestPausesAreSpread(t *testing.T) {
	const calls = 200
	var first, second []time.Duration
	for range calls {
		synctest.Test(t, func(t *testing.T) {
			c, at := virtual(t, func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, reply("503 no", "", "")) })
			if a := c.List(t.Context(), virtualRequest()); a.Class != GatewayError || a.Attempts != 3 {
				t.Fatalf("got %s after %d tries", a.Class, a.Attempts)
			}
			first = append(first, (*at)[1]-(*at)[0])
			second = append(second, (*at)[2]-(*at)[1])
		})
	}
	for _, p := range []struct {
		name    string
		pauses  []time.Duration
		ceiling time.Duration
	}{{"first", first, time.Second}, {"second", second, 2 * time.Second}} {
		low, high := p.ceiling, time.Duration(0)
		for _, d := range p.pauses {
			low, high = min(low, d), max(high, d)
		}
		t.Logf("%s pause of %d calls: %s to %s", p.name, calls, low, high)
		if high >= p.ceiling {
			t.Errorf("the %s pause was %s, want less than %s", p.name, high, p.ceiling)
		}
		if low > p.ceiling/4 || high < p.ceiling*3/4 {
			t.Errorf("the %s pause was always %s to %s, want it spread over 0 to %s", p.name, low, high, p.ceiling)
		}
	}
}

func TestPauseCeilings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, at := virtual(t, func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, reply("503 no", "", "")) })
		c.Rand = func() float64 { return 1 }
		r := virtualRequest()
		r.Attempts = 6
		c.List(t.Context(), r)
		want := []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 11 * time.Second, 15 * time.Second}
		if diff := cmp.Diff(want, *at); diff != "" {
			t.Errorf("tries at (-want +got):\n%s", diff)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	tests := []struct {
		header string // SECONDS is replaced by a date that many seconds ahead
		want   []time.Duration
	}{
		{"Retry-After: 3", []time.Duration{0, 3 * time.Second, 6 * time.Second}},
		{"Retry-After: 0", []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond}},
		{"Retry-After: -1", []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond}},
		{"Retry-After: Fri, 01 Jan 1999 00:00:00 GMT", []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond}},
		{"Retry-After: IN4", []time.Duration{0, 4 * time.Second, 8 * time.Second}},
		{"Retry-After: 5", []time.Duration{0, 5 * time.Second, 10 * time.Second}},
		{"Retry-After: 5.5", []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond}},
		{"Retry-After: 6", []time.Duration{0}},
		{"Retry-After: IN3600", []time.Duration{0}},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, at := virtual(t, func(conn net.Conn, _ int) {
					header := tt.header
					if _, in, ok := strings.Cut(header, "IN"); ok {
						var seconds int
						_, _ = fmt.Sscan(in, &seconds)
						header = "Retry-After: " + time.Now().Add(time.Duration(seconds)*time.Second).UTC().Format(http.TimeFormat)
					}
					_, _ = io.WriteString(conn, reply("429 no", "", "", header))
				})
				c.Rand = func() float64 { return 0.5 }
				if a := c.List(t.Context(), virtualRequest()); a.Class != RateLimited {
					t.Errorf("got %s (%s)", a.Class, a.Detail)
				}
				if diff := cmp.Diff(tt.want, *at); diff != "" {
					t.Errorf("tries at (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The call of the caller's ends at once when the caller says so, wherever it is.
func TestCancel(t *testing.T) {
	tests := map[string]func(net.Conn, int){
		"in a try":     hold,
		"in a body":    dripping,
		"in the pause": func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, reply("503 no", "", "", "Retry-After: 5")) },
	}
	for name, serve := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := virtual(t, serve)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				if a := c.List(ctx, virtualRequest()); a.Class != Canceled || a.Elapsed != 3*time.Second {
					t.Errorf("got %s (%s) after %s, want %s after 3s", a.Class, a.Detail, a.Elapsed, Canceled)
				}
			})
		})
	}
}

// A deadline of the caller's is an outage like our own.
func TestCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := virtual(t, hold)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if a := c.List(ctx, virtualRequest()); a.Class != Timeout || a.Elapsed != 2*time.Second || a.Attempts != 1 {
			t.Errorf("got %s after %d tries in %s, want %s after 1 in 2s", a.Class, a.Attempts, a.Elapsed, Timeout)
		}
	})
}
