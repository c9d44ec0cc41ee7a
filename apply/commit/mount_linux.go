package commit

import (
	"os"

	"golang.org/x/sys/unix"
)

// mountPoint reports that a file lies on another mount than its folder.
func mountPoint(dir, file *os.File) bool {
	a, okA := mountID(dir)
	b, okB := mountID(file)
	return okA && okB && a != b
}

func mountID(f *os.File) (uint64, bool) {
	var st unix.Statx_t
	err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_MNT_ID, &st)
	return st.Mnt_id, err == nil && st.Mask&unix.STATX_MNT_ID != 0
}
