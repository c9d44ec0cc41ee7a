package commit

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// inside is set where a test runs in a kernel that does not exchange files.
const inside = "CODEXFORM_TEST_WITHOUT_EXCHANGE"

// withoutExchange runs a test again, in a process for which the kernel's renameat2 with
// flags fails as on a file system that has none. There it returns true; here it reports
// what became of it.
func withoutExchange(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) != "" {
		refuseFlags(t)
		return true
	}
	program, err := os.Executable()
	must(t, err)
	cmd := exec.Command(program, "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("without an exchange: %v\n%s", err, out)
	}
	return false
}

// refuseFlags lets this process's renameat2 fail where it has flags, for good.
func refuseFlags(t *testing.T) {
	t.Helper()
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	filter := []unix.SockFilter{
		load(0), // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_RENAMEAT2, Jf: 3},
		load(16 + 4*8), // its fifth argument, the flags
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0, Jt: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EINVAL)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	must(t, unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	_, _, errno := syscall.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		t.Fatal("seccomp: ", errno)
	}
	if err := unix.Renameat2(unix.AT_FDCWD, "nowhere", unix.AT_FDCWD, "elsewhere", unix.RENAME_EXCHANGE); err != unix.EINVAL {
		t.Fatalf("renameat2 says %v, want EINVAL", err)
	}
}
