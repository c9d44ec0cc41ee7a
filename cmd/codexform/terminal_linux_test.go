package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// terminalStory: terminal CODE ANSWER PROGRAM ARG… runs a program at a terminal of
// its own, types the answer once it asks, and keeps the screen in the file screen.
func terminalStory(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: terminal CODE ANSWER PROGRAM ARG…")
	}
	ours, theirs := openTerminal(ts)
	path, err := exec.LookPath(args[2])
	ts.Check(err)
	cmd := exec.Command(path, args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"HOME=" + ts.Getenv("HOME"), "KEY=" + ts.Getenv("KEY"), "TERM=xterm", "PATH=" + ts.Getenv("PATH")}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	ts.Check(cmd.Start())
	theirs.Close()
	screen := &screen{asked: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(screen, ours) // ends with an error when the program has gone
	}()
	select {
	case <-screen.asked:
		_, err := io.WriteString(ours, args[1]+"\n")
		ts.Check(err)
	case <-done:
	case <-time.After(30 * time.Second):
		cmd.Process.Kill()
	}
	err = cmd.Wait()
	<-done
	ts.Check(os.WriteFile(ts.MkAbs("screen"), screen.text.Bytes(), 0o600))
	wantCode(ts, args[0], err)
}

// screen collects what a program prints and notices when it asks.
type screen struct {
	text  bytes.Buffer
	asked chan struct{}
	once  sync.Once
}

func (s *screen) Write(p []byte) (int, error) {
	s.text.Write(p)
	if bytes.HasSuffix(s.text.Bytes(), []byte("applies them: ")) {
		s.once.Do(func() { close(s.asked) })
	}
	return len(p), nil
}

// openTerminal makes a pseudo terminal: our end, and the one for the program.
func openTerminal(ts *testscript.TestScript) (ours, theirs *os.File) {
	ours, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	ts.Check(err)
	ts.Defer(func() { ours.Close() })
	ts.Check(unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	ts.Check(err)
	theirs, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	ts.Check(err)
	return ours, theirs
}
