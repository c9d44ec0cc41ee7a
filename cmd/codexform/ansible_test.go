package main

import (
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestAnsibleExample demands that the playbook calls the module by the collection's name.
func TestAnsibleExample(t *testing.T) {
	dir := filepath.Join("..", "..", "examples", "ansible")
	var galaxy struct{ Namespace, Name string }
	var plays []struct{ Tasks []map[string]any }
	for file, into := range map[string]any{"galaxy.yml": &galaxy, "site.yml": &plays} {
		if err := yaml.Unmarshal([]byte(readFile(t, filepath.Join(dir, file))), into); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	if len(plays) != 1 || len(plays[0].Tasks) != 1 {
		t.Fatalf("the playbook says %+v", plays)
	}
	if module := galaxy.Namespace + "." + galaxy.Name + ".codexform"; plays[0].Tasks[0][module] == nil {
		t.Errorf("the playbook has no task for %s", module)
	}
}
