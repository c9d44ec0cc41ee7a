//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A policy that everybody may write, or put another one in the place of, is shown and
// judged, and not done.
func TestPolicyThatEverybodyMayWrite(t *testing.T) {
	for name, open := range map[string]func(dir, file string) error{
		"file":   func(_, file string) error { return os.Chmod(file, 0o666) },
		"folder": func(dir, _ string) error { return os.Chmod(dir, 0o777) },
		"sticky": func(dir, _ string) error { return os.Chmod(dir, 0o777|os.ModeSticky) },
		"closed": func(string, string) error { return nil },
	} {
		m := newMachine(t)
		m.vars["K"] = "sk-0123456789abcdef"
		file := m.write("p/codex.yaml", "version: 1\nmodel: m\nprovider: {base_url: 'http://127.0.0.1:1/v1'}\nsecret: {env: K}\nconfirm: {attempts: 1}\n")
		if err := open(filepath.Dir(file), file); err != nil {
			t.Fatal(err)
		}
		refused := name == "file" || name == "folder"
		for _, args := range [][]string{{"plan"}, {"apply", "--auto-approve", "--codex=off"}, {"confirm"}, {"token"}} {
			code, out, errs := m.run(append(args, "-f", file)...)
			if got := code == 3 && strings.Contains(errs, "chmod go-w "); got != refused {
				t.Errorf("%s: %v: exit %d: %s%s", name, args, code, out, errs)
			}
		}
		for _, args := range [][]string{{"plan", "--secrets=skip"}, {"validate"}} {
			code, out, errs := m.run(append(args, "-f", file)...)
			if code != 0 || strings.Contains(out+errs, "policy-writable") != refused {
				t.Errorf("%s: %v: exit %d: %s%s", name, args, code, out, errs)
			}
		}
	}
}
