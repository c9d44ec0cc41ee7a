package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// machine is a machine with users of its own: u0, u1, …
type usersMachine struct {
	t             *testing.T
	dir, homes    string
	program, yaml string
	swappers      []func()
	peak          int64 // KiB of the last run, its children too
}

const firstUID = 23000

func newUsersMachine(t *testing.T, n int) *usersMachine {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != "/tmp" && d != "/"; d = filepath.Dir(d) {
		_ = os.Chmod(d, 0o755)
	}
	m := &usersMachine{t: t, dir: dir, homes: filepath.Join(dir, "home"), program: filepath.Join(dir, "closed", "codexform")}
	m.must(os.MkdirAll(m.homes, 0o755))
	m.must(os.MkdirAll(filepath.Dir(m.program), 0o700)) // users cannot enter the folder of the program
	self, err := os.Executable()
	m.must(err)
	m.must(os.Symlink(self, m.program))
	m.accounts(n)
	return m
}

func (m *usersMachine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *usersMachine) accounts(n int) {
	passwd, group := "root:x:0:0::/root:/bin/sh\n", "root:x:0:\nteam:x:24000:u0\n"
	for i := range n {
		passwd += fmt.Sprintf("u%d:x:%d:%d::%s:/bin/sh\n", i, firstUID+i, firstUID+i, m.home(i))
		group += fmt.Sprintf("u%d:x:%d:\n", i, firstUID+i)
		m.must(os.MkdirAll(filepath.Join(m.home(i), ".codex"), 0o700))
		m.give(i)
	}
	for name, text := range map[string]string{"passwd": passwd, "group": group} {
		file := filepath.Join(m.dir, name)
		m.must(os.WriteFile(file, []byte(text), 0o644))
		m.must(syscall.Mount(file, "/etc/"+name, "", syscall.MS_BIND, ""))
		m.t.Cleanup(func() { _ = syscall.Unmount("/etc/"+name, syscall.MNT_DETACH) })
	}
}

func (m *usersMachine) home(i int) string { return filepath.Join(m.homes, fmt.Sprintf("u%d", i)) }

func (m *usersMachine) codex(i int, name ...string) string {
	return filepath.Join(append([]string{m.home(i), ".codex"}, name...)...)
}

// give makes everything in a home its user's.
func (m *usersMachine) give(i int) {
	m.must(filepath.WalkDir(m.home(i), func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, firstUID+i, firstUID+i)
	}))
}

// policy writes a desired state with a key for each user.
func (m *usersMachine) policy(url string, n int) {
	m.yaml = filepath.Join(m.dir, "policy", "codex.yaml")
	m.must(os.MkdirAll(filepath.Dir(m.yaml), 0o755))
	m.must(os.WriteFile(m.yaml, []byte(`version: 1
model: gpt-5.4
provider: {base_url: "`+url+`/v1"}
secret:
  file: keys/${user}
settings:
  projects: {"${home}/work": {trust_level: trusted}}
`), 0o644))
	for i := range n {
		file := filepath.Join(m.dir, "policy", "keys", fmt.Sprintf("u%d", i))
		m.must(os.MkdirAll(filepath.Dir(file), 0o700))
		m.must(os.WriteFile(file, []byte(userKey(i)), 0o600))
	}
}

func userKey(i int) string { return fmt.Sprintf("sk-user-%d-0123456789abcdef", i) }

