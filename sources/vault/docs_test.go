package vault_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every kind of error is explained to users.
func TestReferenceExplainsEveryKind(t *testing.T) {
	source, err := os.ReadFile("error.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/reference/vault-errors.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`Kind = "(vault_[a-z_]+)"`).FindAllSubmatch(source, -1)
	if len(kinds) == 0 {
		t.Fatal("no kinds found in error.go")
	}
	for _, kind := range kinds {
		if !strings.Contains(string(page), "| `"+string(kind[1])+"` |") {
			t.Errorf("docs/reference/vault-errors.md does not explain %s", kind[1])
		}
	}
	if rows := strings.Count(string(page), "| `vault_"); rows != len(kinds) {
		t.Errorf("docs/reference/vault-errors.md has %d rows for %d kinds", rows, len(kinds))
	}
}
