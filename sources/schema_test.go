package sources

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	published "github.com/codexform/codexform/docs/schema"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(published.Codex))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("codex.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("codex.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// accepted reports whether the schema takes a policy, read as an editor would.
func accepted(t *testing.T, s *jsonschema.Schema, text string) bool {
	t.Helper()
	tree := parse("codex.yaml", text, &problems{})
	if tree == nil {
		t.Fatalf("not YAML: %s", text)
	}
	data, err := json.Marshal(tree.toValue())
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte(`{"$float":`), []byte(`{"float":`))
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(plainFloats(doc)) == nil
}

// plainFloats undoes what package plan does to floats in JSON.
func plainFloats(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if text, ok := v["float"].(string); ok && len(v) == 1 {
			return json.Number(text)
		}
		for k := range v {
			v[k] = plainFloats(v[k])
		}
	case []any:
		for i := range v {
			v[i] = plainFloats(v[i])
		}
	}
	return v
}

// The schema and the reader give the same verdict on every example that a schema
// can judge, and the schema takes what only the reader refuses.
func TestSchemaAgreesWithReader(t *testing.T) {
	s := compiled(t)
	for name, want := range map[string]bool{"good.txtar": true, "bad.txtar": false} {
		archive, err := txtar.ParseFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		judged := 0
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".yaml") || strings.HasPrefix(f.Name, "reader/") {
				continue
			}
			judged++
			if got := accepted(t, s, string(f.Data)); got != want {
				t.Errorf("%s: the schema accepts it: %v, the reader: %v", f.Name, got, want)
			}
		}
		if judged < 25 {
			t.Errorf("only %d examples in %s", judged, name)
		}
	}
}

// Both know the same keys in the same places, and the schema explains each.
func TestSchemaHasEveryKey(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(published.Codex, &schema); err != nil {
		t.Fatal(err)
	}
	keysOf(t, schema, schema, rootShape, nil)
}

func keysOf(t *testing.T, root, at map[string]any, s *shape, path plan.Address) {
	at = resolved(root, at)
	switch {
	case s.kind == listShape:
		keysOf(t, root, at["items"].(map[string]any), s.items, child(path, "[]"))
		return
	case s.kind != tableShape && s.kind != secretShape:
		return
	case at["anyOf"] != nil: // the other form of a text
		at = at["anyOf"].([]any)[1].(map[string]any)
	}
	properties := at["properties"].(map[string]any)
	if diff := cmp.Diff(slices.Sorted(slices.Values(names(s))), slices.Sorted(maps.Keys(properties))); diff != "" {
		t.Errorf("keys of %q (-reader +schema):\n%s", path, diff)
	}
	if at["additionalProperties"] != false {
		t.Errorf("%q takes other keys", path)
	}
	for _, k := range s.keys {
		property, ok := properties[k.name].(map[string]any)
		if !ok {
			continue
		}
		here := child(path, k.name)
		if text, _ := property["description"].(string); len(text) < 10 {
			t.Errorf("%q has no description", here)
		}
		if examples, _ := property["examples"].([]any); len(examples) == 0 {
			t.Errorf("%q has no example", here)
		}
		if required, _ := at["required"].([]any); slices.Contains(required, any(k.name)) != k.required {
			t.Errorf("%q: required for one of reader and schema", here)
		}
		keysOf(t, root, property, k.shape, here)
	}
}

// resolved follows a reference.
func resolved(root, at map[string]any) map[string]any {
	if all, ok := at["allOf"].([]any); ok {
		at = all[0].(map[string]any)
	}
	ref, ok := at["$ref"].(string)
	if !ok {
		return at
	}
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		root = root[part].(map[string]any)
	}
	return root
}

// Every example of the schema is one that the schema takes.
func TestSchemaExamples(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(published.Codex, &schema); err != nil {
		t.Fatal(err)
	}
	s := compiled(t)
	for name, property := range schema["properties"].(map[string]any) {
		for _, example := range property.(map[string]any)["examples"].([]any) {
			doc := map[string]any{"version": 1.0, name: example}
			if err := s.Validate(doc); err != nil {
				t.Errorf("example of %s: %v", name, err)
			}
		}
	}
}
