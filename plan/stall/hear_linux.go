package stall

import (
	"bytes"
	"os"

	"golang.org/x/sys/unix"
)

// hear has this thread take a signal that the process was sent and that nobody has heard.
// The kernel leaves each to one thread, the first one rather than another, and where that
// is what a dead mount holds, it waits there. URG is what Go's scheduler sends its threads,
// and means nothing.
func hear() {
	const none = "ShdPnd:\t0000000000000000\n"
	if status, err := os.ReadFile("/proc/self/status"); err == nil && bytes.Contains(status, []byte(none)) {
		return
	}
	_ = unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGURG)
}
