package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// provided is what an example that shows a source alone needs around it.
const provided = "version: 1\nprovider: {base_url: https://gateway.example/v1}\n"

// TestGuides holds the YAML of the guides against the reader.
func TestGuides(t *testing.T) {
	for _, name := range []string{"deliveries.md", "other-stores.md", "mdm.md"} {
		data, err := os.ReadFile(filepath.Join("../../../docs/guides", name))
		if err != nil {
			t.Fatal(err)
		}
		blocks := strings.Split(string(data), "```yaml\n")[1:]
		if len(blocks) < 1 {
			t.Fatalf("%s: only %d examples", name, len(blocks))
		}
		for _, block := range blocks {
			text, _, _ := strings.Cut(block, "```")
			if !strings.HasPrefix(text, "version:") {
				text = provided + text
			}
			m := newMachine(t)
			file := m.write("codex.yaml", text)
			if code, _, errs := m.run("validate", "-f", file); code != 0 {
				t.Errorf("%s:\n%s\n%s", name, text, errs)
			}
		}
	}
}

// TestGuideCommands holds every command line of the guides and the README against the
// command tree: its name, its flags and their values.
func TestGuideCommands(t *testing.T) {
	pages, err := filepath.Glob("../../../docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range append(pages, "../../../README.md") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		fence := ""
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if kind, ok := strings.CutPrefix(line, "```"); ok {
				fence = kind
			}
			if fence == "console" {
				line = strings.TrimPrefix(line, "$ ")
			} else if fence != "sh" {
				continue
			}
			args, ok := strings.CutPrefix(line, "codexform ")
			if strings.HasPrefix(args, "will ") {
				continue // what a command says
			}
			if !ok || strings.ContainsAny(args, "|<>`#;\\") || !strings.HasPrefix(line, "codexform ") {
				continue
			}
			found++
			m := newMachine(t)
			if code, _, errs := m.run(append(strings.Fields(args), "--help")...); code != 0 {
				t.Errorf("%s: %s: exit %d\n%s", filepath.Base(page), line, code, errs)
			}
		}
	}
	if found < 25 {
		t.Errorf("found %d commands, want at least 25", found)
	}
}
