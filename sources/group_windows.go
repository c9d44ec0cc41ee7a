package sources

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps Ctrl-C to ourselves; when its time is up, the program is ended.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
