package harden

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// The test binary plays the program: it hardens itself, or not, and crashes.
func TestMain(m *testing.M) {
	switch os.Getenv("HARDEN_TEST") {
	case "crash hardened":
		if err := Process(); err != nil {
			panic(err)
		}
		crash()
	case "crash bare":
		crash()
	case "show":
		if err := Process(); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("ready\n")
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func crash() {
	var none *int
	*none = 1
}

func TestNoCore(t *testing.T) {
	pattern, err := os.ReadFile("/proc/sys/kernel/core_pattern")
	if err != nil || strings.HasPrefix(string(pattern), "|") || strings.Contains(string(pattern), "/") {
		t.Skipf("cores do not land in the working folder here: %s", pattern)
	}
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &old); err != nil || old.Max == 0 {
		t.Skip("no core may be written here anyway")
	}
	for mode, want := range map[string]int{"crash bare": 1, "crash hardened": 0} {
		dir := t.TempDir()
		child := exec.Command("/bin/sh", "-c", "ulimit -c unlimited; exec "+os.Args[0])
		child.Dir = dir
		child.Env = append(os.Environ(), "GOTRACEBACK=crash", "HARDEN_TEST="+mode)
		if err := child.Run(); err == nil {
			t.Fatalf("%s: it did not crash", mode)
		}
		cores, err := filepath.Glob(filepath.Join(dir, "core*"))
		if err != nil || len(cores) != want {
			t.Errorf("%s: %d core files, want %d", mode, len(cores), want)
		}
	}
}

// Other processes of the user see neither environment nor memory.
func TestNotReadable(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "HARDEN_TEST=show", "SECRET=sk-CANARY")
	if os.Geteuid() == 0 { // root reads everything
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1234, Gid: 1234}}
		if err := exec.Command("chmod", "a+rx", os.Args[0], filepath.Dir(os.Args[0]), filepath.Dir(filepath.Dir(os.Args[0]))).Run(); err != nil {
			t.Fatal(err)
		}
	}
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer in.Close()
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"environ", "mem"} {
		var st unix.Stat_t
		path := filepath.Join("/proc", strconv.Itoa(child.Process.Pid), name)
		if err := unix.Stat(path, &st); err != nil {
			t.Fatal(err)
		}
		if st.Uid != 0 {
			t.Errorf("%s belongs to user %d, so that user may read it", path, st.Uid)
		}
	}
}
