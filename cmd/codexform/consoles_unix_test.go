//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"howett.net/plist"
)

// console is a script of examples/consoles, and how its console runs it.
type console struct {
	file string
	args []string
	want [3]want // for drift, in sync, and a policy that is broken
}

type want struct {
	exit   int
	stdout string // its last line begins so
}

var consoles = []console{
	{"jamf/extension-attribute.sh", []string{"/", "lap-7", "kim"}, [3]want{{0, "<result>drift "}, {0, "<result>in_sync "}, {0, "<result>error:E_POLICY"}}},
	{"jamf/policy.sh", []string{"/", "lap-7", "kim"}, [3]want{{0, "in_sync"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
	{"intune/macos-attribute.sh", nil, [3]want{{0, "drift"}, {0, "in_sync"}, {0, "error:E_POLICY"}}},
	{"intune/compliance-linux.sh", nil, [3]want{{0, `{"CodexInSync":false`}, {0, `{"CodexInSync":true`}, {0, `{"CodexInSync":false`}}},
	{"kandji/audit.sh", nil, [3]want{{1, "drift"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
	{"kandji/remediate.sh", nil, [3]want{{0, "in_sync"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
	{"munki/installcheck.sh", nil, [3]want{{0, "drift"}, {1, "in_sync"}, {2, "error:E_POLICY"}}},
	{"munki/postinstall.sh", nil, [3]want{{0, "in_sync"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
	{"munki/uninstallcheck.sh", nil, [3]want{{0, "drift"}, {0, "in_sync"}, {2, "error:E_POLICY"}}},
	{"fleet/codexform-apply.sh", nil, [3]want{{0, "in_sync"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
	{"workspace-one/sensor.sh", nil, [3]want{{0, "drift"}, {0, "in_sync"}, {0, "error_E_POLICY"}}},
	{"prometheus/textfile.sh", nil, [3]want{{0, ""}, {0, ""}, {0, ""}}},
	{"jumpcloud/command.sh", nil, [3]want{{0, "in_sync"}, {0, "in_sync"}, {1, "error:E_POLICY"}}},
}

// TestConsoles runs each script as its console does: /bin/sh, closed stdin, no HOME, an
// empty PATH, from the root folder.
func TestConsoles(t *testing.T) {
	program := built(t)
	for _, c := range consoles {
		t.Run(c.file, func(t *testing.T) {
			dir := t.TempDir()
			policy := filepath.Join(dir, "codex.yaml")
			good := "version: 1\npolicy_version: 17\ncodex_home: " + dir + "/home\nsettings: {hide_agent_reasoning: true}\n"
			write := func(text string) {
				if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := func(w want, file string, args ...string) {
				t.Helper()
				code, out, errs := asConsole(t, program, policy, file, args...)
				lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
				if code != w.exit || !strings.HasPrefix(lines[len(lines)-1], w.stdout) {
					t.Errorf("exit %d, last line %q, want %d, %q\n%s%s", code, lines[len(lines)-1], w.exit, w.stdout, out, errs)
				}
			}
			write(good)
			run(c.want[0], c.file, c.args...)
			if code, out, errs := asConsole(t, program, policy, "kandji/remediate.sh"); code != 0 {
				t.Fatalf("exit %d\n%s%s", code, out, errs)
			}
			run(c.want[1], c.file, c.args...)
			write("version: 1\nmodle: x\n")
			run(c.want[2], c.file, c.args...)
		})
	}
}

func asConsole(t *testing.T, program, policy, file string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "examples", "consoles", file))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", append([]string{path}, args...)...)
	cmd.Dir, cmd.Env = "/", []string{"PATH=", "CODEXFORM=" + program, "CODEXFORM_POLICY=" + policy, "CODEXFORM_TEXTFILES=" + filepath.Dir(policy)}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// TestConsoleScriptsAreListed demands a run of every script, and clean ones.
func TestConsoleScriptsAreListed(t *testing.T) {
	files, err := filepath.Glob("../../examples/consoles/*/*.sh")
	if err != nil || len(files) < 13 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		rel, _ := filepath.Rel("../../examples/consoles", file)
		listed := rel == "munki/uninstall.sh" || rel == "nomad/rings.sh" // destroy has no contract; TestNomad runs the other
		for _, c := range consoles {
			listed = listed || c.file == rel
		}
		if !listed {
			t.Errorf("%s is run by no test", rel)
		}
		if out, err := exec.Command("/bin/sh", "-n", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", rel, err, out)
		}
	}
	if _, err := exec.LookPath("shellcheck"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("shellcheck is not installed")
		}
		t.Skip("SKIPPED, NOTHING IS PROVED: shellcheck is not installed")
	}
	if out, err := exec.Command("shellcheck", files...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestMunkiItem reads the item back as Munki's own tools would.
func TestMunkiItem(t *testing.T) {
	data := readFile(t, "../../examples/consoles/munki/codex-settings.pkginfo.plist")
	var item map[string]any
	if _, err := plist.Unmarshal([]byte(data), &item); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"installcheck_script": "--contract munki-installcheck", "postinstall_script": "apply --contract exit01",
		"uninstallcheck_script": "--contract munki-uninstallcheck", "uninstall_script": "destroy",
	} {
		script, _ := item[key].(string)
		if !strings.HasPrefix(script, "#!/bin/sh\n") || !strings.Contains(script, want) {
			t.Errorf("%s is %q, want one with %q", key, script, want)
		}
	}
}
