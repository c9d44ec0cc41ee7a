//go:build !windows

package commit

import (
	"io/fs"
	"os"
	"syscall"
)

// openNoBlock keeps the opening of a FIFO that slipped in from waiting for a writer.
const openNoBlock = syscall.O_NONBLOCK

// hasModes reports that permission bits mean what they say.
const hasModes = true

// createPrivate makes a new file with 0600, whatever the umask makes of it.
func createPrivate(f *folder, name string) (*os.File, error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := setMode(file, 0o600); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// createUserFile makes a new file for its owner alone, until it gets its mode.
func createUserFile(path string, _ fs.FileMode) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// makeDir makes a folder for its owner alone.
func makeDir(parent *folder, name string) error { return parent.root.Mkdir(name, 0o700) }

// described is what the system says of an open file, links counted.
func described(_ *os.File, info fs.FileInfo) fs.FileInfo { return info }

// readOnlyMark is the flag of macOS by which people, and the Finder, keep a file as it is.
func readOnlyMark(info fs.FileInfo) (mark, fix string) { return flagMark(flagsOf(info)) }

// setMode changes permission bits on the descriptor, where they differ.
func setMode(file *os.File, mode fs.FileMode) error {
	info, err := file.Stat()
	if err != nil || info.Mode().Perm() == mode {
		return err
	}
	return file.Chmod(mode)
}

// setOwner makes a new file or folder of root's belong to whom the model belongs to.
func setOwner(file *os.File, model fs.FileInfo) error {
	want, ok := model.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if have := info.Sys().(*syscall.Stat_t); have.Uid == want.Uid && have.Gid == want.Gid {
		return nil
	}
	return file.Chown(int(want.Uid), int(want.Gid))
}

// othersOwn reports that a file is somebody else's; for root nothing is.
func othersOwn(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	me := os.Geteuid()
	return ok && me != 0 && st.Uid != uint32(me)
}

// othersWrite reports that somebody but the owner may write. A group with the
// number of the owner is that user's private group, as most Linux systems set it up.
func othersWrite(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	private := ok && st.Gid == st.Uid
	return info.Mode().Perm()&0o002 != 0 || info.Mode().Perm()&0o020 != 0 && !private
}

// hardLinks counts the names of a file.
func hardLinks(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Nlink)
	}
	return 1
}

func inode(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Ino)
	}
	return 0
}
