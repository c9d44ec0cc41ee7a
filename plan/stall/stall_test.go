package stall

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// run is what Run tells of, and when, nil where it tells nothing within two minutes.
func run(t *testing.T, ctx context.Context) (*Stuck, time.Duration) {
	t.Helper()
	start, done, told := time.Now(), make(chan struct{}), make(chan *Stuck, 1)
	defer close(done)
	go Run(ctx, done, func(s *Stuck) { told <- s })
	select {
	case s := <-told:
		return s, time.Since(start)
	case <-time.After(2 * time.Minute):
		return nil, 0
	}
}

// A call that does not come back is told of in its time, by the innermost name that is
// known, and one that may wait is only where the run is to end.
func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		kinds   []Kind
		stop    bool
		halfway bool
		given   bool
		path    string // "" where nothing is told
		after   time.Duration
	}{
		"a look":                          {kinds: []Kind{Look}, path: "/h/0", after: 30 * time.Second},
		"a look within a look":            {kinds: []Kind{Look, Look}, path: "/h/1", after: 30 * time.Second},
		"a look within a change":          {kinds: []Kind{Change, Look}, path: "/h/1", after: 30 * time.Second},
		"a change":                        {kinds: []Kind{Change}, path: "/h/0", after: 50 * time.Second},
		"what waits":                      {kinds: []Kind{Wait}},
		"a look where one was given up":   {kinds: []Kind{Look}, given: true, path: "/h/0", after: 3 * time.Second},
		"what waits, and the end":         {kinds: []Kind{Wait}, stop: true, path: "/h/0", after: 1200 * time.Millisecond},
		"a look, and the end":             {kinds: []Kind{Look}, stop: true, path: "/h/0", after: 1200 * time.Millisecond},
		"the end, half way":               {kinds: []Kind{Wait}, stop: true, halfway: true},
		"a change, and the end, half way": {kinds: []Kind{Change}, stop: true, halfway: true, path: "/h/0", after: 50 * time.Second},
		"nothing":                         {stop: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if c.stop {
				stop()
			}
			Halfway(c.halfway)
			defer Halfway(false)
			if c.given {
				defer GiveUp()()
			}
			for i, kind := range c.kinds {
				defer Enter(kind, "/h", string(rune('0'+i))).Leave()
			}
			s, after := run(t, ctx)
			if s == nil || c.path == "" {
				if s != nil || c.path != "" {
					t.Errorf("%s: told %v, want %q", name, s, c.path)
				}
				return
			}
			if late := after - c.after; s.Path != c.path || late < 0 || late > time.Second || s.Halfway != c.halfway || s.Told != (c.stop && !c.halfway) {
				t.Errorf("%s: told %+v after %s, want %s after %s", name, s, after, c.path, c.after)
			}
		})
	}
}

// Calls that come back are none.
func TestLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := time.Now().Add(2 * time.Minute)
		go func() {
			for time.Now().Before(end) {
				c := Enter(Look, "", "f")
				time.Sleep(29 * time.Second)
				c.Leave()
			}
		}()
		if s, _ := run(t, t.Context()); s != nil {
			t.Errorf("told %+v", s)
		}
		time.Sleep(time.Minute)
	})
}

// A process that is stopped for an hour has waited for none of it.
func TestClockStandsStill(t *testing.T) {
	start := time.Now()
	c := clock{last: start}
	for _, at := range []time.Duration{every, 2 * every, time.Hour, time.Hour + every} {
		c.tick(start.Add(at))
	}
	if want := 5 * every; c.passed != want {
		t.Errorf("passed: %s, want %s", c.passed, want)
	}
}
