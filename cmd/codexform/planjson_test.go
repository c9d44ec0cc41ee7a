package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/codexform/codexform/plan"
)

func planSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "docs", "schema", "plan.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func valid(t *testing.T, schema *jsonschema.Schema, doc []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// full is a plan with everything in it that a plan can say.
func full() plan.Plan {
	origin := plan.Origin{File: "codex.yaml", Place: plan.Place{Line: 2, Column: 8}}
	return plan.Plan{
		Home: "/home/kim/.codex", Unmanaged: 3, Interrupted: true,
		Desired: plan.Desired{
			Files: []string{"codex.yaml"}, Digest: "sha256:00",
			Provider: &plan.Provider{BaseURL: "https://gw.example/v1"},
			Confirm:  plan.Confirm{Enabled: true, Models: []string{"m"}},
		},
		Files: []plan.FileChange{
			{Path: plan.ConfigFile, Action: plan.Update, Mode: 0o600, OldMode: 0o644, Changes: []plan.Change{
				{Address: plan.Address{"model"}, Action: plan.Update, Before: plan.Float(1), After: plan.Str("m"), Drift: true, Default: true, Origin: origin},
				{Address: plan.Address{"t", "k"}, Action: plan.Release, Before: plan.Time("1979-05-27"), After: plan.List(plan.Int(1)), GivesBack: true, Reason: "why"},
			}},
			{Path: plan.AuthFile, Action: plan.Create, Mode: 0o600, Changes: []plan.Change{
				{
					Address: plan.KeyMember, Action: plan.Create, Sensitive: true, Source: "env:KEY", Unknown: true,
					BeforeVersion: "1", AfterVersion: "2", BeforeID: "00112233445566778899aabbccddeeff",
				},
			}},
		},
		Diagnostics: []plan.Diagnostic{{Severity: plan.Warning, Rule: "r", Summary: "s", Fix: "f", Origin: origin}},
	}
}

// The schema takes what is printed, knows every member, and takes nothing else.
func TestPlanSchema(t *testing.T) {
	schema := planSchema(t)
	for name, p := range map[string]plan.Plan{"full": full(), "empty": plan.Make(plan.Desired{}, plan.Observed{Home: "/h"})} {
		doc, err := json.Marshal(p.Document("1.0.0", time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, schema, doc); err != nil {
			t.Errorf("%s: %v\n%s", name, err, doc)
		}
	}
	doc, err := json.Marshal(full().Document("1.0.0", time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []struct{ old, new string }{
		{`"format_version":"1"`, `"format_version":"2"`},
		{`"action":"release"`, `"action":"remove"`},
		{`"sensitive":true`, `"secret":"sk-x"`},
		{`"unmanaged":3`, `"unmanaged":"3"`},
		{`"mode":"0600"`, `"mode":"600"`},
	} {
		bad := bytes.Replace(doc, []byte(wrong.old), []byte(wrong.new), 1)
		if bytes.Equal(bad, doc) {
			t.Fatalf("the document has no %s", wrong.old)
		}
		if valid(t, schema, bad) == nil {
			t.Errorf("the schema takes %s", wrong.new)
		}
	}
}

// The page about the document names every member of the schema.
func TestPlanPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "plan-json.md"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := os.ReadFile(filepath.Join("..", "..", "docs", "schema", "plan.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"([a-z_]+)": \{`).FindAllSubmatch(schema, -1) {
		if name := string(m[1]); name != "properties" && name != "items" && !regexp.MustCompile("[`.]"+name+"`").Match(page) {
			t.Errorf("docs/reference/plan-json.md says nothing of %s", name)
		}
	}
}
