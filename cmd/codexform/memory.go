package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// memory is what the garbage collector keeps all that it knows of to, where it can, and
// before which it does not begin: most runs end without it, and one on a file of 600 KB
// stays below 40 MB.
const memory = 28 << 20

// limitMemory sets the limit, unless GOMEMLIMIT or GOGC says otherwise.
func limitMemory() {
	if !told() {
		debug.SetMemoryLimit(memory)
		debug.SetGCPercent(-1)
		(&room{}).watch()
	}
}

// told reports whether somebody else has said how much it shall be.
func told() bool { return os.Getenv("GOMEMLIMIT") != "" || os.Getenv("GOGC") != "" }

// usual is the largest config.toml that a run has to get along with memory for, and
// forEach what it takes for each byte of a larger one: with less, the collector runs again
// and again and half of the time is its own.
const usual, forEach = 640 << 10, 48

// roomFor raises the limit for a large config.toml.
func roomFor(bytes int) {
	if want := int64(bytes) * forEach; bytes > usual && !told() && want > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(want)
	}
}

// room is what has been asked for until the collections so far. It is read from the
// statistics that cost nothing at start; package metrics costs each run.
type room struct {
	total  uint64
	cycles uint32
}

// collection is made anew after each garbage collection, to hear of the next.
type collection struct{ _ *int } // no tiny one, of which several share a finalizer

func (r *room) watch() {
	runtime.SetFinalizer(new(collection), func(*collection) {
		r.make()
		r.watch()
	})
}

// make raises the limit where it is what brings the next collection, and one follows
// another after a quarter of it, with a file of megabytes: what is in use comes near to
// the limit then, and the collector would run all the time and keep nothing to it.
func (r *room) make() {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	asked, cycles, limit := int64(now.TotalAlloc-r.total), int64(now.NumGC-r.cycles), debug.SetMemoryLimit(-1)
	if int64(now.NextGC) > limit*3/4 && asked < cycles*limit/4 {
		debug.SetMemoryLimit(limit * 3 / 2)
	}
	r.total, r.cycles = now.TotalAlloc, now.NumGC
}
