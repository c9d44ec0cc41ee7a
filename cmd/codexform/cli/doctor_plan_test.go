package cli_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/afero"
)

// TestDoctorKnowsWhatStopsApply holds doctor against plan, over the homes and policies of
// TestPairs: whatever rule would stop an apply is an error of doctor's.
func TestDoctorKnowsWhatStopsApply(t *testing.T) {
	t.Parallel()
	stopped := map[string]int{}
	w := newWire(t)
	for seed := uint64(1); seed <= 150; seed++ {
		c := newPairCase(seed, w)
		if c.second == nil {
			continue
		}
		dir := t.TempDir()
		m := &machine{t: t, user: filepath.Join(dir, fmt.Sprint(seed)), vars: map[string]string{"SECOND": c.second.secret}, now: time.Now()}
		m.fs = etcFs{afero.NewOsFs(), filepath.Join(m.user, "root")}
		m.write(".codex/config.toml", c.entry)
		if c.auth != "" {
			m.write(".codex/auth.json", c.auth)
		}
		if c.layer != "" {
			m.write("root/etc/codex/"+c.layerIn, c.layer)
		}
		for name, v := range c.vars {
			m.vars[name] = v
		}
		if m.vars["FIRST"] = firstSecret; c.first != nil {
			m.run("apply", "--auto-approve", "--no-confirm", "--codex", "off", "-f", m.write("first.yaml", c.first.yaml("FIRST")))
		}
		tamper(m, c, w)
		policy := m.write("second.yaml", c.second.yaml("SECOND"))
		_, out, _ := m.run("plan", "-f", policy, "--codex", "off", "--format", "json")
		planned := errorRules(t, out, "diagnostics", "rule")
		_, out, _ = m.run("doctor", "-f", policy, "--codex", "off", "--format", "json")
		examined := errorRules(t, out, "findings", "id")
		for rule := range planned {
			if stopped[rule]++; !examined[rule] {
				t.Errorf("seed %d: %s stops an apply, and doctor does not tell\n%s\n%s", seed, rule, c.entry, c.second.yaml("SECOND"))
			}
		}
	}
	if stopped["foreign-credential"] < 5 || len(stopped) < 2 {
		t.Errorf("the cases prove little: %v", stopped)
	}
}

// errorRules are the rules of severity error in the JSON of a plan, or of doctor.
func errorRules(t *testing.T, text, list, name string) map[string]bool {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	out := map[string]bool{}
	if inner, ok := doc["doctor"].(map[string]any); ok {
		doc = inner
	}
	all, _ := doc[list].([]any)
	for _, d := range all {
		if d := d.(map[string]any); d["severity"] == "error" {
			out[d[name].(string)] = true
		}
	}
	return out
}
