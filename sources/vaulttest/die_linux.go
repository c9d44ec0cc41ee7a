package vaulttest

import "syscall"

// dieWithParent keeps a test that panics from leaving a server behind.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
