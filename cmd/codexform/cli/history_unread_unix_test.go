//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A history that could not be read is refused by whoever needs it with the place and
// what mends it, as apply refuses it: it is no fault of the disk.
func TestHistoryUnread(t *testing.T) {
	for _, c := range []struct {
		name, want string
		lay        func(*machine, string)
	}{
		{"a folder", "is not a regular file but a folder: move it away", func(_ *machine, at string) { os.Mkdir(at, 0o700) }},
		{"a FIFO", "is not a regular file but a FIFO: move it away", func(_ *machine, at string) { syscall.Mkfifo(at, 0o600) }},
		{"a device", "is not a regular file but a device: move it away", func(_ *machine, at string) { os.Symlink("/dev/zero", at) }},
		{"a loop", "cannot be reached: too many levels of symbolic links: move away what stands in the place of its folder", func(_ *machine, at string) { os.Symlink(at, at) }},
		{"too large", "is larger than 4 MiB: move it away", func(_ *machine, at string) { os.WriteFile(at, nil, 0o600); os.Truncate(at, 1<<30) }},
		{"a file for its folder", "cannot be reached: not a directory: move away what stands in the place of its folder", func(m *machine, at string) {
			os.Remove(filepath.Dir(at))
			m.write(".codex/.codexform", "")
		}},
	} {
		for _, command := range [][]string{{"history"}, {"history", "show", "1"}, {"rollback", "--auto-approve", "--codex", "off"}, {"plan", "--rollback", "--codex", "off"}} {
			m := newMachine(t)
			at := filepath.Join(m.home(), ".codexform", "history.jsonl")
			if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
				t.Fatal(err)
			}
			c.lay(m, at)
			m.args = []string{"--codex-home", m.home()}
			if code, _, stderr := m.run(command...); code != 1 || !strings.Contains(stderr, at+" "+c.want) {
				t.Errorf("%s, %v: exit %d\n%s", c.name, command, code, stderr)
			}
		}
	}
}
