//go:build !windows

package doctor

import "syscall"

// owner is the user that a file or folder belongs to, where that is known.
func (e *exam) owner(path string) (uid uint32, ok bool) {
	info, err := e.Fs.Stat(path)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}
