//go:build unix

package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// stage is a folder with a policy and a Codex home in which an outcome comes about, any
// number of times from the same files.
type stage struct {
	outcome
	t       *testing.T
	dir     string
	policy  string
	key     string
	built   string
	gateway *httptest.Server
	kept    string // the home as every run finds it
}

func newStage(t *testing.T, program string, o outcome) *stage {
	t.Helper()
	s := &stage{outcome: o, t: t, dir: t.TempDir(), built: program, key: o.key}
	s.must(os.Chmod(s.dir, 0o755))
	s.policy = s.path("codex.yaml")
	if s.key == "" {
		s.key = goodKey
	}
	s.serve(listing("gpt-5.4"), false)
	if o.applied != "" {
		s.write("codex.yaml", s.text(o.applied))
		s.quietly("apply", "-f", s.policy, "--auto-approve", "--codex", "off")
	}
	if o.policy == "" {
		s.outcome.policy = plainPolicy
	}
	s.write("codex.yaml", s.text(s.outcome.policy))
	if o.answer != nil {
		s.gateway.Config.Handler = o.answer
	}
	if o.prepare != nil {
		o.prepare(s)
	}
	s.write("codex.yaml", s.text(s.outcome.policy))
	s.kept = s.path("kept")
	s.copy(s.path("home"), s.kept)
	return s
}

// text is a policy whole, with the addresses of this stage.
func (s *stage) text(policy string) string {
	head := "version: 1\ncodex_home: " + s.path("home") + "\n"
	if !strings.Contains(policy, "policy_version") {
		head += "policy_version: 17\n"
	}
	return head + strings.ReplaceAll(policy, "$ORIGIN", s.origin())
}

// serve starts the gateway. It tells its handler where the stage is.
func (s *stage) serve(h http.HandlerFunc, secure bool) {
	s.gateway = httptest.NewUnstartedServer(h)
	s.gateway.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.gateway.StartTLS()
	} else {
		s.gateway.Start()
	}
	s.t.Cleanup(s.gateway.Close)
}

func (s *stage) secure() {
	s.gateway.Close()
	s.serve(listing("gpt-5.4"), true)
}

func (s *stage) origin() string          { return s.gateway.URL }
func (s *stage) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", s.name, err)
	}
}

func (s *stage) write(name, text string) {
	s.t.Helper()
	s.must(os.MkdirAll(filepath.Dir(s.path(name)), 0o700))
	s.must(os.WriteFile(s.path(name), []byte(text), 0o644))
}

func (s *stage) edit(name, before, after string) {
	s.t.Helper()
	path := s.path("home/" + name)
	text := readFile(s.t, path)
	if !strings.Contains(text, before) {
		s.t.Fatalf("%s: %s has no %q", s.name, name, before)
	}
	s.must(os.WriteFile(path, []byte(strings.ReplaceAll(text, before, after)), 0o600))
}

// quietly runs the program before the outcome; that has to succeed.
func (s *stage) quietly(args ...string) {
	s.t.Helper()
	cmd := exec.Command(s.built, args...)
	cmd.Dir, cmd.Env = s.dir, []string{"HOME=" + s.dir, "KEY=" + goodKey, "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", s.name, err, out)
	}
}

// copy is cp -a: a hard link stays one.
func (s *stage) copy(from, to string) {
	s.t.Helper()
	if _, err := os.Lstat(from); errors.Is(err, os.ErrNotExist) {
		return
	}
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", s.name, err, out)
	}
}

// reset puts the home back as it was. A home whose lock is held stays where it is.
func (s *stage) reset() {
	s.t.Helper()
	if s.word == "error:E_LOCK" {
		return
	}
	s.must(os.RemoveAll(s.path("home")))
	s.copy(s.kept, s.path("home"))
}

func (s *stage) words(name string) string {
	if name == "CODEX" {
		return codexBinary(s.t)
	}
	return map[string]string{"DIR": s.dir}[name]
}

// program is what runs: as it is released, or in a world of its own.
func (s *stage) program() string {
	if s.outcome.program == "" {
		return s.built
	}
	path, err := exec.LookPath(s.outcome.program)
	s.must(err)
	return path
}

func (s *stage) start(cmd *exec.Cmd) error {
	if s.unlike != nil {
		return s.unlike(s, cmd)
	}
	return cmd.Run()
}

// asNobody runs a command as an account that may open no home but its own.
func (s *stage) asNobody(cmd *exec.Cmd) error {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		for _, dir := range []string{s.dir, filepath.Dir(s.dir), filepath.Dir(s.built), filepath.Dir(filepath.Dir(s.built))} {
			s.must(os.Chmod(dir, 0o755))
		}
		s.must(os.Chown(s.dir, 65534, 65534))
		s.must(os.Chown(s.path("home"), 65534, 65534))
	}
	return cmd.Run()
}

// withoutSpace runs a command that can make files, and write nothing into them.
func (s *stage) withoutSpace(cmd *exec.Cmd) error {
	cmd.Args = append([]string{"sh", "-c", `ulimit -f 0; exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	return cmd.Run()
}

// needsCodex skips nothing in CI.
func (s *stage) needsCodex() { _ = codexBinary(s.t) }

// built is the program as it is released.
func built(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "codexform")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// codexBinary is the pinned Codex that make tools installs.
func codexBinary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../.tools/codex/node_modules/.bin/codex")
	if err == nil {
		_, err = os.Stat(path)
	}
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Codex below .tools: run make tools")
	}
	t.Skip("SKIPPED, NOTHING IS PROVED: no Codex below .tools: run make tools")
	return ""
}

// runAs runs the program in a stage, with nothing but a home.
func runAs(s *stage, args ...string) (code int, stdout, stderr string) {
	s.t.Helper()
	cmd := exec.Command(s.built, args...)
	cmd.Dir, cmd.Env = s.dir, []string{"HOME=" + s.dir, "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}
