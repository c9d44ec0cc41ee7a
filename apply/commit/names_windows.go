package commit

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// patience is how long a virus scanner or an indexer may hold a file open.
const patience = 2 * time.Second

func rename(f *folder, from, to string) error {
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		err := f.root.Rename(from, to)
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !busy || time.Now().After(end) {
			return err
		}
	}
}

// syncFolder has nothing to do: the file system journals names by itself.
func syncFolder(*os.File) error { return nil }
