package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// memory is what the garbage collector keeps the heap to, where it can: a whole run
// on files as people have them stays below 64 MB with it.
const memory = 48 << 20

// limitMemory sets the limit, unless GOMEMLIMIT does.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
		watch()
	}
}

// collection is made anew after each garbage collection, to hear of the next.
type collection struct{ _ *int } // no tiny one, of which several share a finalizer

func watch() {
	c := new(collection)
	runtime.SetFinalizer(c, func(*collection) {
		makeRoom()
		watch()
	})
}

// makeRoom raises the limit where what is in use comes near to it, with a file of
// megabytes: the collector would run all the time then, and keep nothing to the limit.
func makeRoom() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if wanted := int64(live[0].Value.Uint64()) * 2; wanted > debug.SetMemoryLimit(-1) {
		debug.SetMemoryLimit(wanted)
	}
}
