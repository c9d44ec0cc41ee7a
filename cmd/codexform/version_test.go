package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVersion builds the program as a release is built: it says its version, its commit
// and when that was made, in each way of asking.
func TestVersion(t *testing.T) {
	needProgram(t, "go")
	program := filepath.Join(t.TempDir(), "codexform.exe")
	says := map[string]string{"version": "1.2.3", "commit": strings.Repeat("c0", 20), "date": "2026-11-26T12:00:00Z"}
	flags := ""
	for name, value := range says {
		flags += " -X main." + name + "=" + value
	}
	if out, err := exec.Command("go", "build", "-ldflags", flags, "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, ask := range []string{"version", "--version"} {
		text, err := exec.Command(program, ask).Output()
		if want := "codexform 1.2.3 (" + says["commit"] + ", " + says["date"] + "), "; err != nil || !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: got %s, %v, want %s", ask, text, err, want)
		}
		doc, err := exec.Command(program, ask, "--format", "json").Output()
		got := map[string]string{}
		if err := json.Unmarshal(doc, &got); err != nil {
			t.Fatalf("%s: %v\n%s", ask, err, doc)
		}
		for name, value := range says {
			if got[name] != value {
				t.Errorf("%s --format json: %s is %q, want %q, %v", ask, name, got[name], value, err)
			}
		}
	}
}
