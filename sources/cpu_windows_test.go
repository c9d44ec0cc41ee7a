package sources_test

import (
	"syscall"
	"testing"
)

// cpuTime is what this process has used, in seconds.
func cpuTime(t *testing.T) float64 {
	t.Helper()
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		t.Fatal(err)
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &exited, &kernel, &user); err != nil {
		t.Fatal(err)
	}
	ticks := int64(kernel.HighDateTime+user.HighDateTime)<<32 + int64(kernel.LowDateTime) + int64(user.LowDateTime)
	return float64(ticks) / 1e7
}
