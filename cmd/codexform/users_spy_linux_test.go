package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// spy is a user who reads whatever of the machine's processes a user may read: arguments,
// environment, open files, and the whole memory, for which the kernel wants the right to
// trace. It says which of the texts in SPY it has seen, and how often it got into a memory.
func spy() {
	wanted := strings.Fields(os.Getenv("SPY"))
	seen, memories := map[string]bool{}, 0
	done := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(done) }()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		default:
		}
		all, _ := filepath.Glob("/proc/[0-9]*")
		for _, dir := range all {
			if line, _ := os.ReadFile(dir + "/cmdline"); dir == fmt.Sprintf("/proc/%d", os.Getpid()) || !bytes.Contains(line, []byte("codexform")) {
				continue
			}
			var found []byte
			for _, name := range []string{"cmdline", "environ"} {
				data, _ := os.ReadFile(dir + "/" + name)
				found = append(found, data...)
			}
			opened, _ := filepath.Glob(dir + "/fd/*")
			for _, fd := range opened {
				if info, err := os.Stat(fd); err == nil && info.Mode().IsRegular() && info.Size() < 1<<20 {
					data, _ := os.ReadFile(fd)
					found = append(found, data...)
				}
			}
			if inside := memoryOf(dir); inside != nil {
				memories++
				found = append(found, inside...)
			}
			for _, text := range wanted {
				seen[text] = seen[text] || bytes.Contains(found, []byte(text))
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	fmt.Println("memories", memories)
	for text, yes := range seen {
		if yes {
			fmt.Println("saw", text)
		}
	}
}

// memoryOf is what a process has written into its memory, for whoever may trace it.
func memoryOf(dir string) []byte {
	mem, err := os.Open(dir + "/mem")
	if err != nil {
		return nil
	}
	defer mem.Close()
	maps, err := os.ReadFile(dir + "/maps")
	if err != nil {
		return nil
	}
	var out []byte
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var rights string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &rights); n != 3 || !strings.HasPrefix(rights, "rw") || to-from > 64<<20 {
			continue
		}
		part := make([]byte, to-from)
		if n, err := mem.ReadAt(part, from); err == nil {
			out = append(out, bytes.TrimRight(part[:n], "\x00")...)
		}
	}
	return out
}

// spyAs lets a user spy until what is returned is called, which tells what was seen.
func (m *usersMachine) spyAs(i int, texts ...string) func() string {
	m.t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Args[0], cmd.Dir, cmd.Env = "codexform-spy", "/", []string{"SPY=" + strings.Join(texts, " ")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(firstUID + i), Gid: uint32(firstUID + i)}}
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

// hang mounts a file system over a user's Codex home whose owner never answers, as a user
// does with FUSE.
func (m *usersMachine) hang(i int) {
	m.t.Helper()
	fuse, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	m.must(err)
	m.t.Cleanup(func() { fuse.Close() })
	options := fmt.Sprintf("fd=%d,rootmode=40700,user_id=%d,group_id=%d", fuse.Fd(), firstUID+i, firstUID+i)
	m.must(syscall.Mount("never", m.codex(i), "fuse.never", syscall.MS_NOSUID|syscall.MS_NODEV, options))
	m.t.Cleanup(func() { _ = syscall.Unmount(m.codex(i), syscall.MNT_DETACH) })
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
	if strings.HasPrefix(said, "memories 0\n") || !strings.Contains(said, "saw "+userKey(i)) {
		m.t.Errorf("u%d did not even see what is the own: %s", i, said)
	}
	for line := range strings.Lines(said) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "saw "); ok && text != userKey(i) {
			m.t.Errorf("u%d saw %s", i, text)
		}
	}
}
