package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// Root, who is told nothing of users, looks into no home of another account: not at one
// file of it.
func TestUsersRootStaysOut(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	m.must(os.WriteFile(m.codex(0, "config.toml"), []byte("model = \"a\"\n"), 0o600))
	m.give(0)
	m.must(os.Symlink(m.codex(0), filepath.Join(m.dir, "link")))
	m.must(os.WriteFile(filepath.Join(m.dir, "policy", "keys", "root"), []byte("sk-root-0123456789abcdef"), 0o600))
	for _, home := range []string{m.codex(0), filepath.Join(m.dir, "link"), filepath.Join(m.home(1), "not-there")} {
		for _, args := range [][]string{
			{"plan", "-f", m.yaml},
			{"plan", "-f", m.yaml, "--base", "none"},
			{"apply", "-f", m.yaml, "--auto-approve"},
			{"status", "-f", m.yaml},
			{"confirm"},
			{"doctor", "-f", m.yaml},
			{"history"},
			{"history", "show", "1"},
			{"rollback", "--auto-approve"},
			{"destroy", "--auto-approve"},
			{"init"},
		} {
			args = append(args, "--codex-home", home)
			out, code := m.run(args...)
			if want := map[string]int{"doctor": 2}[args[0]]; code != max(want, 3) && code != want || !strings.Contains(out, "is the home of u") || !strings.Contains(out, "--user u") {
				t.Errorf("codexform %q: exit %d\n%s", args, code, out)
			}
		}
	}
	if _, err := os.Lstat(m.codex(0, ".codexform")); err == nil {
		t.Error("something was written")
	}
}

// What gives back needs no policy, so a broken one is in nobody's way.
func TestUsersGoBackWithABrokenPolicy(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 3)
	m.policy("http://127.0.0.1:9", 3)
	if out, code := m.apply("--all-users", "--no-confirm"); code != 0 {
		t.Fatalf("apply: %d\n%s", code, out)
	}
	broken := filepath.Join(m.dir, "policy", "broken.yaml")
	m.must(os.WriteFile(broken, []byte("version: 9\nmodle: x\ncodex_home: ${home}/.codex\nsecret: {file: /not/there}\n"), 0o644))
	if out, code := m.apply("-f", broken, "--all-users"); code != 3 {
		t.Errorf("apply with it: %d\n%s", code, out)
	}
	for _, args := range [][]string{
		{"plan", "--destroy", "--codex", "off"},
		{"rollback", "--auto-approve", "--codex", "off"},
		{"destroy", "--auto-approve", "--codex", "off", "--purge"},
	} {
		if out, code := m.run(append(args, "--all-users", "-f", broken)...); code != 0 {
			t.Errorf("%q: exit %d\n%s", args, code, out)
		}
	}
	for i := range 3 {
		left, err := filepath.Glob(m.codex(i, ".codexform*"))
		if len(left) > 0 || err != nil {
			t.Errorf("--purge left %v", left)
		}
		if _, err := os.Lstat(m.codex(i, "config.toml")); err == nil {
			t.Errorf("u%d still has a config.toml", i)
		}
	}
	m.must(os.WriteFile(broken, []byte("codex_home: [\n"), 0o644))
	if out, code := m.run("destroy", "--auto-approve", "--codex", "off", "--all-users", "-f", broken); code != 3 {
		t.Errorf("no YAML at all: exit %d\n%s", code, out)
	}
	below := filepath.Join(m.home(1), "codex.yaml")
	m.must(os.WriteFile(below, []byte("codex_home: ${home}/.codex\n"), 0o644))
	if out, code := m.run("destroy", "--auto-approve", "--codex", "off", "--all-users", "-f", below); code != 3 || !strings.Contains(out, "below the home of u1") {
		t.Errorf("a policy below a home: exit %d\n%s", code, out)
	}
}

