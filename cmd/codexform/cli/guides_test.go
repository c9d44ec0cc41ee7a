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
	for _, name := range []string{"deliveries.md", "other-stores.md"} {
		data, err := os.ReadFile(filepath.Join("../../../docs/guides", name))
		if err != nil {
			t.Fatal(err)
		}
		blocks := strings.Split(string(data), "```yaml\n")[1:]
		if len(blocks) < 4 {
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
