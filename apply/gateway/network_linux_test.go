package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A computer without any network: an empty network namespace.
func TestCableOut(t *testing.T) {
	for _, base := range []string{"https://192.0.2.1/v1", "https://[2001:db8::1]/v1"} {
		input, err := json.Marshal(order{BaseURL: base, Key: canary, Models: []string{"gpt-5.4"}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = []string{faultClient + "=1"}
		cmd.Stdin = strings.NewReader(string(input))
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWUSER}
		if os.Getuid() == 0 {
			cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWNET
		}
		out, err := cmd.Output()
		if err != nil {
			// Containers forbid it, also those that run our checks.
			t.Skipf("NOT TESTED: no right to make a network namespace: %v", err)
		}
		var got receipt
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if a := got.Answer; a.Class != Unreachable || a.Attempts != 3 {
			t.Errorf("%s: got %s after %d tries (%s), want %s after 3", base, a.Class, a.Attempts, a.Detail, Unreachable)
		}
	}
}

// A host that swallows connections, as a firewall does: a listener whose queue is full.
func TestSwallowedConnection(t *testing.T) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for full := false; !full; {
		conn, err := net.DialTimeout("tcp", address, 200*time.Millisecond)
		if full = err != nil; !full {
			defer conn.Close()
		}
	}
	c := &Client{Limits: Limits{Connect: 200 * time.Millisecond}}
	a := c.List(t.Context(), Request{BaseURL: "http://" + address + "/v1", Attempts: 1})
	if a.Class != Timeout || !strings.Contains(a.Detail, "while connecting") || a.Elapsed > 5*time.Second {
		t.Errorf("got %s (%s) after %s, want %s while connecting after 200ms", a.Class, a.Detail, a.Elapsed, Timeout)
	}
}
