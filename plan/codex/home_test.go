package codex_test

import (
	"path/filepath"
	"testing"

	"github.com/codexform/codexform/plan/codex"
)

func TestFindHome(t *testing.T) {
	abs := func(p string) string {
		out, err := filepath.Abs(p)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct {
		name, flag, policy, env, user string
		want                          string // "" is an error
	}{
		{"the flag wins", "f", "p", "e", "/u", abs("f")},
		{"then the policy", "", "p", "e", "/u", abs("p")},
		{"then the variable", "", "", "e", "/u", abs("e")},
		{"then the user's", "", "", "", "/u", filepath.Join("/u", ".codex")},
		{"a ~ that nobody expands", "", "", "~/x", "/u", ""},
		{"nobody's home", "", "", "", "", ""},
	} {
		lookup := func(string) (string, bool) { return c.env, c.env != "" }
		got, err := codex.FindHome(c.flag, c.policy, lookup, c.user)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}
