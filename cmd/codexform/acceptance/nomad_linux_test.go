package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

// TestNomad carries a policy to six clients of a real Nomad, ring by ring; one that the
// gateway has no model for stops at the first ring, and no file changes.
func TestNomad(t *testing.T) {
	figure := os.Getenv("NOMAD")
	if figure == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make nomad builds the server")
	}
	if os.Geteuid() != 0 {
		t.Fatal("raw_exec runs as root")
	}
	gateway, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(turnKey))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gateway.Close)
	start := time.Now()
	c := startNomad(t)
	up := time.Since(start)
	put(t, filepath.Join(c.dir, "key"), turnKey+"\n")
	put(t, filepath.Join(c.dir, "homes", "README"), "a home is made, the folder that it is in is not\n")
	policy := func(name, model string) string {
		path := filepath.Join(c.dir, name)
		put(t, path, fmt.Sprintf("version: 1\nmodel: %s\nprovider: {id: gate, name: Gate, base_url: '%s'}\nsecret: {file: %s/key}\nsettings: {developer_instructions: '{{ env }} ${nomad}'}\n", model, gateway.URL(), c.dir))
		return path
	}
	var rows []string
	step := func(what string, code int, wantApplied int, said string, args ...string) {
		t.Helper()
		start := time.Now()
		got, out := c.rings(t, args...)
		applied := c.applied()
		if got != code || applied != wantApplied || !strings.Contains(out, said) {
			t.Errorf("%s: exit %d, %d applied\n%s\n%s", what, got, applied, out, c.logs(t))
		}
		rows = append(rows, fmt.Sprintf("| %s | %d | %d of %d | %.0f s |", what, got, applied, len(ringNodes), time.Since(start).Seconds()))
	}
	good := policy("good.yaml", "gpt-5.4")
	step("the first ring alone", 0, 2, "it: 2 complete", good, "it")
	step("both, one after the other", 0, 6, "all: 6 complete", good, "it", "all")
	before := c.bytes()
	step("a ring that no machine is in", 1, 6, "no machine is in", good, "nobody")
	step("a policy with a model that the gateway does not have", 1, 6, "stopped at it", policy("broken.yaml", "gpt-nope"), "it", "all")
	if after := c.bytes(); after != before {
		t.Error("the broken policy changed a file")
	}
	if failed := c.allocations(t); failed != "failed n1 apply\nfailed n2 apply\n" {
		t.Errorf("allocations of the broken policy: %q", failed)
	}
	if logs := c.logs(t); !strings.Contains(logs, "E_MODEL") {
		t.Errorf("the tasks do not say why: %s", logs)
	}
	if code, out := c.jobRun(t, policy("broken.yaml", "gpt-nope")); code != 0 {
		t.Errorf("nomad job run ends with %d where the task fails: then its exit code would do\n%s", code, out)
	}
	step("the good one again", 0, 6, "all: 6 complete", good, "it", "all")
	if t.Failed() {
		return
	}
	page := fmt.Sprintf(nomadPage, c.version(t), up.Seconds()) + strings.Join(rows, "\n") + nomadRest
	if err := os.WriteFile(figure, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

const nomadPage = `# Nomad: from ring to ring

Written by ` + "`make nomad`" + `: %s, one server and six clients on loopback (up in %.1f s), two of ring *it* and four of ring *all* by their metadata.
[The job](../../examples/consoles/nomad/codexform.nomad.hcl) is a ` + "`sysbatch`" + ` with ` + "`raw_exec`" + `, [rings.sh](../../examples/consoles/nomad/rings.sh) walks; each client has a Codex home of its own.

| what is carried | rings.sh ends with | machines with the good policy | took |
|---|---|---|---|
`

const nomadRest = `

The broken policy ran on the two machines of ring *it* alone; both allocations failed with ` + "`error:E_MODEL`" + `, and no byte of any of the six homes changed.
` + "`nomad job run`" + ` of the same job ended with 0: that is why rings.sh reads the allocations.

Nomad is here for the test alone and no newer than 1.6.3, the last one beyond doubt under the MPL; nothing of it is linked into the program.
`
