//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/status"
)

// TestContracts drives status, plan and apply, the real program, through every contract
// in every state, each from the same files: testdata/contracts/ has what stands on
// stdout, what stderr says where it may, and the exit codes.
func TestContracts(t *testing.T) {
	program := built(t)
	provoked, ran := map[string]bool{}, 0
	for _, command := range []string{"status", "plan", "apply"} {
		t.Run(command, func(t *testing.T) {
			var b strings.Builder
			for _, o := range outcomes {
				if args, ok := o.commands[command]; ok {
					stage := newStage(t, program, o)
					fmt.Fprintf(&b, "==== %s: %s\n", o.name, strings.TrimSpace(command+" "+args))
					b.WriteString(stage.heard(command, args))
					provoked[o.word] = true
				}
			}
			golden(t, filepath.Join("testdata", "contracts", command+".txt"), b.String())
			ran++
		})
	}
	for _, code := range status.Codes {
		if word := "error:" + string(code); !provoked[word] && ran == 3 {
			t.Errorf("no outcome is %s", word)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := strings.Split(readFile(t, path), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(want) || line != want[i] {
			t.Fatalf("%s, line %d: got %q; look at all of it, then -update", path, i+1, line)
		}
	}
}

// heard is what each console hears of one outcome. What is for people is the same for
// all that print it, and so it stands there once.
func (s *stage) heard(command, args string) string {
	s.t.Helper()
	first := s.run(command, args, "exit01")
	people, last := cutLast(first.stdout)
	if word, _, _ := strings.Cut(last, " "); word != s.word {
		s.t.Errorf("%s %s: it is %q, want %s\n%s", s.name, command, word, s.word, first.stderr)
	}
	var b strings.Builder
	section(&b, "stdout, for people", people)
	section(&b, "stderr", first.stderr)
	for _, c := range status.Contracts {
		got := s.run(command, args, c.Name)
		if c.Form.People() && !strings.HasPrefix(got.stdout, people) {
			s.t.Errorf("%s %s, %s: stdout is not the one of all:\n%s", s.name, command, c.Name, got.stdout)
		}
		if want := map[bool]string{false: first.stderr}[c.Quiet]; got.stderr != want {
			s.t.Errorf("%s %s, %s: stderr is %q, want %q", s.name, command, c.Name, got.stderr, want)
		}
		full := s.word == "error:E_DISK" // where the log would be too
		if c.Quiet && !full && !strings.Contains(got.log, strings.TrimSpace(first.stderr)) {
			s.t.Errorf("%s %s, %s: the log lacks what stderr must not say: %q", s.name, command, c.Name, got.log)
		}
		answer := got.stdout
		if c.Form.People() {
			answer = strings.TrimPrefix(answer, people)
		}
		if fault := forbidden(c.Name, answer, got.stdout); fault != "" {
			s.t.Errorf("%s %s, %s: %q: %s", s.name, command, c.Name, answer, fault)
		}
		fmt.Fprintf(&b, "%-21s exit %d\n%s", c.Name, got.code, indent(answer))
	}
	return b.String()
}

func section(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "-- %s\n%s", title, indent(text))
	}
}

