// Package codextest runs the real Codex in tests: the pinned one that
// .ci/tools/install.sh puts below .tools, each time in a Codex home of its own,
// with an environment of its own, under a timeout.
package codextest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Version is the version of the real Codex.
const Version = "0.171.0"

// nowhere is a proxy that refuses every connection: Codex reaches loopback over
// plain http, and nothing else.
const nowhere = "http://127.0.0.1:9"

// timeout bounds one run; a run takes a second or two.
const timeout = 90 * time.Second

// Binary is the path of the real Codex: the native program, not its launcher.
// Where it is missing, the test is skipped, or fails when CI=true.
func Binary(t testing.TB) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root(t), ".tools", "codex", "node_modules", "@openai", "codex-*", "vendor", "*", "bin", binaryName))
	if err == nil && len(found) == 1 {
		return found[0]
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("the real Codex is not installed: run make tools")
	}
	t.Skip("SKIPPED, NOTHING IS PROVED: the real Codex is not installed: run make tools")
	return ""
}

// Home is a new, empty Codex home, removed when the test ends. It lies in the
// user's cache folder: not in the system's temporary one, which Codex warns about,
// nor in this repository, where codexform refuses to put a key.
func Home(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	homes := filepath.Join(cache, "codexform-test")
	if err := os.MkdirAll(homes, 0o700); err != nil {
		t.Fatal(err)
	}
	home, err := os.MkdirTemp(homes, "home-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { remove(t, home) })
	return home
}

// remove deletes a home, patiently: a Codex that was stopped may still be
// writing its logs.
func remove(t testing.TB, home string) {
	var err error
	for range 20 {
		if err = os.RemoveAll(home); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error(err)
}

// WriteFile writes a file of a Codex home, mode 0600.
func WriteFile(t testing.TB, home, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(home, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Result is what a run of Codex came to.
type Result struct {
	Stdout, Stderr string
	Exit           int
}

// Run runs Codex with nothing on its input. The environment holds HOME and
// CODEX_HOME, both the home, PATH, a proxy that keeps Codex off the network, and
// what env adds as "NAME=value". The working directory is the home too. A run that outlasts its timeout fails the test.
func Run(t testing.TB, home string, env []string, args ...string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	cmd := command(ctx, t, home, env, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("codex %q: %v\n%s", args, errors.Join(err, ctx.Err()), errs.String())
	}
	return Result{Stdout: out.String(), Stderr: errs.String(), Exit: cmd.ProcessState.ExitCode()}
}

// command is the run that Run makes, not yet started. When ctx ends, Codex and
// whatever it started are stopped.
func command(ctx context.Context, t testing.TB, home string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, Binary(t), args...)
	cmd.Dir = home
	cmd.Env = append([]string{
		"HOME=" + home, "CODEX_HOME=" + home, "PATH=" + os.Getenv("PATH"), "RUST_BACKTRACE=0",
		"HTTPS_PROXY=" + nowhere,
	}, env...)
	cmd.WaitDelay = 5 * time.Second
	stopWhole(cmd)
	return cmd
}

var findRoot = sync.OnceValues(func() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
})

func root(t testing.TB) string {
	t.Helper()
	dir, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
