package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// provided is what an example that shows a part alone needs around it.
const provided = "version: 1\nprovider: {base_url: https://gateway.example/v1}\n"

// policies finds the YAML of a page, and what the comment above it says: <!-- of NAME: why -->
// where it is another program's file.
var policies = regexp.MustCompile("(?ms)(<!-- of [^\n]+ -->\n)?^```yaml\n(.*?)^```$")

// TestGuides holds the YAML of the README, the guides and the reference to codex.yaml
// against the reader. Vault's guide shows parts of its own table, which TestVaultGuide reads.
func TestGuides(t *testing.T) {
	pages, err := filepath.Glob("../../../docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, page := range append(pages, "../../../README.md", "../../../docs/reference/desired-state.md") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range policies.FindAllStringSubmatch(string(data), -1) {
			if m[1] != "" || filepath.Base(page) == "vault.md" {
				continue
			}
			read++
			text := m[2]
			if !strings.Contains("\n"+text, "\nprovider:") && strings.Contains("\n"+text, "\nversion:") {
				text += "provider: {base_url: https://gateway.example/v1}\n"
			} else if !strings.Contains("\n"+text, "\nversion:") {
				text = provided + text
			}
			w := newMachine(t)
			file := w.write("codex.yaml", text)
			if code, _, errs := w.run("validate", "-f", file); code != 0 {
				t.Errorf("%s:\n%s\n%s", page, text, errs)
			}
		}
	}
	if read < 25 {
		t.Errorf("%d examples, want at least 25", read)
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
			} else if fence != "sh" && fence != "powershell" {
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
