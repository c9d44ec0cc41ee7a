// Package stall knows which calls of the system are under way, and ends a run that one of
// them holds: on a dead mount, or on a stream that nobody reads, a call does not come back,
// and nothing that the caller does ends it.
//
// Whoever makes such a call says so, with Enter and Leave around it. Only a program that
// has begun Run is ever ended; elsewhere a call costs two turns of a lock.
package stall

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"time"
)

// Kind says how long a call may take.
type Kind int

// The kinds of calls.
const (
	_      Kind = iota
	Look        // at a file or a folder: for Patience
	Change      // of a file, for which a slow disk may take its time
	Wait        // which has an end of its own, or takes as long as it takes
)

// Patience is how long a look at a file may take. Where another one has been given up
// already it is a tenth: where one file is dead, the next one probably is too.
var Patience = 30 * time.Second

// The times of a run. Whoever tells one to end waits for it no longer than two seconds.
const (
	every     = 250 * time.Millisecond
	afterTold = 1200 * time.Millisecond
)

// calls are those that are under way.
var calls struct {
	sync.Mutex
	open    []entry
	serial  uint64
	given   int // calls that others have given up, and that have not come back
	halfway bool
	most    time.Duration // instead of Patience, 0 where that counts
}

type entry struct {
	serial    uint64 // 0 where the place is free
	kind      Kind
	dir, name string
}

// Call is one that is under way.
type Call int

// Enter says that a call begins, and which file it is about: a path, or a name in a
// folder.
func Enter(kind Kind, dir, name string) Call {
	calls.Lock()
	defer calls.Unlock()
	calls.serial++
	e := entry{calls.serial, kind, dir, name}
	for i := range calls.open {
		if calls.open[i].serial == 0 {
			calls.open[i] = e
			return Call(i)
		}
	}
	calls.open = append(calls.open, e)
	return Call(len(calls.open) - 1)
}

// Leave says that the call came back.
func (c Call) Leave() {
	calls.Lock()
	calls.open[c] = entry{}
	calls.Unlock()
}

// GiveUp counts a call that nobody waits for any more. The function that it returns says
// that it has come back.
func GiveUp() (back func()) {
	count := func(n int) {
		calls.Lock()
		calls.given += n
		calls.Unlock()
	}
	count(1)
	return func() { count(-1) }
}

// Left is how long a look may take now.
func Left() time.Duration {
	calls.Lock()
	defer calls.Unlock()
	return left()
}

func left() time.Duration {
	whole := Patience
	if calls.most > 0 {
		whole = min(whole, calls.most)
	}
	if calls.given > 0 {
		return whole / 10
	}
	return whole
}

// Shorten has this run wait for no look longer than that.
func Shorten(most time.Duration) {
	calls.Lock()
	calls.most = most
	calls.Unlock()
}

// Halfway says whether something is begun that has to be finished or undone. Who is told
// to end is not ended before that.
func Halfway(is bool) {
	calls.Lock()
	calls.halfway = is
	calls.Unlock()
}

// Stuck is a call that holds a run.
type Stuck struct {
	Path    string        // what it is about
	After   time.Duration // how long it was waited for
	Told    bool          // the run is to end, and only this call keeps it
	Halfway bool          // something is begun
}

// Error says what was waited for, and how long.
func (s *Stuck) Error() string {
	return fmt.Sprintf("%s: no answer within %s: its file system does not answer", s.Path, s.After)
}

// Run looks at the calls until done, and tells of the first that has taken too long, or
// that is all that keeps a run whose context has ended. The program has to end then.
func Run(ctx context.Context, done <-chan struct{}, tell func(*Stuck)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	seen := map[uint64]time.Duration{}
	c := clock{last: time.Now()}
	told := time.Duration(-1)
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
		}
		c.tick(time.Now())
		if told < 0 && ctx.Err() != nil {
			told = c.passed
		}
		s, held := longest(seen, c.passed, told)
		if s != nil {
			tell(s)
			return
		}
		if held {
			hear()
		}
	}
}

// clock is the time in which this process ran. One that was stopped, or asleep with its
// computer, has waited for nobody: its calls come back as soon as it goes on.
type clock struct {
	last   time.Time
	passed time.Duration
}

func (c *clock) tick(now time.Time) {
	c.passed += min(now.Sub(c.last), 2*every)
	c.last = now
}

// longest is a call that has taken too long, the innermost one where there are several,
// and nil where there is none; held says that some call takes its time. It keeps when each call
// was first seen; told is when the run was told to end, negative where it was not.
func longest(seen map[uint64]time.Duration, now, told time.Duration) (found *Stuck, held bool) {
	calls.Lock()
	defer calls.Unlock()
	before := maps.Clone(seen)
	clear(seen)
	var last uint64
	for _, e := range calls.open {
		if e.serial == 0 {
			continue
		}
		since, ok := before[e.serial]
		if !ok {
			since = now
		}
		seen[e.serial] = since
		took := now - since
		limit := e.kind.limit()
		held = held || took >= every
		late := limit > 0 && took >= limit
		keeps := told >= 0 && !calls.halfway && now-told >= afterTold && took >= afterTold
		if (late || keeps) && e.serial > last {
			last = e.serial
			found = &Stuck{filepath.Join(e.dir, e.name), took.Round(time.Second), told >= 0 && !calls.halfway, calls.halfway}
		}
	}
	return found, held
}

// limit is how long a call may take, 0 where it may take any time.
func (k Kind) limit() time.Duration {
	switch k {
	case Look:
		return left()
	case Change:
		return Patience * 5 / 3
	}
	return 0
}
