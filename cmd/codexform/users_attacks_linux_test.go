package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// trap is a folder that only root may touch. Whatever changes in it, or is read from
// its secret, has gone through the hands of root.
func (m *usersMachine) trap(name ...string) string {
	return filepath.Join(append([]string{m.dir, "trap"}, name...)...)
}

const trapSecret = "TRAP-SECRET-0123456789"

func (m *usersMachine) layTrap() {
	m.must(os.MkdirAll(m.trap("codex"), 0o755))
	m.must(os.WriteFile(m.trap("target"), []byte("model = \"root's\"\n"), 0o644))
	m.must(os.WriteFile(m.trap("secret"), []byte("model = \""+trapSecret+"\"\n"), 0o600))
	m.must(os.WriteFile(m.trap("secret.json"), []byte(`{"OPENAI_API_KEY":"`+trapSecret+`"}`), 0o600))
}

// trapped is everything that can be seen of the trap.
func (m *usersMachine) trapped() string {
	var out []string
	_ = filepath.WalkDir(m.trap(), func(path string, _ os.DirEntry, err error) error {
		info, lerr := os.Lstat(path)
		if err != nil || lerr != nil {
			return nil
		}
		st := info.Sys().(*syscall.Stat_t)
		data, _ := os.ReadFile(path)
		out = append(out, fmt.Sprintf("%s %v %d:%d %q", path, info.Mode(), st.Uid, st.Gid, data))
		return nil
	})
	sort.Strings(out)
	return strings.Join(out, "\n")
}

// attack is what a hostile user has made of the own home.
type attack struct {
	name string
	make func(m *usersMachine, i int) error
}

func linkTo(to func(m *usersMachine) string, name ...string) func(*usersMachine, int) error {
	return func(m *usersMachine, i int) error {
		at := m.codex(i, name...)
		_ = os.RemoveAll(at)
		_ = os.MkdirAll(filepath.Dir(at), 0o700)
		return os.Symlink(to(m), at)
	}
}

func hard(to func(m *usersMachine) string, name string) func(*usersMachine, int) error {
	return func(m *usersMachine, i int) error { return os.Link(to(m), m.codex(i, name)) }
}

func fifo(name ...string) func(*usersMachine, int) error {
	return func(m *usersMachine, i int) error {
		at := m.codex(i, name...)
		_ = os.MkdirAll(filepath.Dir(at), 0o700)
		return syscall.Mkfifo(at, 0o600)
	}
}

func text(content string, name ...string) func(*usersMachine, int) error {
	return func(m *usersMachine, i int) error {
		at := m.codex(i, name...)
		_ = os.RemoveAll(at)
		_ = os.MkdirAll(filepath.Dir(at), 0o700)
		return os.WriteFile(at, []byte(content), 0o600)
	}
}

func target(m *usersMachine) string   { return m.trap("target") }
func secret(m *usersMachine) string   { return m.trap("secret") }
func secretJS(m *usersMachine) string { return m.trap("secret.json") }
func folder(m *usersMachine) string   { return m.trap("codex") }