// doctor tells root what only root can mend: homes that are not their users', another
// Codex of another version, and root with somebody's HOME.
func TestUsersDoctorLooksAround(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 3)
	m.must(os.Chown(m.home(2), firstUID, firstUID))
	for dir, version := range map[string]string{"one": "0.171.0", "two": "0.169.0"} {
		m.must(os.MkdirAll(filepath.Join(m.dir, dir), 0o755))
		m.must(os.WriteFile(filepath.Join(m.dir, dir, "codex"), []byte("#!/bin/sh\n[ \"$1\" = --version ] && echo codex-cli "+version+" && /usr/bin/id -u >>"+m.dir+"/ran\n"), 0o755))
	}
	m.must(os.Chown(filepath.Join(m.dir, "one", "codex"), firstUID, firstUID))
	m.must(os.WriteFile(filepath.Join(m.dir, "ran"), nil, 0o666))
	m.must(os.Chmod(filepath.Join(m.dir, "ran"), 0o666))
	m.must(os.WriteFile(filepath.Join(m.dir, "codex.yaml"), []byte("version: 1\nsettings: {model: gpt-5.4}\n"), 0o644))
	cmd := exec.Command(m.program, "doctor", "--format", "json")
	cmd.Dir = m.dir
	cmd.Env = []string{"PATH=" + m.dir + "/one:" + m.dir + "/two:/usr/bin:/bin", "HOME=" + m.home(0), "CODEX_HOME=" + m.dir}
	out, _ := cmd.CombinedOutput()
	for _, want := range []string{
		`"id": "home-owner"`, "u2", `"id": "codex-copies"`, `"id": "codex-foreign"`, "in versions that differ", "0.169.0 at " + m.dir + "/two/codex", `"id": "home-differs"`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	ran, err := os.ReadFile(filepath.Join(m.dir, "ran"))
	m.must(err)
	if strings.Join(strings.Fields(string(ran)), " ") != "65534 65534" {
		t.Errorf("the other Codex ran as %q", ran)
	}
}

