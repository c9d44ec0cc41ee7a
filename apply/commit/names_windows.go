package commit

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// patience is how long a virus scanner, an indexer or a Codex may hold a file open.
const patience = 2 * time.Second

// patiently tries again while somebody has the file open in a way that keeps us out.
func patiently(call func() error) error { return retry(busy, call) }

// whileInUse waits for who has a file for himself, but not for a right to read it.
func whileInUse(call func() error) error { return retry(inUse, call) }

func retry(again func(error) bool, call func() error) error {
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		err := call()
		if !again(err) || time.Now().After(end) {
			return err
		}
	}
}

// busy reports what a file says that is open elsewhere; one that is about to go says
// that access is denied.
func busy(err error) bool {
	return inUse(err) || errors.Is(err, fs.ErrPermission)
}

func inUse(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_DELETE_PENDING)
}

func rename(f *folder, from, to string) error {
	return patiently(func() error { return f.root.Rename(from, to) })
}

func unlink(f *folder, name string) error {
	return patiently(func() error { return f.root.Remove(name) })
}

// syncFolder has nothing to do: the file system journals names by itself.
func syncFolder(*os.File) error { return nil }
