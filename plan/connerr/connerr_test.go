package connerr_test

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"testing"

	"github.com/codexform/codexform/plan/connerr"
)

// TestRefused asks the system itself: nobody listens on a port that was just closed.
func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = net.Dial("tcp", l.Addr().String())
	if !connerr.Refused(err) || connerr.Reset(err) {
		t.Errorf("%v: refused %v, reset %v", err, connerr.Refused(err), connerr.Reset(err))
	}
}

// TestReset asks the system for a connection that the other side cuts.
func TestReset(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err == nil { // else it was cut before the dial had ended
		defer c.Close()
		_, err = c.Read(make([]byte, 1))
	}
	if !connerr.Reset(err) || connerr.Refused(err) {
		t.Errorf("%v: refused %v, reset %v", err, connerr.Refused(err), connerr.Reset(err))
	}
}

func TestWindowsNumbers(t *testing.T) {
	for errno, want := range map[syscall.Errno][2]bool{10053: {false, true}, 10054: {false, true}, 10061: {true, false}, 10060: {}} {
		err := fmt.Errorf("dialing: %w", errno)
		if got := [2]bool{connerr.Refused(err), connerr.Reset(err)}; got != want {
			t.Errorf("%d: refused and reset are %v, want %v", errno, got, want)
		}
	}
	if err := errors.New("no number"); connerr.Refused(err) || connerr.Reset(err) {
		t.Error("an error without a number counts")
	}
}
