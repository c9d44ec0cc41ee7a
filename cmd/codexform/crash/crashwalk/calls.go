//go:build linux && amd64

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unsafe"
)

// shape says which arguments of a call name files.
type shape int

const (
	byFD     shape = iota // a descriptor
	byPath                // a path
	byAt                  // folder descriptor, path
	twoPaths              // path, path
	twoAts                // folder, path, folder, path
	linkPath              // target, path
	linkAt                // target, folder, path
)

type call struct {
	name  string
	shape shape
}

// mutating are the calls of amd64 that change files.
var mutating = map[uint64]call{
	1: {"write", byFD}, 18: {"pwrite64", byFD}, 20: {"writev", byFD}, 296: {"pwritev", byFD},
	74: {"fsync", byFD}, 75: {"fdatasync", byFD}, 277: {"sync_file_range", byFD},
	76: {"truncate", byPath}, 77: {"ftruncate", byFD}, 285: {"fallocate", byFD},
	91: {"fchmod", byFD}, 93: {"fchown", byFD}, 90: {"chmod", byPath}, 92: {"chown", byPath}, 94: {"lchown", byPath},
	268: {"fchmodat", byAt}, 452: {"fchmodat2", byAt}, 260: {"fchownat", byAt}, 280: {"utimensat", byAt},
	188: {"setxattr", byPath}, 189: {"lsetxattr", byPath}, 190: {"fsetxattr", byFD},
	82: {"rename", twoPaths}, 264: {"renameat", twoAts}, 316: {"renameat2", twoAts},
	86: {"link", twoPaths}, 265: {"linkat", twoAts}, 88: {"symlink", linkPath}, 266: {"symlinkat", linkAt},
	87: {"unlink", byPath}, 263: {"unlinkat", byAt}, 83: {"mkdir", byPath}, 258: {"mkdirat", byAt}, 84: {"rmdir", byPath},
	2: {"open", byPath}, 85: {"creat", byPath}, 257: {"openat", byAt}, 437: {"openat2", byAt},
	326: {"copy_file_range", byFD}, 40: {"sendfile", byFD}, 73: {"flock", byFD},
}

// looking are the calls that -reads adds: between two of them a race is won.
var looking = map[uint64]call{
	0: {"read", byFD}, 17: {"pread64", byFD}, 4: {"stat", byPath}, 5: {"fstat", byFD}, 6: {"lstat", byPath},
	262: {"newfstatat", byAt}, 332: {"statx", byAt}, 89: {"readlink", byPath}, 267: {"readlinkat", byAt},
	217: {"getdents64", byFD}, 3: {"close", byFD},
}

const (
	atFDCWD  = -100
	openMuts = syscall.O_CREAT | syscall.O_TRUNC | syscall.O_EXCL | syscall.O_WRONLY | syscall.O_RDWR
)

// op is one observed call; states works from a record of them.
type op struct {
	N      int    `json:"n"`
	Call   string `json:"call"`
	A      string `json:"a"`
	B      string `json:"b,omitempty"`
	Flags  int64  `json:"flags,omitempty"`
	Mode   uint32 `json:"mode,omitempty"`
	Data   []byte `json:"data,omitempty"`
	Off    int64  `json:"off,omitempty"`
	Ret    int64  `json:"ret"`
	Inject string `json:"inject,omitempty"`
}

func (o op) String() string {
	s := fmt.Sprintf("%3d %-10s %s", o.N, o.Call, o.A)
	if o.B != "" {
		s += " -> " + o.B
	}
	if len(o.Data) > 0 {
		s += fmt.Sprintf(" [%d bytes]", len(o.Data))
	}
	return s + fmt.Sprintf(" = %d", o.Ret)
}

// writes reports whether the call can be torn.
func (o op) writes() bool { return o.Call == "write" || o.Call == "pwrite64" }

// syncs reports whether the call has made something durable.
func (o op) syncs() bool { return (o.Call == "fsync" || o.Call == "fdatasync") && o.Ret == 0 }

// touches reports whether the call is about something in one of the folders.
func (o op) touches(dirs []string) bool {
	return slices.ContainsFunc(dirs, func(d string) bool {
		return within(o.A, d) || within(o.B, d)
	})
}