// attacks are the ways of reliability in which a home has led root astray elsewhere.
var attacks = []attack{
	{"honest", func(*usersMachine, int) error { return nil }},
	{"codex home is a link", linkTo(folder)},
	{"config.toml is a link to a file of root's", linkTo(target, "config.toml")},
	{"auth.json is a link to a file of root's", linkTo(target, "auth.json")},
	{"config.toml is a link to a secret", linkTo(secret, "config.toml")},
	{"auth.json is a link to a secret", linkTo(secretJS, "auth.json")},
	{"config.toml is a hard link", hard(target, "config.toml")},
	{"auth.json is a hard link to a secret", hard(secretJS, "auth.json")},
	{"config.toml is a FIFO", fifo("config.toml")},
	{"auth.json is a FIFO", fifo("auth.json")},
	{"config.toml never ends", linkTo(func(*usersMachine) string { return "/dev/zero" }, "config.toml")},
	{"auth.json is a device", func(m *usersMachine, i int) error {
		return syscall.Mknod(m.codex(i, "auth.json"), syscall.S_IFCHR|0o666, 1<<8|5)
	}},
	{"config.toml is huge and empty", func(m *usersMachine, i int) error {
		if err := text("", "config.toml")(m, i); err != nil {
			return err
		}
		return os.Truncate(m.codex(i, "config.toml"), 1<<40)
	}},
	{"codex home is a file", func(m *usersMachine, i int) error {
		_ = os.RemoveAll(m.codex(i))
		return os.WriteFile(m.codex(i), nil, 0o600)
	}},
	{"codex home is a FIFO", func(m *usersMachine, i int) error {
		_ = os.RemoveAll(m.codex(i))
		return syscall.Mkfifo(m.codex(i), 0o600)
	}},
	{"state folder is a link", linkTo(folder, ".codexform")},
	{"lock is a link", linkTo(target, ".codexform", "lock")},
	{"lock is a FIFO", fifo(".codexform", "lock")},
	{"intent is a link to a secret", linkTo(secret, ".codexform", "intent")},
	{"intent is forged", text(`{"version":1,"config":{"path":"/etc/shadow"}}`, ".codexform", "intent")},
	{"intent is a FIFO", fifo(".codexform", "intent")},
	{"ledger is a link to a secret", linkTo(secret, ".codexform", "ledger.json")},
	{"ledger is a FIFO", fifo(".codexform", "ledger.json")},
	{"history is a link to a file of root's", linkTo(target, ".codexform", "history.jsonl")},
	{"status is a link to a file of root's", linkTo(target, ".codexform", "status.json")},
	{"Codex's lock is a link", linkTo(target, "auth.lock")},
	{"Codex's other lock is a FIFO", fifo("auth.json.lock")},
	{".env is a FIFO", fifo(".env")},
	{".env is a link to a secret", linkTo(secret, ".env")},
	{"a profile is a link to a secret", linkTo(secret, "x.config.toml")},
	{"config.toml says what a terminal obeys", text("model = \"\\u001b]0;x\\u0007\"\n[bad", "config.toml")},
	{"home is a link", func(m *usersMachine, i int) error {
		_ = os.RemoveAll(m.home(i))
		return os.Symlink(m.trap(), m.home(i))
	}},
	{"home is everybody's", func(m *usersMachine, i int) error { return os.Chmod(m.home(i), 0o777) }},
	{"home is full", func(m *usersMachine, i int) error {
		if err := syscall.Mount("tmpfs", m.home(i), "tmpfs", 0, "size=64k,mode=0755"); err != nil {
			return err
		}
		_ = os.MkdirAll(m.codex(i), 0o700)
		_ = os.WriteFile(filepath.Join(m.home(i), "full"), make([]byte, 64<<10), 0o600)
		return nil
	}},
	{"codex home is swapped", swapped(folder)},
	{"config.toml is swapped", swapped(target, "config.toml")},
	{"auth.json is swapped", swapped(secretJS, "auth.json")},
	{"state folder is swapped", swapped(folder, ".codexform")},
	{"lock is swapped", swapped(target, ".codexform", "lock")},
}

// swapped exchanges a thing with a link to what is root's, for as long as the test runs.
func swapped(to func(m *usersMachine) string, name ...string) func(*usersMachine, int) error {
	return func(m *usersMachine, i int) error {
		at, evil := m.codex(i, name...), filepath.Join(m.home(i), "evil")
		isFolder := len(name) == 0 || name[len(name)-1] == ".codexform"
		_ = os.MkdirAll(filepath.Dir(at), 0o700)
		if isFolder {
			_ = os.MkdirAll(at, 0o700)
		} else if err := os.WriteFile(at, nil, 0o600); err != nil {
			return err
		}
		if err := os.Symlink(to(m), evil); err != nil {
			return err
		}
		m.swappers = append(m.swappers, func() {
			_ = unix.Renameat2(unix.AT_FDCWD, at, unix.AT_FDCWD, evil, unix.RENAME_EXCHANGE)
		})
		return nil
	}
}

// hostile is a machine on which every user but the first attacks, the swappers until
// the test ends.
func hostile(t *testing.T) *usersMachine {
	m := newUsersMachine(t, len(attacks))
	m.layTrap()
	m.policy("http://127.0.0.1:9", len(attacks))
	for i, a := range attacks {
		if err := a.make(m, i); err != nil {
			t.Fatalf("%s: %v", a.name, err)
		}
		if a.name == "home is a link" {
			_ = os.Lchown(m.home(i), firstUID+i, firstUID+i)
			continue
		}
		m.give(i)
		if strings.Contains(a.name, "hard link") {
			m.must(os.Chown(m.codex(i, map[bool]string{true: "auth.json", false: "config.toml"}[strings.Contains(a.name, "auth")]), 0, 0))
		}
	}
	ended := make(chan struct{})
	for _, swap := range m.swappers {
		go func() {
			for {
				select {
				case <-ended:
					return
				default:
					swap()
					time.Sleep(50 * time.Microsecond)
				}
			}
		}()
	}
	t.Cleanup(func() {
		close(ended)
		for i := range attacks {
			_ = syscall.Unmount(m.home(i), syscall.MNT_DETACH)
		}
	})
	return m
}

