package acceptance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// disk is what counts of every host.
func (h *ansibleHosts) disk() map[string]string {
	out := map[string]string{}
	for name, root := range h.roots {
		policy, _ := os.ReadFile(filepath.Join(root, "etc/codexform/codex.yaml"))
		out[name] = string(policy) + h.kims(name, "config.toml") + h.kims(name, "auth.json")
	}
	return out
}

// brokenStops rolls a policy out that the gateway refuses, and one that nobody can read:
// the first batch fails and is as before, and the others hear nothing of it.
func (h *ansibleHosts) brokenStops(playbook string) {
	h.t.Helper()
	before := h.disk()
	for _, fault := range append(h.breaks(playbook, "gpt-5.4", "gpt-9"), h.breaks(playbook, "model:", "modle:")...) {
		h.t.Error(fault)
	}
	if now := h.disk(); !maps.Equal(now, before) {
		h.t.Errorf("the hosts have\n%v\nand had\n%v", now, before)
	}
	installed := filepath.Join(h.dir, "collections/ansible_collections/codexform/codexform/playbooks/site.yml")
	whole, err := os.ReadFile(installed)
	h.must(err)
	h.must(os.WriteFile(installed, serialLine.ReplaceAll(whole, nil), 0o644))
	if faults := h.breaks(playbook, "gpt-5.4", "gpt-9"); len(faults) != 2 {
		h.t.Errorf("without serial a broken policy is told from a stopped one by %q", faults)
	}
	h.must(os.WriteFile(installed, whole, 0o644))
}

var serialLine = regexp.MustCompile(`(?m)^ *serial: .*\n`)

// breaks rolls out a policy that is broken in one word, and gives what shows that it went
// further than the first batch.
func (h *ansibleHosts) breaks(playbook, word, slip string) (faults []string) {
	h.t.Helper()
	file := filepath.Join(h.dir, "codex.yaml")
	good, err := os.ReadFile(file)
	h.must(err)
	says, asks := "E_MODEL", "[laptop-01 laptop-02]"
	if slip != "gpt-9" {
		says, asks = "modle: unknown key", "[]"
	}
	h.askers()
	h.must(os.WriteFile(file, []byte(strings.Replace(string(good), word, slip, 1)), 0o644))
	defer func() { h.must(os.WriteFile(file, good, 0o644)) }()
	out, counts, err := h.sh(playbook)
	if err == nil || !strings.Contains(out, says) {
		h.t.Errorf("%s: %v, and Ansible says\n%s", slip, err, out)
	}
	if len(counts) != 2 || counts["laptop-01"].failed != "1" || counts["laptop-02"].failed != "1" {
		faults = append(faults, fmt.Sprintf("%s: counted %v", slip, counts))
	}
	if asked := fmt.Sprint(h.askers()); asked != asks {
		faults = append(faults, fmt.Sprintf("%s: %s asked the gateway", slip, asked))
	}
	return faults
}

const local = `
- hosts: all
  gather_facts: false
  tasks:
    - codexform.codexform.codexform:
        codex_home: "{{ playbook_dir }}/homes/{{ inventory_hostname }}"
        policy:
          version: 1
          model: gpt-5.4
          provider: {base_url: "https://gateway.example/v1"}
          secret: {file: "{{ playbook_dir }}/keys/{{ inventory_hostname }}"}
      no_log: "{{ quiet | default(false) }}"
`

// TestAnsibleLocal is fifty hosts that are all this machine: what is changed and what is
// failed, by name.
func TestAnsibleLocal(t *testing.T) {
	if !withAnsible(t) {
		return
	}
	h := newAnsibleHosts(t, 0)
	h.runs(h.guide()[0])
	authority := filepath.Join(h.dir, "ca.pem")
	h.must(os.WriteFile(authority, certificatePEM(h.gateway), 0o600))
	hosts := "[all]\n"
	key := func(i int, text string) {
		h.must(os.MkdirAll(filepath.Join(h.dir, "keys"), 0o700))
		h.must(os.WriteFile(filepath.Join(h.dir, "keys", fmt.Sprintf("h%02d", i)), []byte(text), 0o600))
	}
	config := func(i int) string { return filepath.Join(h.dir, "homes", fmt.Sprintf("h%02d", i), "config.toml") }
	h.must(os.Mkdir(filepath.Join(h.dir, "homes"), 0o700))
	for i := range 50 {
		hosts += fmt.Sprintf("h%02d ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n", i)
		key(i, ansibleKey)
	}
	h.must(os.WriteFile(filepath.Join(h.dir, "hosts"), []byte(hosts), 0o600))
	h.must(os.WriteFile(filepath.Join(h.dir, "local.yml"), []byte(local), 0o600))
	h.do("sh", "-c", "echo 10.77.0.1 gateway.example >"+h.dir+"/etc-hosts && mount --bind "+h.dir+"/etc-hosts /etc/hosts")
	play := "SSL_CERT_FILE=" + authority + " ansible-playbook local.yml "

	if _, counts := h.runs(play + "--check"); len(changed(counts)) != 50 || exists(config(0)) {
		t.Errorf("a first look: %v", counts)
	}
	if out, counts := h.runs(play + "-vvv -e quiet=true"); len(changed(counts)) != 50 || strings.Contains(out, "gpt-5.4") || !strings.Contains(out, "no_log") {
		t.Errorf("under no_log: %v\n%.3000s", counts, out)
	}
	if _, counts := h.runs(play); len(changed(counts)) != 0 || len(counts) != 50 {
		t.Errorf("a second run: %v", counts)
	}
	for _, i := range []int{7, 23, 41} {
		h.must(os.WriteFile(config(i), []byte("model = \"drifted\"\n"), 0o600))
	}
	out, counts := h.runs(play + "--check --diff")
	if fmt.Sprint(changed(counts)) != "[h07 h23 h41]" || strings.Count(out, "-model = \"drifted\"") != 3 || strings.Count(out, "+model = \"gpt-5.4\"") != 3 {
		t.Errorf("three drifted, and --check finds %v\n%s", changed(counts), out)
	}
	for _, i := range []int{3, 30} {
		key(i, "sk-wrong-0123456789abcdef")
	}
	out, counts, err := h.sh(play)
	var failed []string
	for name, c := range counts {
		if c.failed != "0" {
			failed = append(failed, name)
		}
	}
	slices.Sort(failed)
	if err == nil || fmt.Sprint(failed, changed(counts)) != "[h03 h30] [h07 h23 h41]" || !strings.Contains(out, `"state": "error:E401"`) {
		t.Errorf("two with a wrong key, three drifted: failed %v, changed %v\n%s", failed, changed(counts), out)
	}
	h.silent()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
