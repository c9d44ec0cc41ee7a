package drawing

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// limit is how long a recorded program may take.
const limit = 2 * time.Minute

// Demo plays the demo of a program at a terminal that many columns wide, in an
// environment that says nothing of the caller's, and gives what it printed.
func Demo(columns int, program string) (string, error) {
	cmd := exec.Command(program, "demo")
	cmd.Env = []string{"HOME=/nonexistent", "TERM=xterm-256color", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	return Record(columns, cmd, nil)
}

// Record runs a command at a terminal of its own and gives what it printed, also where
// the command failed. What answer says to what came last, if not nil, is typed.
func Record(columns int, cmd *exec.Cmd, answer func(screen string) string) (string, error) {
	ours, theirs, err := open(columns)
	if err != nil {
		return "", err
	}
	defer ours.Close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	err = cmd.Start()
	theirs.Close()
	if err != nil {
		return "", err
	}
	timer := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer timer.Stop()
	out, err := converse(ours, answer)
	if failed := cmd.Wait(); err == nil && failed != nil {
		err = fmt.Errorf("%s: %w\n%s", cmd.Path, failed, out)
	}
	return out, err
}

// converse reads until the program has gone, which a terminal says with EIO.
func converse(terminal io.ReadWriter, answer func(string) string) (string, error) {
	var out []byte
	piece := make([]byte, 4096)
	for {
		n, err := terminal.Read(piece)
		out = append(out, piece[:n]...)
		if errors.Is(err, syscall.EIO) || errors.Is(err, io.EOF) {
			return string(out), nil
		}
		if err == nil && answer != nil {
			_, err = io.WriteString(terminal, answer(string(out)))
		}
		if err != nil {
			return string(out), err
		}
	}
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
