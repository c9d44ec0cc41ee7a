//go:build !windows

package harden

import "golang.org/x/sys/unix"

// noCore also binds the programs that we start.
func noCore() error {
	return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
