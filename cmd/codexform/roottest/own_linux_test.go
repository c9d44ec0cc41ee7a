package roottest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a test makes in the machine's folders is not there for anybody else, or afterwards.
func TestAloneLeavesNothing(t *testing.T) {
	made := filepath.Join("/etc", "codexform-made-by-a-test")
	if !Alone(t) {
		if _, err := os.Lstat(made); err == nil {
			t.Errorf("%s is on the machine", made)
		}
		return
	}
	if err := os.WriteFile(made, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if hosts, err := os.ReadFile("/etc/hosts"); err != nil || !strings.Contains(string(hosts), "localhost") {
		t.Errorf("/etc/hosts is %q: %v", hosts, err)
	}
}
