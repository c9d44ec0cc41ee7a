package commit

import (
	"io/fs"
	"syscall"
)

// flagsOf are the flags of a file, such as the Finder's "Locked".
func flagsOf(info fs.FileInfo) uint32 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Flags
	}
	return 0
}
