//go:build !windows

package commit

import "golang.org/x/sys/unix"

// mayCreate asks the kernel, which knows modes, access lists, attributes and mounts.
func mayCreate(dir string) error {
	return unix.Faccessat(unix.AT_FDCWD, dir, unix.W_OK|unix.X_OK, unix.AT_EACCESS)
}
