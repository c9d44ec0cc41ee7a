package codex

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"unsafe"

	win "golang.org/x/sys/windows"
)

// tether leaves the program as it is: hold puts it into a job.
func tether(*exec.Cmd) {}

// hold puts a program and all that it starts into a job that ends when its handle
// is closed, by release or because we are gone.
func hold(cmd *exec.Cmd) (release func()) {
	job, err := win.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}
	}
	info := win.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	info.BasicLimitInformation.LimitFlags = win.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, _ = win.SetInformationJobObject(job, win.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if p, err := win.OpenProcess(win.PROCESS_SET_QUOTA|win.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid)); err == nil {
		_ = win.AssignProcessToJobObject(job, p)
		win.CloseHandle(p)
	}
	return func() { win.CloseHandle(job) }
}

// lockFolder holds a folder of ours until the file is closed, or we are gone.
func lockFolder(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	const flags = win.LOCKFILE_EXCLUSIVE_LOCK | win.LOCKFILE_FAIL_IMMEDIATELY
	if err := win.LockFileEx(win.Handle(f.Fd()), flags, 0, 1, 0, &win.Overlapped{}); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ownedByUs is true: the temporary folder is the user's own.
func ownedByUs(fs.FileInfo) bool { return true }

// Whom a program runs as is a matter of tokens there.
func demote(*exec.Cmd) {}

func (s scratch) giveAway() error { return nil }