// No home leads root astray: nothing of root's changes, nothing of it is said, nothing
// hangs, and the honest user is served each time.
func TestUsersAttacks(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := hostile(t)
	calm := time.Now()
	m.run("plan", "-f", m.yaml, "--user", "u0", "--codex", "off")
	bound := 20*time.Second + time.Duration(len(attacks))*time.Since(calm) // a FIFO is waited for, for 5 s, twice in a run
	before, runs := m.trapped(), 0
	for round := range 2 {
		for _, command := range []string{"status", "plan", "apply", "doctor", "rollback", "apply", "destroy"} {
			args := []string{command, "-f", m.yaml, "--all-users", "--format", "json"}
			if command == "apply" || command == "rollback" || command == "destroy" {
				args = append(args, "--auto-approve", "--lock-timeout", "1s")
			}
			if command == "apply" {
				args = append(args, "--no-confirm")
			}
			if command != "status" {
				args = append(args, "--codex", "off")
			}
			start := time.Now()
			out, _ := m.run(args...)
			runs += len(attacks)
			t.Logf("%s: %v", command, time.Since(start).Round(time.Millisecond))
			if took := time.Since(start); took > bound || strings.Contains(out, "no answer within") {
				t.Errorf("round %d, %s: somebody hung, %v\n%s", round, command, took, out)
			}
			if after := m.trapped(); after != before {
				t.Fatalf("round %d, %s: an escape\n%s\n\nbefore:\n%s", round, command, after, before)
			}
			if strings.Contains(out, trapSecret) || strings.Contains(out, "\x1b") {
				t.Errorf("round %d, %s: a disclosure\n%s", round, command, out)
			}
			if command == "apply" {
				m.holds(m.codex(0, "auth.json"), userKey(0))
			}
		}
	}
	m.nothingLeaked()
	t.Logf("attacks %d, runs %d: escapes 0, disclosures 0, hangs 0", len(attacks)-1, runs)
}

// nothingLeaked looks for root's secret, and for files of root's, in the homes.
func (m *usersMachine) nothingLeaked() {
	_ = filepath.WalkDir(m.homes, func(path string, d os.DirEntry, err error) error {
		info, lerr := os.Lstat(path)
		if err != nil || lerr != nil || path == m.homes {
			return nil
		}
		st := info.Sys().(*syscall.Stat_t)
		if st.Uid == 0 && st.Nlink == 1 {
			m.t.Errorf("a leftover of root's: %s", path)
		}
		if info.Mode().IsRegular() && st.Nlink == 1 && info.Size() < 1<<20 {
			if data, _ := os.ReadFile(path); strings.Contains(string(data), trapSecret) {
				m.t.Errorf("root's secret lies in %s", path)
			}
		}
		return nil
	})
}

// The same homes against root who works in them itself, as a script would: the attacks
// have to find it, or they find nothing.
func TestUsersAttacksFindTheCareless(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := hostile(t)
	escapes, disclosures, hangs := 0, 0, 0
	for i := range attacks {
		before := m.trapped()
		done := make(chan struct{})
		go func() { m.careless(i); close(done) }()
		select {
		case <-done:
		case <-time.After(time.Second):
			hangs++
		}
		if m.trapped() != before {
			escapes++
			m.must(os.RemoveAll(m.trap()))
			m.layTrap()
		}
		if leaked := m.grepPlain(m.home(i), trapSecret); leaked {
			disclosures++
		}
	}
	t.Logf("careless: escapes %d, disclosures %d, hangs %d", escapes, disclosures, hangs)
	if escapes < 5 || disclosures < 1 || hangs < 2 {
		t.Errorf("the attacks find no more than %d escapes, %d disclosures and %d hangs", escapes, disclosures, hangs)
	}
}

// careless does what a script of root's would: a copy first, then both files, then
// everything to the user.
func (m *usersMachine) careless(i int) {
	for name, text := range map[string]string{"config.toml": "model = \"x\"\n", "auth.json": userKey(i)} {
		file := m.codex(i, name)
		if info, err := os.Stat(file); err == nil && info.Size() < 1<<20 && !(info.Mode().Type()&os.ModeCharDevice != 0) {
			if old, err := os.ReadFile(file); err == nil {
				_ = os.WriteFile(file+".bak", old, 0o600)
				_ = os.Chown(file+".bak", firstUID+i, firstUID+i)
			}
		}
		_ = os.WriteFile(file, []byte(text), 0o600)
		_ = os.Chown(file, firstUID+i, firstUID+i)
	}
	_ = os.MkdirAll(m.codex(i, ".codexform"), 0o700)
	_ = os.WriteFile(m.codex(i, ".codexform", "status.json"), []byte("{}"), 0o600)
	_ = os.WriteFile(m.codex(i, ".codexform", "lock"), []byte("1"), 0o600)
}

func (m *usersMachine) grepPlain(dir, text string) (found bool) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".bak") {
			data, _ := os.ReadFile(path)
			found = found || strings.Contains(string(data), text)
		}
		return nil
	})
	return found
}
