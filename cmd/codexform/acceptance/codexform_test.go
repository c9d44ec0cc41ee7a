// Package acceptance holds codexform against the real Codex: after an apply, does
// that program read, believe and use what was written?
package acceptance

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	// The binary is built by a program of its own; this import tells the test cache
	// what it is made of.
	_ "github.com/codexform/codexform/cmd/codexform/cli"
)

// build makes the binary once for all tests.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "codexform-acceptance-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "codexform")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", path, "github.com/codexform/codexform/cmd/codexform").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// built is the binary. Where there is no Go to build it with, as in Wine, the test is skipped.
func built(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil && runtime.GOOS == "windows" {
		t.Skip(err)
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// codexform runs the real binary in a folder, with an environment of its own, and
// demands an exit code.
func codexform(t *testing.T, dir string, code int, env []string, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, got := run(t, dir, env, args...)
	if got != code {
		t.Fatalf("codexform %q: exit %d, want %d\n%s%s", args, got, code, stdout, stderr)
	}
	return stdout, stderr
}

// run is codexform with whatever exit code.
func run(t *testing.T, dir string, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), built(t), args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"HOME=" + dir, "USERPROFILE=" + dir, "TEMP=" + os.TempDir(), "PATH=" + os.Getenv("PATH")}, env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
