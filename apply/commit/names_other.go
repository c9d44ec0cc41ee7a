//go:build !windows

package commit

import (
	"errors"
	"os"
	"syscall"
)

func rename(f *folder, from, to string) error { return f.root.Rename(from, to) }

// syncFolder makes names durable, on the file systems that know of it.
func syncFolder(dir *os.File) error {
	err := dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
