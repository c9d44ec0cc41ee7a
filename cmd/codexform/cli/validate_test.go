package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/tomlfile"
)

// mayBeThere are the rules about what is not in the policy: a home may have it.
var mayBeThere = []string{"incomplete-table", "missing-provider", "provider-incomplete"}

// TestValidateKnowsWhatPlanRefuses is the law of validate: for a home without anything,
// each error of plan is one of validate's, at the same place; a warning only where the
// home may have what is missing. And validate refuses nothing that plan takes.
func TestValidateKnowsWhatPlanRefuses(t *testing.T) {
	pieces := settingsThatStop(t)
	r := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for n := range 3 * len(pieces) {
		settings := pieces[n%len(pieces)]
		if n >= len(pieces) {
			settings = over(pieces[r.IntN(len(pieces))], settings)
		}
		text, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		policy := fmt.Sprintf("version: 1\nsettings: %s\n", text)
		planned, warned := findings(t, policy, "plan", "--against", "/empty")
		valid, said := findings(t, policy, "validate")
		for _, e := range planned {
			rule, _, _ := strings.Cut(e, " ")
			if !slices.Contains(valid, e) && !(slices.Contains(mayBeThere, rule) && slices.Contains(said, e)) {
				t.Errorf("%splan refuses it, validate does not: %s\n%v\n%v", policy, e, valid, said)
			}
		}
		for _, e := range valid {
			if !slices.Contains(planned, e) {
				t.Errorf("%svalidate refuses it, plan does not: %s\n%v", policy, e, warned)
			}
		}
		if len(valid) > 0 {
			refused++
		}
	}
	if refused < len(pieces) {
		t.Errorf("validate refuses %d: the policies prove nothing", refused)
	}
}

// settingsThatStop are the files of plan/codex with which some Codex does not start, as
// settings, and some that a policy gets wrong.
func settingsThatStop(t *testing.T) []plan.Value {
	t.Helper()
	data, err := os.ReadFile("../../../plan/codex/testdata/stops.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	lines = append(lines, `sandbox_mode="danger"`, `profile="work"`, `model_provider="corp"`, `aproval_policy="never"`,
		`[mcp_servers.a]\ncommand="a"\nurl="https://a.example"`, `forced_login_method="chatgpt"`, `model_reasoning_effort=5`)
	var out []plan.Value
	for _, line := range lines {
		doc, err := tomlfile.Parse([]byte(strings.ReplaceAll(line, `\n`, "\n")))
		if err == nil && len(doc.Root.Members()) > 0 && !strings.HasPrefix(line, "#") {
			out = append(out, doc.Root)
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d pieces", len(out))
	}
	return out
}

// over is v with what w has beside it.
func over(v, w plan.Value) plan.Value {
	for _, m := range w.Members() {
		if v.Get(m.Key).IsAbsent() {
			v = v.With(plan.Address{m.Key}, m.Value)
		}
	}
	return v
}

// findings are the errors and the warnings of a command over an empty home, each with
// its rule, place and text.
func findings(t *testing.T, policy string, args ...string) (bad, warned []string) {
	t.Helper()
	env := testEnv(append(args, "--format", "json")...)
	if err := afero.WriteFile(env.Fs, "codex.yaml", []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	empty, err := filepath.Abs("/empty") // on a drive, where there are drives
	if err != nil {
		t.Fatal(err)
	}
	if err := env.Fs.MkdirAll(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	out, errs, code := run(env)
	var doc struct {
		Diagnostics []struct{ Severity, Rule, Summary, Origin string }
		Error       struct {
			Problems []struct{ Rule, Message, Origin string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%s%s%s: %v", policy, out, errs, err)
	}
	for _, d := range doc.Diagnostics {
		if text := d.Rule + " " + d.Origin + " " + d.Summary; d.Severity == "error" {
			bad = append(bad, text)
		} else {
			warned = append(warned, text)
		}
	}
	for _, p := range doc.Error.Problems {
		bad = append(bad, p.Rule+" "+p.Origin+" "+p.Message)
	}
	if (len(bad) > 0) != (code != exitDone) {
		t.Errorf("%s%v: exit code %d with %v: %.300s%s", policy, args, code, bad, out, errs)
	}
	return bad, warned
}
