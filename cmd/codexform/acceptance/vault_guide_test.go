package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every piece of codex.yaml in the guide to Vault is a valid one.
func TestVaultGuide(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "guides", "vault.md"))
	if err != nil {
		t.Fatal(err)
	}
	pieces := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(pieces) < 5 {
		t.Fatalf("only %d pieces of YAML found", len(pieces))
	}
	for _, piece := range pieces {
		text := piece[1]
		if !strings.HasPrefix(text, "secret:") {
			text = "secret:\n  vault:\n    path: codex\n" + text
		}
		dir := t.TempDir()
		policy := "version: 1\nmodel: gpt-5.4\nprovider: {base_url: 'https://gateway.example/v1'}\n" + text
		if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
			t.Fatal(err)
		}
		codexform(t, dir, 0, nil, "validate")
	}
}
