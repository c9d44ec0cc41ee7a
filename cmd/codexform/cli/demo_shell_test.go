package cli

import (
	"strings"
	"testing"
)

// The demo shows what one would type on the system that it runs on.
func TestShellOf(t *testing.T) {
	for os, foreign := range map[string][]string{
		"windows": {"export ", "echo $?", "$ cat", "$ diff"},
		"linux":   {"PS>", "$env:", `\`},
		"darwin":  {"PS>", "$env:", `\`},
	} {
		w := shellOf(os)
		all := strings.Join([]string{w.prompt, w.config, w.policy, w.set, w.diff, w.exit}, "\n")
		for _, f := range foreign {
			if strings.Contains(all, f) {
				t.Errorf("%s: %q stands in\n%s", os, f, all)
			}
		}
		if strings.Count(w.set, "%s") != 1 {
			t.Errorf("%s: %q has no place for the key", os, w.set)
		}
	}
}
