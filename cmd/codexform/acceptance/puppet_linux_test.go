package acceptance

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPuppetRings lets the real Puppet carry a policy to six machines, ring by ring; the
// site widens the rings while every run of a ring ends well.
func TestPuppetRings(t *testing.T) {
	figure := os.Getenv("PUPPET")
	if figure == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make puppet has the program")
	}
	gateway := startGateway(t)
	s := &site{t: t, dir: t.TempDir()}
	put(t, filepath.Join(s.dir, "key"), turnKey+"\n")
	put(t, filepath.Join(s.dir, "homes", "README"), "a home is made, the folder that it is in is not\n")
	policy := func(name, model string) string {
		path := filepath.Join(s.dir, name)
		put(t, path, fmt.Sprintf("version: 1\nmodel: %s\nprovider: {id: gate, name: Gate, base_url: '%s'}\nsecret: {file: %s/key}\n", model, gateway.URL(), s.dir))
		return path
	}
	good, broken := policy("good.yaml", "gpt-5.4"), policy("broken.yaml", "gpt-nope")
	var rows []string
	step := func(what, policy, codes string, applied int, rings ...string) {
		t.Helper()
		got := s.walk(policy, rings...)
		if got != codes || s.applied() != applied {
			t.Errorf("%s: runs ended with %s, want %s; %d applied, want %d", what, got, codes, s.applied(), applied)
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %d of %d |", what, got, s.applied(), len(ringNodes)))
	}
	step("the first ring alone", good, "it 2 2", 2, "it")
	step("both: the first has nothing to do", good, "it 0 0, all 2 2 2 2", 6, "it", "all")
	before := s.bytes()
	step("a policy with a model that the gateway does not have", broken, "it 4 4", 6, "it", "all")
	if s.bytes() != before {
		t.Error("the broken policy changed a file")
	}
	step("the good one again", good, "it 0 0, all 0 0 0 0", 6, "it", "all")
	if t.Failed() {
		return
	}
	version, _ := exec.Command("puppet", "--version").Output()
	page := fmt.Sprintf(puppetPage, strings.TrimSpace(string(version))) + strings.Join(rows, "\n") + puppetRest
	if err := os.WriteFile(figure, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// site is what decides which rings may follow, and the homes of its machines.
type site struct {
	t   *testing.T
	dir string
}

// walk runs Puppet on the machines of each ring, and stops where a run failed. It gives
// the exit codes: 0 nothing to do, 2 changed, 4 failed.
func (s *site) walk(policy string, rings ...string) string {
	s.t.Helper()
	var out []string
	for i, ring := range rings {
		said, failed := ring, false
		for _, n := range ringNodes {
			if n.ring == ring {
				code := s.run(n.name, ring, strings.Join(rings[:i+1], ","), policy)
				said, failed = fmt.Sprint(said, " ", code), failed || code > 2
			}
		}
		out = append(out, said)
		if failed {
			break
		}
	}
	return strings.Join(out, ", ")
}

func (s *site) run(node, ring, rings, policy string) int {
	s.t.Helper()
	program, err := build()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.CommandContext(s.t.Context(), "puppet", "apply", "--detailed-exitcodes", "--confdir", filepath.Join(s.dir, node, "conf"),
		"--vardir", filepath.Join(s.dir, node, "var"), "../../../examples/consoles/puppet/rings.pp")
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + s.dir, "CODEX_HOME=" + s.home(node), "FACTER_codexform_program=" + program,
		"FACTER_codexform_policy=" + policy, "FACTER_codexform_ring=" + ring, "FACTER_codexform_rings=" + rings,
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatalf("%v\n%s", err, out)
	}
	if code := cmd.ProcessState.ExitCode(); code > 4 || code == 1 {
		s.t.Errorf("%s: exit %d\n%s", node, code, out)
	} else if code == 4 && !bytes.Contains(out, []byte("E_MODEL")) {
		s.t.Errorf("%s: it does not say why\n%s", node, out)
	}
	return cmd.ProcessState.ExitCode()
}

func (s *site) home(node string) string { return filepath.Join(s.dir, "homes", node) }

func (s *site) applied() int { return appliedBelow(s.home) }

func (s *site) bytes() string { return bytesBelow(s.home) }

const puppetPage = `# Puppet: from ring to ring

Written by ` + "`make puppet`" + `: Debian's puppet-agent %s, six machines with a Codex home each, two of ring *it* and four of ring *all* by a fact of theirs.
[The manifest](../../examples/consoles/puppet/rings.pp) runs ` + "`apply`" + ` unless ` + "`plan --contract unless`" + ` finds nothing to do. The site widens the rings while every
run of the last one ends with 0 or 2.

| what is carried | rings, and how each run ended (0 nothing to do, 2 changed, 4 failed) | machines with the good policy |
|---|---|---|
`

const puppetRest = `

The broken policy ran on the two machines of ring *it* alone, said ` + "`error:E_MODEL`" + ` in Puppet's own report, and changed no byte of any home. What ` + "`unless`" + ` makes of every
other state is on the page of [readers](readers.md).
`
