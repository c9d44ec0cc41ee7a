//go:build unix

package sources_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
)

// wantGone waits until the process whose id is in a file has ended.
func wantGone(t *testing.T, pidFile string) {
	t.Helper()
	pid := readPID(t, pidFile)
	waitFor(t, func() bool { return ended(pid) })
}

func readPID(t *testing.T, file string) int {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// ended reports whether a process is gone, or dead and waiting for its parent.
func ended(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	for i := len(stat) - 1; i > 0; i-- {
		if stat[i] == ')' {
			return i+2 < len(stat) && stat[i+2] == 'Z'
		}
	}
	return false
}

// When its time is up, a program ends together with what it started.
func TestCommandTimeout(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	s := sources.Impatient(source(t, commandWorld(t, "hang", "HELPER_PID="+pidFile), self(t)))
	_, err := s.Fetch(t.Context())
	wantError(t, err, sources.KindTimeout, "command:sources.test: no answer within 1s")
	wantGone(t, pidFile)
}

func TestCommandInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pidFile := filepath.Join(t.TempDir(), "pid")
	s := source(t, commandWorld(t, "hang", "HELPER_PID="+pidFile), self(t))
	go func() {
		waitFor(t, func() bool { data, _ := os.ReadFile(pidFile); return len(data) > 0 })
		cancel()
	}()
	_, err := s.Fetch(ctx)
	wantError(t, err, sources.KindCanceled, "command:sources.test: interrupted")
	wantGone(t, pidFile)
}

// A daemon that the program leaves behind, as gpg-agent, does not make us wait for
// it, and lives on.
func TestCommandLeavesDaemon(t *testing.T) {
	pidFile := filepath.Join(t.TempDir(), "pid")
	got, err := source(t, commandWorld(t, "daemon", "HELPER_VALUE="+sourcetest.Key, "HELPER_PID="+pidFile), self(t)).Fetch(t.Context())
	if err != nil || string(got.Secret.Reveal()) != sourcetest.Key {
		t.Errorf("got %v", err)
	}
	pid := readPID(t, pidFile)
	if ended(pid) {
		t.Error("we waited for the daemon, or ended it")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}
