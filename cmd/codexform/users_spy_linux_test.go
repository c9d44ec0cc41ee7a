package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// spyAs lets a user spy until what is returned is called, which tells what was seen.
func (m *usersMachine) spyAs(i int, texts ...string) func() string {
	m.t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Args[0], cmd.Dir, cmd.Env = "codexform-spy", "/", []string{"SPY=" + strings.Join(texts, " ")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(firstUID + i), Gid: uint32(firstUID + i)}}
	m.bait(i)
	in, err := cmd.StdinPipe()
	m.must(err)
	out, err := cmd.StdoutPipe()
	m.must(err)
	m.must(cmd.Start())
	return func() string {
		in.Close()
		said, _ := io.ReadAll(bufio.NewReader(out))
		m.must(cmd.Wait())
		return string(said)
	}
}

// bait is a process of a user's own that holds the user's key and hides nothing: a spy who
// does not see it sees nothing. Ours lets nobody in from its first moments on.
func (m *usersMachine) bait(i int) {
	m.t.Helper()
	cmd := exec.Command("sh", "-c", "read never", "codexform-bait")
	cmd.Dir, cmd.Env = "/", []string{"KEY=" + userKey(i)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(firstUID + i), Gid: uint32(firstUID + i)}}
	in, err := cmd.StdinPipe()
	m.must(err)
	m.must(cmd.Start())
	m.t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
}

// hang mounts a file system over a user's Codex home whose owner never answers, as a user
// does with FUSE, and reports whether this kernel has it.
func (m *usersMachine) hang(i int) bool {
	m.t.Helper()
	fuse, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENODEV) {
		m.t.Logf("no user can hang a home here: %v", err)
		return false
	}
	m.must(err)
	m.t.Cleanup(func() { fuse.Close() })
	options := fmt.Sprintf("fd=%d,rootmode=40700,user_id=%d,group_id=%d", fuse.Fd(), firstUID+i, firstUID+i)
	m.must(syscall.Mount("never", m.codex(i), "fuse.never", syscall.MS_NOSUID|syscall.MS_NODEV, options))
	m.t.Cleanup(func() { _ = syscall.Unmount(m.codex(i), syscall.MNT_DETACH) })
	return true
}

// hides lets a user lay a file system over the own Codex home, where it counts for nobody
// else: in namespaces of the user's own.
func (m *usersMachine) hides(i int) {
	m.t.Helper()
	cmd := exec.Command("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
		`mount -t tmpfs none "$0" && echo 'model = "elsewhere"' >"$0/config.toml" && echo laid && exec cat`, m.codex(i))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(firstUID + i), Gid: uint32(firstUID + i)}}
	in, err := cmd.StdinPipe()
	m.must(err)
	out, err := cmd.StdoutPipe()
	m.must(err)
	m.must(cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "laid\n" {
		m.t.Logf("no user may mount here, so nobody can try: %v %q", err, line)
	}
	m.t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
}

// What a user may see of the processes that work for everybody: of the own one
// everything, which is that user's own, and nothing of the parent's or of another's.
func (m *usersMachine) sawOnlyTheOwn(i int, said string) {
	m.t.Helper()
	if strings.HasPrefix(said, "tried 0\n") || !strings.Contains(said, "saw "+userKey(i)) {
		m.t.Errorf("u%d did not even look, or not see what is the own: %s", i, said)
	}
	for line := range strings.Lines(said) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "saw "); ok && text != userKey(i) {
			m.t.Errorf("u%d saw %s", i, text)
		}
	}
}
