package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A policy for the machine's own layer, whose key Codex fetches by codexform token: the role
// has to say where the policy will lie before it does.
const machinePolicy = `version: 1
model: gpt-5.4
provider: {id: corp, base_url: https://gateway.example/v1}
secret: {file: /etc/codexform/key}
delivery: command
layer: system
enforce: true
`

// TestAnsibleMachine brings /etc/codex to two hosts by the role, and takes it away again.
func TestAnsibleMachine(t *testing.T) {
	if !withAnsible(t) {
		return
	}
	h := newAnsibleHosts(t, 2)
	commands := h.guide()
	h.runs(commands[0])
	h.must(os.WriteFile(filepath.Join(h.dir, "machine.yaml"), []byte(machinePolicy), 0o644))
	check, do, _ := strings.Cut(strings.TrimSpace(commands[1]), "\n")
	with := " -e codexform_policy=" + filepath.Join(h.dir, "machine.yaml")
	if out, counts := h.runs(check + with); len(changed(counts)) != 2 || !strings.Contains(out, `+model_providers.corp.auth.command = "codexform"`) {
		t.Errorf("--check says\n%s", out)
	}
	h.machines(false)
	if _, counts := h.runs(do + with); len(changed(counts)) != 2 {
		t.Errorf("counted %v", counts)
	}
	h.machines(true)
	if _, counts := h.runs(do + with); len(changed(counts)) != 0 {
		t.Errorf("a second run: %v", counts)
	}
	h.wrongKey(do + with)
	h.runs(strings.TrimSpace(commands[5]) + with)
	h.machines(false)
	h.silent()
}

// wrongKey brings a key that the gateway refuses: the run fails, and the key that every
// Codex of the host fetches is the one of before, which the second run brings again.
func (h *ansibleHosts) wrongKey(do string) {
	h.t.Helper()
	const wrong = "sk-wrong-0123456789abcdef"
	out, counts, err := h.sh(do + " -e codexform_key=" + wrong)
	if err == nil || !strings.Contains(out, "E401") || counts["laptop-01"].failed != "1" {
		h.t.Errorf("a wrong key: %v, %v\n%s", err, counts, out)
	}
	h.keys(ansibleKey)
	for _, root := range h.roots { // one that has none yet keeps none
		h.must(os.Remove(filepath.Join(root, "etc/codexform/key")))
	}
	if _, _, err := h.sh(do + " -e codexform_key=" + wrong); err == nil {
		h.t.Error("a wrong key where there was none is taken")
	}
	h.keys("")
	h.runs(do)
	h.keys(ansibleKey)
}

// keys demands the key of every host, for root alone.
func (h *ansibleHosts) keys(want string) {
	h.t.Helper()
	for name, root := range h.roots {
		file := filepath.Join(root, "etc/codexform/key")
		data, err := os.ReadFile(file)
		info, _ := os.Stat(file)
		if strings.TrimSpace(string(data)) != want || (err == nil) != (want != "") || err == nil && info.Mode().Perm() != 0o600 {
			h.t.Errorf("%s has the key %q, want %q: %v", name, data, want, err)
		}
	}
}

// machines demands of every host the machine's files and their timer, or none of them; and
// kim's home as it was.
func (h *ansibleHosts) machines(there bool) {
	h.t.Helper()
	for name, root := range h.roots {
		wants := filepath.Join(root, "etc/systemd/system/timers.target.wants/codexform-machine.timer")
		if exists(wants) != there {
			h.t.Errorf("%s: the timer is to be on: %v", name, there)
		}
		for path, holds := range map[string]string{
			"etc/codex/config.toml":                        `args = ["token", "-f", "/etc/codexform/codex.yaml"]`,
			"etc/codex/requirements.toml":                  `model_provider = "corp"`,
			"etc/codexform/codex.yaml":                     "layer: system",
			"etc/systemd/system/codexform-machine.service": "ExecStart=/usr/local/bin/codexform apply --auto-approve -f /etc/codexform/codex.yaml\n",
			"etc/systemd/system/codexform-machine.timer":   "OnUnitActiveSec=1h",
			"etc/codexform/key":                            ansibleKey,
		} {
			data, _ := os.ReadFile(filepath.Join(root, path))
			if strings.Contains(string(data), holds) != there {
				h.t.Errorf("%s: there is to be %v, and /%s is\n%s", name, there, path, data)
			}
		}
		if got := h.kims(name, "config.toml"); got != "# mine\nmodel = \"mine\"\n" {
			h.t.Errorf("%s: kim's config.toml is\n%s", name, got)
		}
	}
}