func indent(text string) string {
	if text == "" {
		return ""
	}
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// cutLast splits the last line off.
func cutLast(text string) (before, last string) {
	i := strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n') + 1
	return text[:i], strings.TrimSuffix(text[i:], "\n")
}

// forms are what consoles take for an answer: everything else they drop, cut or
// misread, mostly without a word.
var forms = map[string]*regexp.Regexp{
	"jamf-ea":           regexp.MustCompile(`^<result>[A-Za-z0-9_:=. +-]+</result>\n$`),
	"jamf-ea-int":       regexp.MustCompile(`^<result>-?[0-9]+</result>\n$`),
	"jamf-ea-date":      regexp.MustCompile(`^<result>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)?</result>\n$`),
	"intune-detect":     regexp.MustCompile(`^[A-Za-z0-9_:=. +-]{1,1000}\n$`),
	"intune-remediate":  regexp.MustCompile(`^[A-Za-z0-9_:=. +-]{1,1000}\n$`),
	"intune-compliance": regexp.MustCompile(`^\{[^\n]{2,1000}\}\n$`),
	"intune-mac-attr":   regexp.MustCompile(`^[A-Za-z0-9_:]+\n$`),
	"ws1-attr":          regexp.MustCompile(`^[A-Za-z0-9_-]+\n$`),
	"nomad":             regexp.MustCompile(`^\{.*\}\n$`),
	"prom":              regexp.MustCompile(`^# HELP codexform_[a-z_]+ `),
	"azure":             regexp.MustCompile(`^(##vso\[task\.logissue type=(warning|error;code=E[A-Z0-9_]+)\][^\n]+\n)?[A-Za-z0-9_:=. +-]+\n$`),
}

// forbidden says what a console would make of an answer that it cannot take.
func forbidden(contract, answer, stdout string) string {
	form, ok := forms[contract]
	switch {
	case ok && !form.MatchString(answer):
		return "not in its form"
	case strings.IndexFunc(answer, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) >= 0:
		return "more than printable ASCII"
	case strings.ContainsAny(stdout, "\x1b\x00\r\ufeff"):
		return "a control character, or a byte order mark"
	case strings.Count(stdout, "##vso[") != strings.Count(answer, "##vso["):
		return "a logging command that is not ours"
	}
	return ""
}

// heardRun is one run under one contract, with what differs from run to run taken out.
type heardRun struct {
	code                int
	stdout, stderr, log string
}

var columns = regexp.MustCompile(`(\S) {2,}`)

var elapsed = regexp.MustCompile(`\b[0-9.]+ ?m?s\b`)

func (s *stage) run(command, args, contract string) heardRun {
	s.t.Helper()
	if command == "apply" { // the others write nothing
		s.reset()
	}
	log := filepath.Join(s.dir, "log.txt")
	cmd := exec.Command(s.program(), slices.Concat([]string{command, "-f", s.policy, "--contract", contract, "--log-file", log}, strings.Fields(os.Expand(args, s.words)))...)
	cmd.Dir, cmd.Env = s.dir, []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", "HOME=" + s.dir, "TZ=UTC"}
	if s.key != "-" {
		cmd.Env = append(cmd.Env, "KEY="+s.key)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := s.start(cmd)
	if cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	kept, _ := os.ReadFile(log)
	_ = os.Remove(log)
	return heardRun{cmd.ProcessState.ExitCode(), s.same(out.String()), s.same(errs.String()), s.same(string(kept))}
}

// same is a text in which this machine, this run and its addresses are not to be seen.
func (s *stage) same(text string) string {
	real, err := filepath.EvalSymlinks(s.dir) // temporary folders lie behind a link on macOS
	s.must(err)
	text = strings.NewReplacer(real, "DIR", s.dir, "DIR", s.origin(), "ORIGIN").Replace(text)
	text = regexp.MustCompile(`(?s)(Please report it with these lines:\n\n).*`).ReplaceAllString(text, "${1}STACK\n")
	text = regexp.MustCompile(`"tool_version":"[^"]*"`).ReplaceAllString(text, `"tool_version":"VERSION"`)
	text = regexp.MustCompile(`,"codex_version":"[^"]*"`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`"(last_run|first_seen|last_success)":"[^"]*"`).ReplaceAllString(text, `"$1":"TIME"`)
	text = regexp.MustCompile(`"policy_digest":"[^"]*"`).ReplaceAllString(text, `"policy_digest":"DIGEST"`)
	text = regexp.MustCompile(`(seconds|<result>)( ?)2[0-9-]{9} [0-9:]{8}`).ReplaceAllString(text, "$1${2}2026-11-26 09:00:00")
	text = regexp.MustCompile(`(seconds|<result>)( ?)1[0-9]{9}`).ReplaceAllString(text, "$1${2}1795683600")
	text = regexp.MustCompile(`2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ`).ReplaceAllString(text, "TIME")
	text = columns.ReplaceAllString(text, "$1  ") // as wide as an address of this run
	return elapsed.ReplaceAllString(text, "N s")
}
