//go:build linux

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// The ioctl that shuts ext4 and XFS down as a power cut does, and its flags.
const (
	shutdown      = 0x8004587d
	shutdownLog   = 1 // the journal is written first
	shutdownNoLog = 2
)

// cut shuts a mounted file system down.
func cut(mount, flush string) error {
	dir, err := os.Open(mount)
	if err != nil {
		return err
	}
	defer dir.Close()
	flags := shutdownNoLog
	if flush == "log" {
		flags = shutdownLog
	}
	return unix.IoctlSetPointerInt(int(dir.Fd()), shutdown, flags)
}
