package cli_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// missing are sources that have no secret here, each for a reason of its own.
var missing = map[string]string{
	"a variable that is not set":   "env: NOT_SET",
	"an empty variable":            "env: EMPTY",
	"a file that is not there":     "file: /nowhere/key",
	"an empty file":                "file: EMPTYFILE",
	"a folder":                     "file: FOLDER",
	"no such program":              "command: [no-such-program-anywhere, read]",
	"a program that fails":         "command: [sh, -c, 'echo it is locked >&2; exit 3']",
	"a program that says nothing":  "command: ['true']",
	"a Vault that nobody answers":  `vault: {address: "http://127.0.0.1:1", path: codex, timeout: 100ms, auth: {method: token, token: {env: TOKEN}}}`,
	"a Vault without a login":      `vault: {address: "http://127.0.0.1:1", path: codex, timeout: 100ms, auth: {method: approle, role_id: x, secret_id: {env: NOT_SET}}}`,
	"a CA that is not there":       `vault: {address: "https://127.0.0.1:1", path: codex, timeout: 100ms, ca_cert: /nowhere/ca.pem}`,
	"the first of none":            "first_of: [{env: NOT_SET}, {file: /nowhere/key}]",
	"a key that cannot be one":     "env: BAD",
	"a variable in a path":         "file: /nowhere/${env.EMPTY2}key",
	"a program that is a script's": "command: [./fetch-key.sh]",
}

// TestASecretThatIsNotAtHandStopsNoPlan: whatever the source, the rest is planned in
// every format, the key says why it is unknown, and the exit code is 4.
func TestASecretThatIsNotAtHandStopsNoPlan(t *testing.T) {
	for name, source := range missing {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.vars = map[string]string{"EMPTY": "", "TOKEN": "hvs.x", "BAD": "\"quoted\"", "EMPTY2": "x", "PATH": "/usr/bin:/bin"}
			m.write("empty", "")
			m.write("folder/x", "")
			m.write(".codex/config.toml", "model = \"gpt-5\"\nmine = 1\n")
			source = strings.NewReplacer("EMPTYFILE", filepath.Join(m.user, "empty"), "FOLDER", filepath.Join(m.user, "folder")).Replace(source)
			policy := m.write("codex.yaml", "version: 1\nmodel: gpt-5.4\nprovider: {base_url: https://gw.example.com/v1}\nsecret:\n  "+source+"\n")
			for _, format := range []string{"text", "markdown", "json", "github", "gitlab", "junit", "codequality"} {
				code, out, errs := m.run("plan", "-f", policy, "--format", format, "--detailed-exitcode", "--codex", "off")
				if code != 4 {
					t.Errorf("%s: exit %d, want 4\n%s%s", format, code, out, errs)
				}
				if format == "json" {
					wholeButForTheKey(t, out)
					continue
				}
				if format != "junit" && format != "codequality" && (!strings.Contains(out+errs, `"gpt-5" → "gpt-5.4"`) || !strings.Contains(out+errs, "(unknown: ")) {
					t.Errorf("%s does not show the model, or the key that nobody knows:\n%s%s", format, out, errs)
				}
				if strings.Contains(out+errs, "quoted") {
					t.Errorf("%s shows what was no key:\n%s%s", format, out, errs)
				}
			}
			if code, out, _ := m.run("plan", "-f", policy, "--secrets", "skip", "--detailed-exitcode", "--codex", "off"); code != 2 || !strings.Contains(out, "(known at apply") {
				t.Errorf("--secrets skip: exit %d\n%s", code, out)
			}
			if code, out, errs := m.run("apply", "-f", policy, "--auto-approve", "--codex", "off"); code != 4 || m.read(".codex/config.toml") != "model = \"gpt-5\"\nmine = 1\n" {
				t.Errorf("apply: exit %d\n%s%s", code, out, errs)
			}
			code, out, errs := m.run("apply", "-f", policy, "--auto-approve", "--codex", "off", "--format", "github")
			if code != 4 || !strings.Contains(out, "::error title=secret::") {
				t.Errorf("apply: exit %d, not annotated\n%s%s", code, out, errs)
			}
			if _, _, errs = m.run("apply", "-f", policy, "--auto-approve", "--codex", "off", "--format", "gitlab"); !strings.Contains(errs, "\x1b[31;1merror:\x1b[0m") {
				t.Errorf("apply: no red line in GitLab's log\n%s", errs)
			}
		})
	}
}

func wholeButForTheKey(t *testing.T, out string) {
	t.Helper()
	var doc struct {
		Complete bool
		Summary  struct{ Update int }
		Error    struct {
			Code string
			Exit int
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if doc.Complete || doc.Summary.Update != 1 || doc.Error.Code != "secret" || doc.Error.Exit != 4 {
		t.Errorf("the document says %+v\n%s", doc, out)
	}
}
