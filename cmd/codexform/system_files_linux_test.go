package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// The machine's own layer with every key right is not in sync where no user can read it, or
// where somebody else than root can change it: Codex does not ask, so status does.
func TestSystemLayerInSyncIsRoots(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	etc, remember := "/etc/codex", "/var/lib/codexform"
	m.layerOfItsOwn(etc, remember)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	defer gateway.Close()
	m.policy(gateway.URL, 1)
	m.must(os.WriteFile(m.yaml, []byte("version: 1\nmodel: gpt-5.4\nprovider: {id: corp, base_url: '"+gateway.URL+"/v1', env_key: KEY}\ndelivery: env_key\nlayer: system\nenforce: true\nsecret: {env: KEY}\nconfirm: {enabled: false}\n"), 0o644))
	if out, code := m.apply(); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	config, pins := etc+"/config.toml", etc+"/requirements.toml"
	theirs := filepath.Join(m.home(0), "config.toml")
	data, err := os.ReadFile(config)
	m.must(err)
	m.must(os.WriteFile(theirs, data, 0o644))
	m.give(0)
	for _, f := range []struct {
		name, says string
		do, undo   func() error
	}{
		{"a closed folder", "chmod 755 " + etc, func() error { return os.Chmod(etc, 0o700) }, func() error { return os.Chmod(etc, 0o755) }},
		{"a group's folder", "chmod go-w " + etc, func() error { return os.Chmod(etc, 0o775) }, func() error { return os.Chmod(etc, 0o755) }},
		{"everybody's folder", "chmod go-w " + etc, func() error { return os.Chmod(etc, 0o777) }, func() error { return os.Chmod(etc, 0o755) }},
		{"a user's folder", "chown root:root " + etc, func() error { return os.Chown(etc, firstUID, 0) }, func() error { return os.Chown(etc, 0, 0) }},
		{"a stranger's folder", "chown root:root " + etc, func() error { return os.Chown(etc, 54321, 0) }, func() error { return os.Chown(etc, 0, 0) }},
		{"a user's config.toml", "chown root:root " + config, func() error { return os.Chown(config, firstUID, 0) }, func() error { return os.Chown(config, 0, 0) }},
		{"a user's requirements.toml", "chown root:root " + pins, func() error { return os.Chown(pins, firstUID, 0) }, func() error { return os.Chown(pins, 0, 0) }},
		{"a user's state", "chown root:root " + remember, func() error { return os.Chown(remember, firstUID, 0) }, func() error { return os.Chown(remember, 0, 0) }},
		{"a link to a user's file", "remove the link " + config, func() error { _ = os.Remove(config); return os.Symlink(theirs, config) }, func() error { _ = os.Remove(config); return os.WriteFile(config, data, 0o644) }},
	} {
		m.must(f.do())
		for _, command := range []string{"status", "plan", "apply"} {
			args := []string{command, "-f", m.yaml}
			if command != "status" {
				args = append(args, "--codex", "off")
			}
			if command == "apply" {
				args = append(args, "--auto-approve")
			}
			if out, code := m.run(args...); code != 1 || !strings.Contains(out, f.says) || strings.Contains(out, "--user") {
				t.Errorf("%s, %s: exit %d, without %q\n%s", f.name, command, code, f.says, out)
			}
		}
		m.must(f.undo())
		if out, code := m.run("status", "-f", m.yaml); code != 0 {
			t.Errorf("%s, mended: exit %d\n%s", f.name, code, out)
		}
	}
}

// layerOfItsOwn keeps what a test writes for the whole machine out of the machine.
func (m *usersMachine) layerOfItsOwn(etc, remember string) {
	for _, dir := range []string{etc, filepath.Dir(remember)} {
		m.must(os.MkdirAll(dir, 0o755))
		m.must(syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0755"))
		m.t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	}
}
