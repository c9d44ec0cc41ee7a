package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// The installed Codex tells doctor what no rule knows: that it does not start.
func TestDoctorAsksTheInstalledCodex(t *testing.T) {
	k := newKeyless(t)
	for _, delivery := range []string{byCommand, byEnvKey, byAuth} {
		k.apply(delivery)
		if found := k.examine(0); len(found) > 0 {
			t.Errorf("a home that Codex works with: %v\n%s", found, delivery)
		}
	}
	config, err := os.ReadFile(filepath.Join(k.home, "config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	// A text that is none is what no rule of ours looks for.
	codextest.WriteFile(t, k.home, "torn.md", "\xff\xfe\x00")
	codextest.WriteFile(t, k.home, "config.toml", "model_instructions_file = \"torn.md\"\n"+string(config))
	if r := codextest.Turn(t, k.home, k.env); r.Exit == 0 {
		t.Fatalf("Codex starts with it:\n%s", r.Stdout)
	}
	found := k.examine(2)
	if len(found) == 0 || found[0].ID != "load-check" || found[0].Severity != "error" {
		t.Errorf("found %v, want load-check first", found)
	}
}

type finding struct{ ID, Severity, Evidence string }

// examine runs doctor with the real Codex and gives its findings.
func (k *keyless) examine(code int) []finding {
	k.t.Helper()
	out, _ := codexform(k.t, k.work, code, k.env, "doctor", "--format", "json", "--codex", codextest.Binary(k.t))
	var doc struct{ Doctor struct{ Findings []finding } }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		k.t.Fatal(err)
	}
	return doc.Doctor.Findings
}
