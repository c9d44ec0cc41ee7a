package commit

import (
	"os"

	"golang.org/x/sys/unix"
)

func exchange(dir *os.File, a, b string) error {
	return renamex(dir, a, b, unix.RENAME_SWAP)
}

func moveExclusive(dir *os.File, from, to string) error {
	return renamex(dir, from, to, unix.RENAME_EXCL)
}

func renamex(dir *os.File, from, to string, flags uint32) error {
	fd := int(dir.Fd())
	for {
		switch err := unix.RenameatxNp(fd, from, fd, to, flags); err {
		case nil:
			return nil
		case unix.EINTR:
		case unix.EINVAL, unix.ENOSYS, unix.ENOTSUP, unix.EOPNOTSUPP:
			return errNoExchange
		default:
			return err
		}
	}
}
