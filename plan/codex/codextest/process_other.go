//go:build !windows

package codextest

import (
	"os/exec"
	"syscall"
)

const binaryName = "codex"

// stopWhole makes cmd a process group, and stops the whole group when its context ends.
func stopWhole(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
