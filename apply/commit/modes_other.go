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

// protect gives a new file 0600 whatever the umask made of it.
func protect(file *os.File) error { return setMode(file, 0o600) }

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
