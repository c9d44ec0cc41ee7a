package commit

import (
	"bytes"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

const selinux = "security.selinux"

// copyAttributes gives a new file the SELinux label of an old one and, unless it is
// for a key, its access list and user attributes, as far as the file system lets us.
func copyAttributes(from, to *os.File, label bool) {
	for _, name := range attributes(int(from.Fd())) {
		if label && name != selinux {
			continue
		}
		value := attribute(int(from.Fd()), name)
		if value != nil && !bytes.Equal(value, attribute(int(to.Fd()), name)) {
			_ = unix.Fsetxattr(int(to.Fd()), name, value, 0) // kept where possible
		}
	}
}

func attributes(fd int) []string {
	buf := make([]byte, 64<<10)
	n, err := unix.Flistxattr(fd, buf)
	if err != nil {
		return nil
	}
	var names []string
	for name := range strings.SplitSeq(string(buf[:n]), "\x00") {
		if strings.HasPrefix(name, "user.") || name == "system.posix_acl_access" || name == selinux {
			names = append(names, name)
		}
	}
	return names
}

func attribute(fd int, name string) []byte {
	buf := make([]byte, 64<<10)
	n, err := unix.Fgetxattr(fd, name, buf)
	if err != nil {
		return nil
	}
	return buf[:n]
}
