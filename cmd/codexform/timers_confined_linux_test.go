package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// unitOf is what a service's unit says, by name.
func unitOf(t *testing.T, name string) map[string]string {
	says := map[string]string{}
	for line := range strings.Lines(readFile(t, filepath.Join(timers, "systemd", name+".service"))) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
			says[key] = value
		}
	}
	return says
}

// confine makes of this process's file systems what systemd.exec(5) says of a unit's words,
// but for /tmp, where the test's own files are.
func (m *usersMachine) confine(unit map[string]string) {
	m.t.Helper()
	for dir, name := range map[string]string{"/etc": unit["ConfigurationDirectory"], "/var/lib": unit["StateDirectory"]} {
		if name == "" {
			continue
		}
		dir = filepath.Join(dir, name)
		m.must(os.MkdirAll(dir, 0o755))
		m.must(syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
	}
	closed := map[string][]string{"strict": {"/"}, "full": {"/usr", "/boot", "/etc"}}[unit["ProtectSystem"]]
	if len(closed) == 0 {
		m.t.Fatalf("ProtectSystem=%s", unit["ProtectSystem"])
	}
	if unit["ProtectHome"] == "read-only" {
		closed = append(closed, "/home", "/root")
	}
	open := []string{"/tmp", "/proc", "/sys", "/dev", "/etc/codex", "/var/lib/codexform"}
	within := func(path string, dirs []string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool {
			return path == dir || dir == "/" || strings.HasPrefix(path, dir+"/")
		})
	}
	for _, dir := range append(closed, "/tmp") {
		_ = syscall.Mount(dir, dir, "", syscall.MS_BIND|syscall.MS_REC, "") // a mount of its own, that can be closed
	}
	for line := range strings.Lines(readFile(m.t, "/proc/self/mountinfo")) {
		at := strings.Fields(line)[4]
		if !within(at, closed) || within(at, open) {
			continue
		}
		err := syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, "")
		if err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOENT) && !errors.Is(err, syscall.ENOTDIR) { // one below another of this list
			m.t.Fatalf("closing %s: %v", at, err)
		}
	}
	for _, dir := range closed {
		if file := filepath.Join(dir, "codexform-was-here"); os.WriteFile(file, nil, 0o600) == nil {
			_ = os.Remove(file)
			m.t.Fatalf("%s is not closed", dir)
		}
	}
}

// starts runs a unit's command as systemd starts it for root: no HOME, the unit's umask.
func (m *usersMachine) starts(unit map[string]string) (string, error) {
	argv := strings.Fields(unit["ExecStart"])
	i := slices.Index(argv, "-f")
	if argv[0] != "/usr/bin/codexform" || i < 0 || unit["UMask"] != "0077" {
		m.t.Fatalf("the unit says %q", unit)
	}
	argv[i+1] = m.yaml
	syscall.Umask(0o077)
	cmd := exec.Command(m.program, append(argv[1:], "--codex", "off", "--no-confirm")...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=" + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG=C.UTF-8", "INVOCATION_ID=0"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The machine's service writes where its unit lets it, and needs nothing more.
func TestSystemdMachineConfined(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 1)
	m.layerOfItsOwn("/etc/codex", "/var/lib/codexform")
	m.policy("http://127.0.0.1:9", 1)
	m.must(os.WriteFile(m.yaml, []byte("version: 1\nmodel: gpt-5.4\nprovider: {id: corp, base_url: 'http://127.0.0.1:9/v1', env_key: KEY}\ndelivery: env_key\nlayer: system\nenforce: true\n"), 0o644))
	unit := unitOf(t, "codexform-machine")
	m.confine(unit)
	for range 2 {
		if out, err := m.starts(unit); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, file := range []string{"/etc/codex/config.toml", "/etc/codex/requirements.toml", "/var/lib/codexform/status.json"} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	if !strings.Contains(readFile(t, "/etc/codex/config.toml"), `model_provider = "corp"`) {
		t.Error("the policy is not there")
	}
}

// The users' service works in every home where its unit lets it.
func TestSystemdUsersConfined(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 3)
	m.policy("http://127.0.0.1:9", 3)
	unit := unitOf(t, "codexform-users")
	m.confine(unit)
	for range 2 {
		if out, err := m.starts(unit); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for i := range 3 {
		m.owned(i)
	}
}
