//go:build !windows

package commit

import (
	"errors"
	"os"
	"syscall"
)

func rename(f *folder, from, to string) error { return f.root.Rename(from, to) }

func unlink(f *folder, name string) error { return f.root.Remove(name) }

// whileInUse is for systems where one program can keep others out of a file.
func whileInUse(call func() error) error { return call() }

// syncFolder makes names durable, on the file systems that know of it.
func syncFolder(dir *os.File) error {
	err := dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EOPNOTSUPP) {
		return nil
	}
	return err
}
