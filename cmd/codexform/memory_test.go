package main

import (
	"runtime/debug"
	"testing"
)

// A config.toml of 600 KB gets along with what every run has; a larger one gets more, and
// nobody who said how much it shall be is overruled.
func TestRoomForLargeFiles(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	t.Setenv("GOGC", "")
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	for bytes, want := range map[int]int64{0: memory, 600 << 10: memory, usual: memory, 1 << 20: forEach << 20, 4 << 20: forEach << 22} {
		debug.SetMemoryLimit(memory)
		if roomFor(bytes); debug.SetMemoryLimit(-1) != want {
			t.Errorf("%d bytes have %d, want %d", bytes, debug.SetMemoryLimit(-1), want)
		}
	}
	debug.SetMemoryLimit(1 << 40)
	if roomFor(1 << 20); debug.SetMemoryLimit(-1) != 1<<40 {
		t.Errorf("a higher limit has become %d", debug.SetMemoryLimit(-1))
	}
	t.Setenv("GOMEMLIMIT", "30MiB")
	debug.SetMemoryLimit(30 << 20)
	if roomFor(1 << 20); debug.SetMemoryLimit(-1) != 30<<20 {
		t.Errorf("GOMEMLIMIT=30MiB has become %d", debug.SetMemoryLimit(-1))
	}
}