// run runs codexform as root and gives its answer and its exit code.
func (m *usersMachine) run(args ...string) (string, int) {
	m.t.Helper()
	cmd := exec.Command(m.program, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir = &out, &errs, m.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=/root", "CODEX_HOME=" + m.dir, "VAULT_TOKEN=root-only", "HTTPS_PROXY=http://127.0.0.1:9"}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	m.peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	return out.String() + errs.String(), cmd.ProcessState.ExitCode()
}

func (m *usersMachine) apply(more ...string) (string, int) {
	return m.run(append([]string{"apply", "-f", m.yaml, "--auto-approve", "--codex", "off"}, more...)...)
}

// Each user's files are made by a process that is that user in every respect, with that
// user's key and no other.
func TestUsersAreServedAsThemselves(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 4)
	var mu sync.Mutex
	seen := map[string]string{} // by key: what the asking process is
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")] = childrenNow()
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	defer server.Close()
	m.policy(server.URL, 4)
	m.must(os.RemoveAll(m.codex(2)))
	m.must(os.RemoveAll(m.home(3)))

	if out, code := m.run("status", "-f", m.yaml, "--all-users"); code != 2 || !strings.Contains(out, "u0: drift") {
		t.Errorf("status before: %d\n%s", code, out)
	}
	out, code := m.apply("--all-users")
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	for _, want := range []string{"u0: in_sync", "u1: in_sync", "u2: skipped: no Codex home", "u3: skipped: the home " + m.home(3) + " is not there"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for i := range 2 {
		m.owned(i)
		m.holds(m.codex(i, "auth.json"), userKey(i))
		m.holds(m.codex(i, "config.toml"), `"`+m.home(i)+`/work"`)
		if leaked := m.grep(m.home(i), userKey(1-i)); leaked != "" {
			t.Errorf("the key of user %d lies in %s", 1-i, leaked)
		}
		who := seen[userKey(i)]
		for _, want := range []string{
			fmt.Sprintf("Uid: %[1]d %[1]d %[1]d %[1]d", firstUID+i), fmt.Sprintf("Gid: %[1]d %[1]d %[1]d %[1]d", firstUID+i),
		} {
			if !strings.Contains(who, want) {
				t.Errorf("user %d was served by\n%s\nwithout %q", i, who, want)
			}
		}
	}
	if who := seen[userKey(0)]; !strings.Contains(who, fmt.Sprintf("Groups: %d 24000 Uid", firstUID)) {
		t.Errorf("the groups of u0 are not\n%s", who)
	}
	env := fmt.Sprintf("HOME=%s USER=u0 LOGNAME=u0 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HTTPS_PROXY=http://127.0.0.1:9 ", m.home(0))
	if who := seen[userKey(0)]; !strings.Contains(who, "Env: "+env+"\n") {
		t.Errorf("the environment of u0 is not %q\n%s", env, who)
	}
	m.thenGivenBack()
}

// thenGivenBack looks at everything after the apply.
func (m *usersMachine) thenGivenBack() {
	t := m.t
	if out, code := m.run("plan", "-f", m.yaml, "--all-users", "--detailed-exitcode", "--codex", "off"); code != 0 {
		t.Errorf("plan after apply: %d\n%s", code, out)
	}
	if out, code := m.run("status", "-f", m.yaml, "--all-users", "--contract", "jamf-ea"); code != 0 || out != "<result>in_sync</result>\n" {
		t.Errorf("contract: %d %q", code, out)
	}
	m.must(os.WriteFile(m.codex(1, "config.toml"), []byte("model = \"mine\"\n"), 0o600))
	out, code := m.run("status", "-f", m.yaml, "--user", "u0", "--user", "u1", "--format", "json")
	var doc struct {
		Users []struct {
			User, State string
			Exit        int
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != 2 {
		t.Fatalf("%d %v\n%s", code, err, out)
	}
	if got := fmt.Sprint(doc.Users); got != "[{u0 in_sync 0} {u1 drift 2}]" {
		t.Errorf("status as JSON: %s", got)
	}
	if out, code := m.run("rollback", "--user", "u0", "--auto-approve", "--codex", "off"); code != 0 {
		t.Errorf("rollback: %d\n%s", code, out)
	}
	if out, code := m.run("destroy", "--all-users", "--auto-approve", "--codex", "off"); code != 0 {
		t.Errorf("destroy: %d\n%s", code, out)
	}
	if leaked := m.grep(m.homes, "sk-user-"); leaked != "" {
		t.Errorf("after destroy a key lies in %s", leaked)
	}
}

// childrenNow are the processes of this moment that work for a user.
func childrenNow() string {
	var b strings.Builder
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range lines {
		line, _ := os.ReadFile(file)
		if !bytes.HasSuffix(line, []byte("\x00run-for-user\x00")) {
			continue
		}
		status, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "status"))
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		fields := map[string]string{}
		for l := range strings.Lines(string(status)) {
			name, value, _ := strings.Cut(l, ":")
			fields[name] = strings.Join(strings.Fields(value), " ")
		}
		fmt.Fprintf(&b, "Groups: %s Uid: %s Gid: %s\nEnv: %s\n", fields["Groups"], fields["Uid"], fields["Gid"], strings.ReplaceAll(string(environ), "\x00", " "))
	}
	return b.String()
}

// owned fails where anything in a home is not its user's.
func (m *usersMachine) owned(i int) {
	m.t.Helper()
	_ = filepath.WalkDir(m.home(i), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		info, err := os.Lstat(path)
		if err == nil && info.Sys().(*syscall.Stat_t).Uid != uint32(firstUID+i) {
			m.t.Errorf("%s belongs to %d", path, info.Sys().(*syscall.Stat_t).Uid)
		}
		return nil
	})
}

