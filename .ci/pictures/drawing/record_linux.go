package drawing

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// limit is how long a recorded program may take.
const limit = 2 * time.Minute

// Record runs a program at a terminal of its own, that many columns wide, in an
// environment that says nothing of the caller's, and gives what it printed.
func Record(columns int, program string, args ...string) (string, error) {
	ours, theirs, err := open(columns)
	if err != nil {
		return "", err
	}
	defer ours.Close()
	cmd := exec.Command(program, args...)
	cmd.Env = []string{"HOME=/nonexistent", "TERM=xterm-256color", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	cmd.Stdout, cmd.Stderr = theirs, theirs
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		return "", err
	}
	timer := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer timer.Stop()
	var out strings.Builder
	// A terminal whose program has gone ends with EIO.
	if _, err := io.Copy(&out, ours); err != nil && !errors.Is(err, syscall.EIO) {
		return "", err
	}
	if err := cmd.Wait(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", program, err, out.String())
	}
	return out.String(), nil
}

// open makes a pseudo terminal: our end, and the one for the program.
func open(columns int) (ours, theirs *os.File, err error) {
	if ours, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	number := 0
	err = errors.Join(
		unix.IoctlSetPointerInt(int(ours.Fd()), unix.TIOCSPTLCK, 0),
		unix.IoctlSetWinsize(int(ours.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: uint16(columns)}))
	if err == nil {
		number, err = unix.IoctlGetInt(int(ours.Fd()), unix.TIOCGPTN)
	}
	if err == nil {
		theirs, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		ours.Close()
	}
	return ours, theirs, err
}
