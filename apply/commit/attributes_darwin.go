package commit

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// copyAttributes gives a new config.toml the extended attributes of the old one: tags,
// comments, where it came from. A key's file gets none.
func copyAttributes(from, to *os.File, key bool) {
	if key {
		return
	}
	buf := make([]byte, 64<<10)
	n, err := unix.Flistxattr(int(from.Fd()), buf)
	if err != nil {
		return
	}
	value := make([]byte, 64<<10)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(buf[:n]), "\x00"), "\x00") {
		if n, err := unix.Fgetxattr(int(from.Fd()), name, value); err == nil {
			_ = unix.Fsetxattr(int(to.Fd()), name, value[:n], 0) // kept where possible
		}
	}
}