func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// syscallInfo is struct ptrace_syscall_info.
type syscallInfo struct {
	op   uint8
	_    [3]byte
	arch uint32
	ip   uint64
	sp   uint64
	nr   uint64 // at exit: the result
	args [6]uint64
	_    [8]byte
}

const getSyscallInfo = 0x420e

func infoOf(tid int) (syscallInfo, error) {
	var si syscallInfo
	_, _, e := syscall.Syscall6(syscall.SYS_PTRACE, getSyscallInfo, uintptr(tid), unsafe.Sizeof(si), uintptr(unsafe.Pointer(&si)), 0, 0)
	if e != 0 {
		return si, e
	}
	return si, nil
}

// peekString reads a string of the traced process, page by page: the next one may
// not be mapped.
func peekString(tid int, addr uint64) string {
	var out []byte
	buf := make([]byte, 256)
	for len(out) < 4096 {
		n := min(4096-int(addr&4095), len(buf))
		k, err := syscall.PtracePeekData(tid, uintptr(addr), buf[:n])
		if err != nil || k <= 0 {
			break
		}
		if i := bytes.IndexByte(buf[:k], 0); i >= 0 {
			return string(append(out, buf[:i]...))
		}
		out = append(out, buf[:k]...)
		addr += uint64(k)
	}
	return string(out)
}

func peek(tid int, addr, n uint64) []byte {
	b := make([]byte, min(n, 1<<20))
	k, _ := syscall.PtracePeekData(tid, uintptr(addr), b)
	return b[:max(k, 0)]
}

func fdPath(pid int, fd int64) string {
	link := fmt.Sprintf("/proc/%d/fd/%d", pid, int32(fd))
	if int32(fd) == atFDCWD {
		link = fmt.Sprintf("/proc/%d/cwd", pid)
	}
	path, _ := os.Readlink(link)
	return path
}

func pathAt(pid int, fd int64, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(fdPath(pid, fd), path)
}

// decode says what a thread is about to do, if it is a call that counts.
func decode(tid int, si syscallInfo, reads bool) (op, bool) {
	c, ok := mutating[si.nr]
	if !ok && reads {
		c, ok = looking[si.nr]
	}
	if !ok {
		return op{}, false
	}
	o := op{Call: c.name}
	a := si.args
	switch c.shape {
	case byFD:
		o.A = fdPath(tid, int64(a[0]))
	case byPath:
		o.A = pathAt(tid, atFDCWD, peekString(tid, a[0]))
	case byAt:
		o.A = pathAt(tid, int64(a[0]), peekString(tid, a[1]))
	case twoPaths:
		o.A, o.B = pathAt(tid, atFDCWD, peekString(tid, a[0])), pathAt(tid, atFDCWD, peekString(tid, a[1]))
	case twoAts:
		o.A, o.B = pathAt(tid, int64(a[0]), peekString(tid, a[1])), pathAt(tid, int64(a[2]), peekString(tid, a[3]))
		o.Flags = int64(a[4])
	case linkPath:
		o.B, o.A = peekString(tid, a[0]), pathAt(tid, atFDCWD, peekString(tid, a[1]))
	case linkAt:
		o.B, o.A = peekString(tid, a[0]), pathAt(tid, int64(a[1]), peekString(tid, a[2]))
	}
	o.details(tid, a)
	return o, reads || !strings.HasPrefix(o.Call, "open") || o.Flags&openMuts != 0
}

// details fills in what the record needs beyond names.
func (o *op) details(tid int, a [6]uint64) {
	switch o.Call {
	case "open":
		o.Flags, o.Mode = int64(a[1]), uint32(a[2])
	case "openat":
		o.Flags, o.Mode = int64(a[2]), uint32(a[3])
	case "openat2":
		for _, b := range slices.Backward(peek(tid, a[2], 8)) {
			o.Flags = o.Flags<<8 | int64(b)
		}
	case "creat":
		o.Flags = openMuts
	case "write":
		o.Data, o.Off = peek(tid, a[1], a[2]), -1
	case "pwrite64":
		o.Data, o.Off = peek(tid, a[1], a[2]), int64(a[3])
	case "ftruncate", "truncate":
		o.Off = int64(a[1])
	case "unlinkat":
		o.Flags = int64(a[2])
	case "fchmod":
		o.Mode = uint32(a[1])
	case "mkdirat", "fchmodat", "fchmodat2":
		o.Mode = uint32(a[2])
	}
}
