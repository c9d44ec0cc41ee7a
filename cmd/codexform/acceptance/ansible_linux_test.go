package acceptance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// recap is what Ansible counts of one host.
type recap struct{ changed, unreachable, failed string }

var recapLine = regexp.MustCompile(`(?m)^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)`)

// sh runs a line as whoever runs Ansible does, and gives what was said and counted.
func (h *ansibleHosts) sh(line string) (string, map[string]recap, error) {
	h.t.Helper()
	program, err := build()
	h.must(err)
	ctx, cancel := context.WithTimeout(h.t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", line)
	cmd.Dir = h.dir
	cmd.Env = []string{
		"PATH=" + filepath.Dir(program) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + h.home, "LANG=C.UTF-8",
		"ANSIBLE_HOST_KEY_CHECKING=false", "ANSIBLE_FORKS=8", "ANSIBLE_NOCOLOR=1", "ANSIBLE_PIPELINING=true",
		"ANSIBLE_SSH_ARGS=-o ControlMaster=auto -o ControlPersist=300 -o ControlPath=/run/netns/%C -o UserKnownHostsFile=/dev/null -i " + filepath.Join(h.home, ".ssh", "id_ed25519"),
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	began := time.Now()
	out, err := cmd.CombinedOutput()
	h.t.Logf("%.1f s: %s", time.Since(began).Seconds(), strings.TrimSpace(line))
	h.said.Write(out)
	counts := map[string]recap{}
	for _, m := range recapLine.FindAllStringSubmatch(string(out), -1) {
		counts[m[1]] = recap{m[2], m[3], m[4]}
	}
	return string(out), counts, err
}

// runs is sh that has to end well.
func (h *ansibleHosts) runs(line string) (string, map[string]recap) {
	h.t.Helper()
	out, counts, err := h.sh(line)
	if err != nil {
		h.t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return out, counts
}

// changed are the hosts of a run in which something changed, or would.
func changed(counts map[string]recap) []string {
	var out []string
	for name, c := range counts {
		if c.changed != "0" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

var block = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// guide writes the files of the guide and gives its commands, block by block.
func (h *ansibleHosts) guide() []string {
	text, err := os.ReadFile("../../../docs/guides/ansible.md")
	h.must(err)
	program, err := build()
	h.must(err)
	source, err := filepath.Abs("../../..")
	h.must(err)
	h.must(os.Symlink(source, filepath.Join(h.dir, "codexform-source")))
	h.do("cp", program, filepath.Join(h.dir, "codexform"))
	h.must(os.WriteFile(filepath.Join(h.dir, "vault-password"), []byte("a password\n"), 0o600))
	h.must(os.WriteFile(filepath.Join(h.dir, "key"), []byte(ansibleKey+"\n"), 0o600))
	var commands []string
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		first, _, _ := strings.Cut(m[2], "\n")
		switch name := strings.TrimPrefix(first, "# "); {
		case m[1] == "sh":
			commands = append(commands, m[2])
		case name == "hosts": // the test has its own
		case name == first:
			h.t.Errorf("a block of the guide names no file:\n%s", m[2])
		default:
			h.must(os.MkdirAll(filepath.Dir(filepath.Join(h.dir, name)), 0o755))
			h.must(os.WriteFile(filepath.Join(h.dir, name), []byte(m[2]), 0o644))
		}
	}
	return commands
}

// TestAnsibleGuide does what the guide says, on eight hosts over SSH.
func TestAnsibleGuide(t *testing.T) {
	if !withAnsible(t) {
		return
	}
	h := newAnsibleHosts(t, 8)
	commands := h.guide()
	if len(commands) != 6 {
		t.Fatalf("the guide has %d blocks of commands:\n%q", len(commands), commands)
	}
	h.runs(commands[0])
	key, _ := os.ReadFile(filepath.Join(h.dir, "group_vars/all/key.yml"))
	if !strings.Contains(string(key), "$ANSIBLE_VAULT") || strings.Contains(string(key), ansibleKey) {
		t.Errorf("the key is not hidden:\n%s", key)
	}

	check, do, _ := strings.Cut(commands[1], "\n")
	out, counts := h.runs(check)
	if len(changed(counts)) != 8 || !strings.Contains(out, `+model = "gpt-5.4"`) || !strings.Contains(out, "-model = \"mine\"") {
		t.Errorf("--check --diff says\n%s", out)
	}
	h.nothingThere()
	_, counts = h.runs(do)
	if len(changed(counts)) != 8 {
		t.Errorf("counted %v", counts)
	}
	h.allThere()

	h.brokenStops(do)
	if _, counts = h.runs(commands[2]); len(changed(counts)) != 0 || len(counts) != 8 {
		t.Errorf("a second look finds %v", counts)
	}
	h.kims("laptop-03", "config.toml", strings.Replace(h.kims("laptop-03", "config.toml"), `"gpt-5.4"`, `"kims"`, 1))
	if _, counts = h.runs(commands[2]); fmt.Sprint(changed(counts)) != "[laptop-03]" {
		t.Errorf("drift on laptop-03 is seen as %v", counts)
	}
	out, _ = h.runs(commands[3])
	if strings.Count(out, " | CHANGED => ") != 1 || strings.Count(out, " | SUCCESS => ") != 7 || !strings.Contains(out, `"kim": "drift"`) {
		t.Errorf("one line a host says\n%s", out)
	}

	out, _ = h.runs(commands[4])
	if strings.Count(out, `"msg": "in_sync"`) != 8 || !strings.Contains(h.kims("laptop-01", "config.toml"), `approval_policy = "on-request"`) {
		t.Errorf("the task alone says\n%s", out)
	}
	h.runs(commands[5])
	h.nothingThere()
	h.silent()
}

// silent demands that nobody has seen the key.
func (h *ansibleHosts) silent() {
	h.t.Helper()
	if strings.Contains(h.said.String(), ansibleKey) {
		h.t.Error("the key was printed")
	}
}

// nothingThere demands that each host is as it was.
func (h *ansibleHosts) nothingThere() {
	h.t.Helper()
	for name, root := range h.roots {
		for _, path := range []string{
			"etc/codexform/codex.yaml", "etc/codexform/key", "usr/local/bin/codexform", "home/kim/.codex/auth.json",
			"etc/systemd/system/codexform-users.timer", "etc/systemd/system/timers.target.wants/codexform-users.timer",
		} {
			if _, err := os.Lstat(filepath.Join(root, path)); err == nil {
				h.t.Errorf("%s has /%s", name, path)
			}
		}
		want := "# mine\nmodel = \"mine\"\n"
		if name == "laptop-03" && strings.Contains(h.kims(name, "config.toml"), "kims") {
			want = "# mine\nmodel = \"kims\"\n"
		}
		if got := h.kims(name, "config.toml"); got != want {
			h.t.Errorf("%s: kim's config.toml is\n%s", name, got)
		}
	}
}

// allThere demands what the role and the task bring.
func (h *ansibleHosts) allThere() {
	h.t.Helper()
	for name, root := range h.roots {
		for path, mode := range map[string]os.FileMode{
			"etc/codexform/codex.yaml": 0o644, "etc/codexform/key": 0o600, "usr/local/bin/codexform": 0o755, "home/kim/.codex/auth.json": 0o600,
			"etc/systemd/system/codexform-users.service": 0o644, "etc/systemd/system/codexform-users.timer": 0o644,
		} {
			info, err := os.Stat(filepath.Join(root, path))
			if err != nil || info.Mode() != mode {
				h.t.Errorf("%s: /%s: %v %v", name, path, info, err)
				continue
			}
			if owner := info.Sys().(*syscall.Stat_t).Uid; (owner == kim) != strings.HasPrefix(path, "home") {
				h.t.Errorf("%s: /%s belongs to %d", name, path, owner)
			}
		}
		if _, err := os.Lstat(filepath.Join(root, "etc/systemd/system/timers.target.wants/codexform-users.timer")); err != nil {
			h.t.Errorf("%s: the timer is not on: %v", name, err)
		}
		if !strings.Contains(h.kims(name, "auth.json"), ansibleKey) {
			h.t.Errorf("%s: kim has no key", name)
		}
		unit, _ := os.ReadFile(filepath.Join(root, "etc/systemd/system/codexform-users.service"))
		if !strings.Contains(string(unit), "ExecStart=/usr/local/bin/codexform apply --all-users --auto-approve -f /etc/codexform/codex.yaml\n") {
			h.t.Errorf("%s: the unit says\n%s", name, unit)
		}
	}
}
