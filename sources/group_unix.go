//go:build unix

package sources

import (
	"os/exec"
	"syscall"
)

// ownGroup gives the program a session of its own: it cannot wait for an answer on
// our terminal, and what it started ends with it when its time is up.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