func (m *usersMachine) holds(file, want string) {
	m.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), want) {
		m.t.Errorf("%s: %v, without %q:\n%s", file, err, want, data)
	}
}

// grep is the first regular file below a folder that holds a text.
func (m *usersMachine) grep(dir, text string) (found string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if data, _ := os.ReadFile(path); bytes.Contains(data, []byte(text)) {
				found = path
			}
		}
		return nil
	})
	return found
}

// Root opens nothing below a home, and says so before anything else is done.
func TestUsersPolicyBelowAHomeIsRefused(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	base, err := os.ReadFile(m.yaml)
	m.must(err)
	for name, c := range map[string]struct{ at, secret, env string }{
		"policy":          {at: filepath.Join(m.home(0), "codex.yaml")},
		"policy by link":  {at: filepath.Join(m.dir, "link.yaml")},
		"secret":          {secret: "file: " + filepath.Join(m.home(1), "key")},
		"secret of each":  {secret: "file: ${home}/key"},
		"secret by ..":    {secret: "file: " + m.dir + "/policy/../home/u1/key"},
		"program":         {secret: "command: [" + m.home(1) + "/get]"},
		"vault authority": {secret: "vault: {address: \"https://127.0.0.1:9\", path: a, ca_cert: " + m.home(0) + "/ca.pem}"},
	} {
		text := string(base)
		if c.secret != "" {
			text = strings.Replace(text, "file: keys/${user}", c.secret, 1)
		}
		file := filepath.Join(m.dir, "policy", "other.yaml")
		if c.at != "" {
			file = c.at
		}
		if name == "policy by link" {
			m.must(os.Symlink(filepath.Join(m.home(0), "codex.yaml"), file))
		} else {
			m.must(os.WriteFile(file, []byte(text), 0o644))
		}
		out, code := m.run("apply", "-f", file, "--all-users", "--auto-approve", "--codex", "off")
		if code != 3 || !strings.Contains(out, "below the home of") {
			t.Errorf("%s: exit %d\n%s", name, code, out)
		}
		if _, err := os.Lstat(m.codex(0, "config.toml")); err == nil {
			t.Fatalf("%s: something was written", name)
		}
	}
}

// A policy that a group may write is not root's own word.
func TestUsersPolicyOfAGroupIsRefused(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 1)
	m.policy("http://127.0.0.1:9", 1)
	m.must(os.Chmod(m.yaml, 0o664))
	if out, code := m.apply("--all-users"); code != 3 || !strings.Contains(out, "others may write this policy") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// Codex asks nobody whose its system files are, so doctor does, for root.
func TestUsersDoctorLooksAtSystemFiles(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 1)
	m.policy("http://127.0.0.1:9", 1)
	m.must(os.WriteFile(m.yaml, []byte("version: 1\nsettings: {model: gpt-5.4}\n"), 0o644)) // no gateway to wait for
	m.must(os.MkdirAll(filepath.Join(m.dir, "etc", "codex"), 0o755))
	for _, name := range []string{"passwd", "group", "nsswitch.conf"} {
		data, _ := os.ReadFile("/etc/" + name)
		m.must(os.WriteFile(filepath.Join(m.dir, "etc", name), data, 0o644))
	}
	m.must(syscall.Mount(filepath.Join(m.dir, "etc"), "/etc", "", syscall.MS_BIND, ""))
	t.Cleanup(func() { _ = syscall.Unmount("/etc", syscall.MNT_DETACH) })
	file := "/etc/codex/requirements.toml"
	m.must(os.WriteFile(file, nil, 0o644))
	for _, c := range []struct {
		folder, file os.FileMode
		uid          int
		want         string
	}{
		{0o755, 0o644, 0, ""},
		{0o700, 0o644, 0, "system-file-closed"},
		{0o755, 0o600, 0, "system-file-closed"},
		{0o755, 0o666, 0, "system-file-writable"},
		{0o755, 0o644, firstUID, "system-file-writable"},
		{0o777, 0o644, 0, "system-file-writable"},
	} {
		m.must(os.Chmod("/etc/codex", c.folder))
		m.must(os.Chmod(file, c.file))
		m.must(os.Chown(file, c.uid, 0))
		for _, more := range [][]string{{"--codex-home", filepath.Join(m.dir, "none")}, {"--user", "u0"}} {
			out, _ := m.run(append([]string{"doctor", "-f", m.yaml, "--codex", "off", "--format", "json"}, more...)...)
			if got := strings.Contains(out, "system-file-"); got != (c.want != "") || !strings.Contains(out, c.want) {
				t.Errorf("%v %s: no %q, or more\n%s", c, more[0], c.want, out)
			}
		}
	}
}

