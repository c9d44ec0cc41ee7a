package main

import (
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestAnsibleExample demands that role and playbooks call the module and the role by the
// collection's name, and that the role's timers are those of the other carriers.
func TestAnsibleExample(t *testing.T) {
	dir := filepath.Join("..", "..", "examples", "ansible")
	var galaxy struct{ Namespace, Name string }
	into := func(file string, to any) {
		t.Helper()
		if err := yaml.Unmarshal([]byte(readFile(t, filepath.Join(dir, file))), to); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	into("galaxy.yml", &galaxy)
	name := galaxy.Namespace + "." + galaxy.Name + ".codexform"
	for _, file := range []string{"site", "leave"} {
		if text := readFile(t, filepath.Join(dir, "playbooks", file+".yml")); !strings.Contains(text, name) || !strings.Contains(text, "serial: ") {
			t.Errorf("%s.yml has no role %s, or all hosts at once", file, name)
		}
	}
	for _, file := range []string{"present", "absent"} {
		var tasks []map[string]any
		into(filepath.Join("roles", "codexform", "tasks", file+".yml"), &tasks)
		found := 0
		for _, task := range tasks {
			within, _ := task["block"].([]any)
			for _, t := range append(within, any(task)) {
				if t, is := t.(map[string]any); is && t[name] != nil {
					found++
				}
			}
		}
		if found != 1 {
			t.Errorf("%s.yml has %d tasks for %s", file, found, name)
		}
	}
	values := strings.NewReplacer("{{ codexform_path }}", "/usr/bin/codexform", "{{ codexform_policy_path }}", "/etc/codexform/codex.yaml")
	for _, file := range []string{"codexform-users.service", "codexform-users.timer", "codexform-machine.service", "codexform-machine.timer"} {
		unit := values.Replace(readFile(t, filepath.Join(dir, "roles", "codexform", "templates", file)))
		if want := readFile(t, filepath.Join(timers, "systemd", file)); unit != want {
			t.Errorf("the role's %s is another than that of examples/timers:\n%s", file, unit)
		}
	}
}