// Where there is nobody to do anything for, a console hears a word of its own, and
// sends no remediation.
func TestUsersAllSkipped(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	for i := range 2 {
		m.must(os.RemoveAll(m.codex(i)))
	}
	for contract, want := range map[string]string{"jamf-ea": "<result>skipped</result>\n", "intune-detect": "skipped\n", "exit01": "skipped\n"} {
		out, code := m.run("status", "-f", m.yaml, "--all-users", "--contract", contract)
		if code != 0 || !strings.HasSuffix(out, want) {
			t.Errorf("%s: exit %d %q", contract, code, out)
		}
	}
	if out, code := m.run("status", "-f", m.yaml, "--all-users"); code != 0 || strings.Count(out, "skipped: no Codex home") != 2 {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// A directory service that knows an account need not list it. Its home is a home all
// the same.
func TestUsersNotListed(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 3)
	m.policy("http://127.0.0.1:9", 3)
	m.unlisted(2)
	if out, code := m.apply("--all-users", "--no-confirm"); code != 0 || strings.Contains(out, "u2") {
		t.Errorf("--all-users: exit %d\n%s", code, out)
	}
	if out, code := m.apply("--user", "u2", "--no-confirm"); code != 0 {
		t.Errorf("--user: exit %d\n%s", code, out)
	}
	m.owned(2)
	policy := filepath.Join(m.home(2), "codex.yaml")
	data, err := os.ReadFile(m.yaml)
	m.must(err)
	m.must(os.WriteFile(policy, data, 0o644))
	for _, whom := range [][]string{{"--user", "u2"}, {"--user", "u0"}, {"--all-users"}} {
		out, code := m.run(append([]string{"apply", "-f", policy, "--auto-approve", "--codex", "off"}, whom...)...)
		if code != 3 || !strings.Contains(out, "below the home of u2") {
			t.Errorf("%v: exit %d\n%s", whom, code, out)
		}
	}
}

// unlisted has the accounts' database answer for a user by name and number only.
func (m *usersMachine) unlisted(i int) {
	real := filepath.Join(m.dir, "getent")
	m.must(os.WriteFile(real, nil, 0o755))
	m.must(syscall.Mount("/usr/bin/getent", real, "", syscall.MS_BIND, ""))
	script := filepath.Join(m.dir, "getent.sh")
	m.must(os.WriteFile(script, []byte(fmt.Sprintf("#!/bin/sh\nif [ $# -gt 1 ]; then exec %s \"$@\"; fi\n%s \"$@\" | /usr/bin/grep -v '^u%d:'\n", real, real, i)), 0o755))
	m.must(syscall.Mount(script, "/usr/bin/getent", "", syscall.MS_BIND, ""))
	m.t.Cleanup(func() {
		_ = syscall.Unmount("/usr/bin/getent", syscall.MNT_DETACH)
		_ = syscall.Unmount(real, syscall.MNT_DETACH)
	})
}

// listed adds an account to the database, with what stands there for its home.
func (m *usersMachine) listed(name string, uid int, home string) {
	f, err := os.OpenFile(filepath.Join(m.dir, "passwd"), os.O_APPEND|os.O_WRONLY, 0)
	m.must(err)
	defer f.Close()
	_, err = fmt.Fprintf(f, "%s:x:%d:%d::%s:/bin/sh\n", name, uid, uid, home)
	m.must(err)
}

// Who has no home here is skipped, whose name may become a path is refused, and a link
// or a folder that is another's is never met with the advice to open it.
func TestUsersHomesOfNobody(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 6)
	m.layTrap()
	m.policy("http://127.0.0.1:9", 6)
	m.must(os.Chmod(m.trap(), 0o700))
	m.listed("slash", 25000, "/")
	m.listed("relative", 25001, "home/relative")
	m.listed("empty", 25002, "")
	m.listed("up", 25003, m.home(0)+"/../u1")
	m.listed("a/b", 25004, m.home(0))
	m.must(os.RemoveAll(m.codex(1)))
	m.must(os.Chown(m.home(1), 0, 0)) // as a folder on which nothing is mounted
	m.must(os.Chmod(m.home(2), 0o700))
	m.must(os.Chown(m.home(2), 0, 0))
	m.must(os.RemoveAll(m.home(3)))
	m.must(os.Symlink(m.home(2), m.home(3)))
	m.must(os.RemoveAll(m.codex(4)))
	m.must(os.Symlink(m.trap("codex"), m.codex(4)))
	m.must(os.MkdirAll(m.codex(5, ".codexform"), 0o700))
	m.must(os.Symlink(m.trap("target"), m.codex(5, ".codexform", "lock")))
	m.give(5)
	out, code := m.apply("--all-users", "--create", "--no-confirm")
	for _, want := range []string{
		"u0: in_sync\n", "slash: skipped: the account has no home of its own\n", "relative: skipped: ", "empty: skipped: ", "up: skipped: the home of the account is no plain path\n",
		"a/b: error:E_REFUSED ", "u1: skipped: the home " + m.home(1) + " belongs to another account (uid 0)", "u2: skipped: ", "u3: skipped: ",
		"u4: error:E_REFUSED " + m.trap("codex") + " lies outside ", "u5: error:E_REFUSED " + m.codex(5, ".codexform", "lock") + " is not a regular file: move it away",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if code != 3 {
		t.Errorf("exit %d", code)
	}
}

// A name that is somebody else's number is that name, a number that is nobody's name is whose
// it is, and the number that means none is nobody's.
func TestUsersByNumber(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	m.must(os.WriteFile(m.yaml, []byte("version: 1\nsettings: {model: \"${user}\"}\n"), 0o644))
	number := fmt.Sprint(firstUID)
	other := filepath.Join(m.homes, "other")
	m.must(os.MkdirAll(other, 0o755))
	m.must(os.Chown(other, 25000, 25000))
	if out, code := m.apply("--user", number); code != 0 || out != "u0: in_sync\n" {
		t.Errorf("by number: exit %d\n%s", code, out)
	}
	m.listed(number, 25000, other)
	m.listed("25001", 25002, other)
	m.listed("minus", 4294967295, other)
	if out, code := m.apply("--user", number); code != 0 || out != number+": in_sync\n" {
		t.Errorf("by a name that is a number: exit %d\n%s", code, out)
	}
	m.holds(filepath.Join(other, ".codex", "config.toml"), number)
	if out, _ := m.run("status", "-f", m.yaml, "--user", "25001"); !strings.HasPrefix(out, "25001: ") || strings.Contains(out, "no account") {
		t.Errorf("by a number that nobody has: %s", out)
	}
	if out, code := m.apply("--user", "minus"); code != 3 || !strings.Contains(out, "the number that stands for none") {
		t.Errorf("by the number of none: exit %d\n%s", code, out)
	}
	m.must(os.Chown(m.codex(1), 25000, 25000))
	m.must(os.Chmod(m.codex(1), 0o755))
	if out, code := m.apply("--user", "u1"); code != 1 || !strings.Contains(out, fmt.Sprintf("chown -R %d %s", firstUID+1, m.codex(1))) {
		t.Errorf("the folder of another: exit %d\n%s", code, out)
	}
}

// A name that nobody knows is an error of that user; the others are served.
func TestUsersOneUnknown(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	out, code := m.apply("--user", "u0", "--user", "nobody-here", "--user", "u1", "--no-confirm")
	if want := "u0: in_sync\nnobody-here: error:E_REFUSED no account \"nobody-here\" here\nu1: in_sync\n"; code != 3 || out != want {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// A home by its second name is a home.
func TestUsersHomeHasTwoNames(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	data := filepath.Join(m.dir, "data")
	m.must(os.Rename(m.home(1), data))
	m.must(os.Symlink(data, m.home(1)))
	policy, err := os.ReadFile(m.yaml)
	m.must(err)
	m.must(os.WriteFile(filepath.Join(data, "codex.yaml"), policy, 0o644))
	if out, code := m.run("plan", "-f", filepath.Join(data, "codex.yaml"), "--codex", "off", "--user", "u0"); code != 3 || !strings.Contains(out, "below the home of u1") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if out, code := m.apply("--all-users", "--no-confirm"); code != 0 || !strings.Contains(out, "u1: in_sync") {
		t.Errorf("exit %d\n%s", code, out)
	}
}
