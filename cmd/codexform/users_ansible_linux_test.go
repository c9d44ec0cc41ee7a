package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// A role asks about every user before the host has the policy as a file: each of them is
// told its text, under the name that the file will have.
func TestUsersOfAnsibleWithAPolicyToCome(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	m := newUsersMachine(t, 2)
	m.policy("http://127.0.0.1:9", 2)
	text, err := os.ReadFile(m.yaml)
	m.must(err)
	m.must(os.Remove(m.yaml))
	for _, check := range []bool{true, false} {
		task, err := json.Marshal(map[string]any{
			"policy": string(text) + "confirm: {enabled: false}\n", "file": m.yaml, "all_users": true, "_ansible_check_mode": check, "_ansible_no_log": false,
		})
		m.must(err)
		file := filepath.Join(m.dir, "args.json")
		m.must(os.WriteFile(file, task, 0o600))
		out, _ := m.run(file)
		var answer struct {
			Changed, Failed bool
			Msg             string
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.Failed || !answer.Changed {
			t.Fatalf("check mode %v: %v\n%s", check, err, out)
		}
		if _, err := os.Stat(m.codex(1, "auth.json")); (err == nil) == check {
			t.Errorf("check mode %v: %v", check, err)
		}
		if strings.Contains(out, userKey(0)) {
			t.Errorf("the key of a user: %s", out)
		}
	}
	if _, err := os.Lstat(m.yaml); err == nil {
		t.Error("the policy's file was made")
	}
}
