package main

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// What stderr must not say reaches the system's own log where no --log-file is named. The
// log of a machine that has one is not ours to read, so this listens where there is none.
func TestTheSystemsLogHears(t *testing.T) {
	const socket = "/dev/log"
	if _, err := os.Lstat(socket); err == nil || os.Getuid() != 0 {
		t.Skip("SKIPPED, NOTHING IS PROVED: this machine has a log of its own, or we are not root")
	}
	log, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Skipf("SKIPPED, NOTHING IS PROVED: %v", err)
	}
	defer func() { _ = log.Close(); _ = os.Remove(socket) }()
	if err := os.Chmod(socket, 0o666); err != nil {
		t.Fatal(err)
	}
	s := newStage(t, built(t), outcome{name: "an unknown key", policy: "modle-" + t.Name() + ": x\n"})
	code, stdout, stderr := runAs(s, "status", "--contract", "intune-detect", "-f", s.policy)
	if code != 2 || stdout != "error:E_POLICY\n" || stderr != "" {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	_ = log.SetReadDeadline(time.Now().Add(5 * time.Second))
	buffer := make([]byte, 64<<10)
	for {
		n, err := log.Read(buffer)
		if err != nil {
			t.Fatalf("the log has not heard of it: %v", err)
		}
		if said := string(buffer[:n]); strings.Contains(said, "codexform[") && strings.Contains(said, "modle-"+t.Name()) {
			return
		}
	}
}
