package ui_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/apply"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// say is what a view prints on both streams.
func say(o ui.Options, speak func(ui.View)) string {
	var out, err bytes.Buffer
	o.UserHome, o.Version = "/home/kim", "1.2.3"
	o.Now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	speak(ui.New(&out, &err, o))
	if err.Len() == 0 {
		return out.String()
	}
	return out.String() + "--- stderr\n" + err.String()
}

func TestGolden(t *testing.T) {
	faces := map[string]ui.Options{
		"txt":        {Format: ui.Text, Width: 90},
		"colour.txt": {Format: ui.Text, Colour: true, ErrColour: true},
		"piped.txt":  {Format: ui.Text, ErrColour: true},
		"json":       {Format: ui.JSON},
		"md":         {Format: ui.Markdown},
	}
	for name, speak := range stories() {
		for ext, o := range faces {
			t.Run(name+"."+ext, func(t *testing.T) {
				compare(t, filepath.Join("testdata", name+"."+ext), say(o, speak))
			})
		}
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func at(line, column int) plan.Origin {
	return plan.Origin{File: "codex.yaml", Place: plan.Place{Line: line, Column: column}}
}

// desired is the policy of all stories.
func desired() plan.Desired {
	return plan.Desired{
		Files: []string{"codex.yaml"}, Digest: "sha256:00", Delivery: plan.DeliveryAuthJSON,
		Provider: &plan.Provider{ID: "OpenAI", BaseURL: "https://api.routescope.ai/v1/"},
		Settings: []plan.Setting{{Address: plan.Address{"model"}, Value: plan.Str("gpt-5.4")}},
		Absent:   []plan.Removal{{Address: plan.Address{"network_access"}}},
		Secret:   &plan.Wanted{Ref: "env:ROUTESCOPE_API_KEY"},
		Confirm:  plan.Confirm{Enabled: true, Models: []string{"gpt-5.4", "gpt-5.4-mini"}},
	}
}

// everyKind is a plan with every kind of change and every mark.
func everyKind() plan.Plan {
	return plan.Plan{
		Home: "/home/kim/.codex", Desired: desired(), Unmanaged: 14, Interrupted: true,
		Files: []plan.FileChange{
			{Path: plan.ConfigFile, Action: plan.Update, Mode: 0o600, OldMode: 0o600, Changes: []plan.Change{
				{Address: plan.Address{"model"}, Action: plan.Update, Before: plan.Str("gpt-5"), After: plan.Str("gpt-5.4"), Drift: true, Origin: at(2, 8)},
				{Address: plan.Address{"review_model"}, Action: plan.NoOp, Before: plan.Str("gpt-5.4"), After: plan.Str("gpt-5.4"), Origin: at(3, 8)},
				{Address: plan.Address{"model_providers", "OpenAI", "base_url"}, Action: plan.Create, After: plan.Str("https://api.routescope.ai/v1/"), Origin: at(8, 13)},
				{Address: plan.Address{"approval_policy"}, Action: plan.Create, After: plan.Str("on-request"), Default: true, Origin: at(20, 20)},
				{Address: plan.Address{"notify"}, Action: plan.Create, After: plan.List(plan.Str("/usr/bin/notify-send"), plan.Str("a rather long argument that pushes nothing"), plan.Int(1)), Origin: at(21, 3)},
				{Address: plan.Address{"network_access"}, Action: plan.Delete, Before: plan.Str("enabled"), Reason: "listed under absent", Origin: at(23, 5)},
				{Address: plan.Address{"model_reasoning_effort"}, Action: plan.Update, Before: plan.Str("xhigh"), After: plan.Str("low"), GivesBack: true, Reason: "no longer in the desired state: the value from before"},
				{Address: plan.Address{"hide_agent_reasoning"}, Action: plan.Release, Before: plan.Bool(true), After: plan.Bool(true), Reason: "changed by someone since: it stays as it is"},
			}},
			{Path: plan.AuthFile, Action: plan.Update, Mode: 0o600, OldMode: 0o644, Changes: []plan.Change{
				{Address: plan.KeyMember, Action: plan.Update, Sensitive: true, Source: "vault:secret/codex#api_key", BeforeVersion: "6", AfterVersion: "7", Origin: at(9, 3)},
				{Address: plan.ModeMember, Action: plan.Update, Before: plan.Str("chatgpt"), After: plan.Str("apikey"), Reason: "or Codex would not use the key", Origin: at(9, 3)},
			}},
		},
		Diagnostics: []plan.Diagnostic{
			{Severity: plan.Warning, Rule: "provider-name-openai", Summary: `Codex takes a provider named "OpenAI" for OpenAI itself and asks it to compact long sessions, which a gateway cannot: such a session dies`, Fix: "give the provider another name", Origin: at(6, 9)},
			{Severity: plan.Info, Rule: "session-history", Summary: "3 sessions are hidden"},
		},
	}
}

func firstInstall() plan.Plan {
	return plan.Plan{
		Home: "/srv/codex", Desired: desired(),
		Files: []plan.FileChange{
			{Path: plan.ConfigFile, Action: plan.NoOp, Mode: 0o600, OldMode: 0o600},
			{Path: plan.AuthFile, Action: plan.Create, Mode: 0o600, Changes: []plan.Change{
				{Address: plan.KeyMember, Action: plan.Create, Sensitive: true, Unknown: true, Source: "env:ROUTESCOPE_API_KEY", Origin: at(9, 3)},
			}},
		},
	}
}

// skipped is a plan that did not look the secret up.
func skipped() plan.Plan {
	p := inSync()
	p.Files[1].Changes = []plan.Change{
		{Address: plan.KeyMember, Action: plan.NoOp, Sensitive: true, Unknown: true, Source: "env:ROUTESCOPE_API_KEY", Origin: at(9, 3)},
	}
	return p
}

func inSync() plan.Plan {
	return plan.Plan{
		Home: "/home/kim/.codex", Desired: desired(), Unmanaged: 1,
		Files: []plan.FileChange{
			{Path: plan.ConfigFile, Action: plan.NoOp, Mode: 0o600, OldMode: 0o600, Changes: []plan.Change{
				{Address: plan.Address{"model"}, Action: plan.NoOp, Before: plan.Str("gpt-5.4"), After: plan.Str("gpt-5.4"), Origin: at(2, 8)},
			}},
			{Path: plan.AuthFile, Action: plan.NoOp, Mode: 0o600, OldMode: 0o600},
		},
	}
}

func answer(class gateway.Class) gateway.Answer {
	return gateway.Answer{
		URL: "https://api.routescope.ai/v1/models", Class: class, Status: 200,
		Wanted: []string{"gpt-5.4"}, Listed: 12, Attempts: 1, Elapsed: 84 * time.Millisecond,
	}
}

func notConfirmed() *ui.Failure {
	f := &ui.Failure{Code: "not_confirmed", Exit: 5, Message: "confirming https://api.routescope.ai/v1/models: 401", Notes: []string{"nothing was written"}}
	f.SetHints("is it the whole key?", "is the key disabled?")
	return f
}

func stories() map[string]func(ui.View) {
	ok := answer(gateway.OK)
	no := answer(gateway.Unauthorized)
	no.Status, no.Missing, no.Listed = 401, nil, 0
	return map[string]func(ui.View){
		"plan":    func(v ui.View) { v.Plan(everyKind(), nil) },
		"install": func(v ui.View) { v.Plan(firstInstall(), nil) },
		"skipped": func(v ui.View) { v.Plan(skipped(), nil) },
		"in_sync": func(v ui.View) { v.Plan(inSync(), nil) },
		"applied": func(v ui.View) {
			v.Review(firstInstall())
			v.Apply(apply.Result{Plan: firstInstall(), Outcome: apply.Applied, Confirm: &ok, Credential: "auth.json", KeyChanged: true}, nil)
		},
		"unchanged": func(v ui.View) {
			v.Apply(apply.Result{Plan: inSync(), Outcome: apply.Unchanged, Confirm: &ok, Credential: "auth.json"}, nil)
		},
		"refused": func(v ui.View) {
			v.Review(firstInstall())
			v.Apply(apply.Result{Plan: firstInstall(), Outcome: apply.Refused, Confirm: &no, Credential: "auth.json"}, notConfirmed())
		},
		"confirmed": func(v ui.View) {
			v.Confirm(ui.Confirmation{Home: "/home/kim/.codex", Answer: ok, Credential: "auth.json"}, nil)
		},
		"invalid": func(v ui.View) {
			f := &ui.Failure{Code: "invalid", Exit: 3, Message: "the desired state has 2 problems", Problems: []ui.Problem{
				{Origin: at(4, 1), Message: "modle: unknown key", Fix: "did you mean model?"},
				{Origin: at(5, 1), Message: "provider: <b>`not`</b> a map"},
			}}
			v.Valid(plan.Desired{}, nil, f)
		},
		"valid": func(v ui.View) { v.Valid(desired(), nil, nil) },
		"version": func(v ui.View) {
			v.Version(ui.Build{Version: "1.2.3", Commit: "abc", Time: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), Go: "go1.26", OS: "linux", Arch: "amd64"})
		},
	}
}
