package users

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

const mostGroups = 65536

const program = "/proc/self/exe"

// self is this program by what is open already: the user may not be able to enter the
// folder that it lies in. Ansible and a strict umask leave a file that its owner alone may
// run: then it is a copy in memory, of which there is one, and which ends with us.
var self = sync.OnceValues(func() (string, error) {
	info, err := os.Stat(program)
	if err != nil || info.Mode()&0o001 != 0 {
		return program, nil
	}
	return inMemory(program)
})

// kept is the copy, open for as long as we run.
var kept *os.File

// inMemory copies a program to where everybody may run it and nobody finds it.
func inMemory(file string) (string, error) {
	from, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer from.Close()
	fd, err := unix.MemfdCreate("codexform", unix.MFD_CLOEXEC|unix.MFD_EXEC|unix.MFD_ALLOW_SEALING)
	if errors.Is(err, unix.EINVAL) { // a kernel that does not tell programs from data
		fd, err = unix.MemfdCreate("codexform", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return "", err
	}
	kept = os.NewFile(uintptr(fd), "codexform")
	if _, err := io.Copy(kept, from); err != nil {
		return "", err
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL)
	return fmt.Sprintf("/proc/self/fd/%d", fd), err
}
