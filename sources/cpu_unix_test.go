//go:build unix

package sources_test

import (
	"syscall"
	"testing"
)

// cpuTime is what this process has used, in seconds.
func cpuTime(t *testing.T) float64 {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}
