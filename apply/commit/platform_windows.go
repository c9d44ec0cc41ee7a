package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

const openNoBlock = 0

// hasModes is false: permission bits say little here, access lists rule.
const hasModes = false

// protect leaves a new file to its owner and the system, and cuts off what the
// folder would hand down.
func protect(file *os.File) error {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return err
	}
	sd, err := windows.SecurityDescriptorFromString(fmt.Sprintf("D:P(A;;FA;;;SY)(A;;FA;;;%s)", user.User.Sid))
	if err != nil {
		return err
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(file.Name(), windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil)
}

func setMode(*os.File, fs.FileMode) error { return nil }

func setOwner(*os.File, fs.FileInfo) error { return nil }

func othersOwn(fs.FileInfo) bool { return false }

func othersWrite(fs.FileInfo) bool { return false }

func hardLinks(fs.FileInfo) uint64 { return 1 }

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

func tryLock(file *os.File) (held bool, err error) {
	const whole = ^uint32(0)
	err = windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, whole, whole, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return true, nil
	}
	return false, err
}
