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
		for _, args := range [][]string{{"plan"}, {"apply", "--auto-approve", "--codex=off"}, {"confirm"}, {"status", "--confirm"}, {"token"}, {"export", "client", "env", "--with-secret", "--out", filepath.Join(m.user, name)}} {
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

// No command runs a program that such a policy names: doctor looks at what is on disk, and
// says what is wrong with the policy.
func TestNoProgramOfAPolicyThatEverybodyMayWrite(t *testing.T) {
	for _, secret := range []string{
		"model: m\nprovider: {base_url: 'http://127.0.0.1:1/v1'}\nsecret: {command: [touch, RAN]}\nconfirm: {attempts: 1}",
		"settings: {model_provider: q, model_providers: {q: {name: q, base_url: 'http://127.0.0.1:1/v1', auth: {command: touch, args: [RAN]}}}}",
	} {
		m := newMachine(t)
		ran := filepath.Join(m.user, "ran")
		file := m.write("codex.yaml", "version: 1\n"+strings.ReplaceAll(secret, "RAN", ran)+"\n")
		if err := os.Chmod(file, 0o666); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"doctor", "--codex=off"},
			{"plan", "--codex=off"},
			{"plan", "--secrets=skip"},
			{"status"},
			{"status", "--record"},
			{"status", "--confirm"},
			{"confirm"},
			{"apply", "--auto-approve", "--codex=off"},
			{"token"},
			{"export", "client", "env"},
			{"export", "requirements"},
			{"validate"},
			{"history"},
			{"plan", "--base=none"},
		} {
			if args[0] != "history" {
				args = append(args, "-f", file)
			}
			code, out, errs := m.run(args...)
			if _, err := os.Stat(ran); err == nil {
				t.Fatalf("%v ran the program: exit %d: %s%s", args, code, out, errs)
			}
			if args[0] == "doctor" && (code != 2 || !strings.Contains(out, "others may write this policy") || !strings.Contains(out, "chmod go-w ")) {
				t.Errorf("doctor: exit %d: %s%s", code, out, errs)
			}
		}
	}
}