// Flags that make no sense together are refused before anybody is asked anything.
func TestUsersFlags(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	for args, want := range map[string]string{
		"status --user u0 --all-users":                 "give one of them",
		"status --user nobody-here":                    "no account",
		"status --user root":                           "root itself",
		"status --user ../etc":                         "cannot be part of a path",
		"status --all-users --codex-home /srv":         "it goes with one --user",
		"status --user u0 --user u1 --codex-home /srv": "it goes with one --user",
		"apply --all-users":                            "--auto-approve",
		"destroy --user u0":                            "--auto-approve",
		"plan --user u0 --out x":                       "--out",
		"apply --user u0 --create --auto-approve":      "--create goes with --all-users",
		"plan --all-users --format gitlab":             "text, json or markdown",
	} {
		if out, code := m.run(append(strings.Fields(args), "-f", m.yaml)...); code != 3 || !strings.Contains(out, want) {
			t.Errorf("%s: exit %d, without %q\n%s", args, code, want, out)
		}
	}
}

// A user who stops the work, whose home hangs, or whose child is killed, is an error of
// that user; the others are served meanwhile.
func TestUsersOneHoldsUpNoOther(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	const n = 8
	m := newUsersMachine(t, n)
	signalled := make(chan struct{}) // both of those who are: the gateway waits for it, so that everybody is found at work
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-signalled:
		case <-r.Context().Done():
		}
		time.Sleep(time.Second) // for the spy
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	defer slow.Close()
	m.policy(slow.URL, n)
	hangs := m.hang(2)
	m.hides(3)
	secrets := []string{"root-only"}
	for i := range n {
		secrets = append(secrets, userKey(i))
	}
	spied := m.spyAs(4, secrets...)
	var both sync.WaitGroup
	both.Add(2)
	go func() { both.Wait(); close(signalled) }()
	done := make(chan struct{})
	var stopped time.Time // when the stopped one was last there
	var watch sync.WaitGroup
	watch.Go(func() { stopped = m.stop(done, both.Done, syscall.SIGSTOP, 0) })
	watch.Go(func() { m.stop(done, both.Done, syscall.SIGKILL, 1) })
	out, code := m.apply("--all-users")
	close(done)
	watch.Wait()
	wanted := []string{"u0: error:", "no answer within", "u1: error:"}
	if hangs {
		wanted = append(wanted, "u2: error:")
	}
	for _, want := range wanted {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit %d, want %q\n%s", code, want, out)
		}
	}
	for i := 3; i < n; i++ {
		m.holds(m.codex(i, "auth.json"), userKey(i))
		if info, err := os.Stat(m.codex(i, "auth.json")); err != nil || !info.ModTime().Before(stopped) {
			t.Errorf("user %d was served at %v, and had to wait for the one who was stopped until %v: %v", i, info, stopped, err)
		}
	}
	m.sawOnlyTheOwn(4, spied())
	if left := childrenNow(); left != "" {
		t.Errorf("left behind:\n%s", left)
	}
	if hangs {
		m.must(syscall.Unmount(m.codex(2), syscall.MNT_DETACH))
	}
	if out, code := m.apply("--all-users", "--no-confirm"); code != 0 {
		t.Errorf("the next run: exit %d\n%s", code, out)
	}
}

// stop sends a signal to every child of a user, as that user may, until it is told to
// end. It says so once, and gives when such a child was last there.
func (m *usersMachine) stop(done <-chan struct{}, sent func(), signal syscall.Signal, i int) (last time.Time) {
	sent = sync.OnceFunc(sent)
	for {
		select {
		case <-done:
			return last
		case <-time.After(5 * time.Millisecond):
		}
		entries, _ := os.ReadDir("/proc")
		for _, e := range entries {
			line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
			if !bytes.HasSuffix(line, []byte("run-for-user\x00")) {
				continue
			}
			status, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "status"))
			if pid, err := strconv.Atoi(e.Name()); err == nil && bytes.Contains(status, fmt.Appendf(nil, "Uid:\t%d", firstUID+i)) {
				last = time.Now()
				if syscall.Kill(pid, signal) == nil {
					sent()
				}
			}
		}
	}
}
