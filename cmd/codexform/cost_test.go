package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// What a run may cost; docs/figures/performance.md has the figures and how to take them.
const (
	maxBinary       = 20 << 20  // bytes, stripped
	maxInstructions = 8_000_000 // of a plan that finds nothing to do, the whole process
	maxMemory       = 20 << 20  // bytes, resident at most
	maxApply        = 64 << 20  // bytes, resident at most, of an apply to a large config.toml
)

// TestCost builds the program as users get it and holds it to its bounds.
func TestCost(t *testing.T) {
	needProgram(t, "go")
	dir := t.TempDir()
	binary := asUsersGet(t, dir, ".", "-ldflags", "-s -w -X main.version=1 -X main.commit=none -X main.date=2026-01-01T00:00:00Z")
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("binary: %d bytes", info.Size())
	if info.Size() > maxBinary {
		t.Errorf("the binary has %d bytes, at most %d are promised", info.Size(), maxBinary)
	}
	home := startingHome(t, filepath.Join("..", "..", "examples", "recommended"))
	plan := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, append(args, "-f", filepath.Join("..", "..", "examples", "recommended", "codex.yaml"))...)
		cmd.Env = []string{"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "ROUTESCOPE_API_KEY=" + exampleKey, "GODEBUG=asyncpreemptoff=1"}
		return cmd
	}
	if out, err := plan(binary, "apply", "--auto-approve", "--no-confirm").CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	out, err := plan(binary, "plan", "--detailed-exitcode").CombinedOutput()
	if err != nil || !bytes.HasPrefix(out, []byte("Nothing to do")) {
		t.Fatalf("plan: %v\n%s", err, out)
	}
	peak := ""
	if runtime.GOOS == "linux" {
		peak = asUsersGet(t, dir, "./testdata/peak")
	}
	t.Run("memory", func(t *testing.T) { checkMemory(t, plan(peak, binary, "plan"), maxMemory) })
	t.Run("memory of an apply", func(t *testing.T) {
		var config strings.Builder
		for i := range 8000 { // 600 KB
			fmt.Fprintf(&config, "[projects.\"/home/someone/work/project-%d\"]\ntrust_level = \"trusted\" # yes\n\n", i)
		}
		large := filepath.Join(dir, "large")
		if err := errors.Join(os.Mkdir(large, 0o700), os.WriteFile(filepath.Join(large, "config.toml"), []byte(config.String()), 0o600)); err != nil {
			t.Fatal(err)
		}
		checkMemory(t, plan(peak, binary, "apply", "--auto-approve", "--no-confirm", "--codex-home", large), maxApply)
	})
	t.Run("instructions", func(t *testing.T) {
		checkInstructions(t, plan("valgrind", "--tool=callgrind", "--callgrind-out-file="+filepath.Join(dir, "out"), binary, "plan"))
	})
}

// asUsersGet is a program as users get it.
func asUsersGet(t *testing.T, dir, pkg string, flags ...string) string {
	out := filepath.Join(dir, filepath.Base(pkg)+"program.exe")
	cmd := exec.Command("go", append(append([]string{"build", "-trimpath", "-o", out}, flags...), pkg)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, said)
	}
	return out
}

func checkMemory(t *testing.T, cmd *exec.Cmd, most int) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is measured on Linux")
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := strconv.Atoi(string(out))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("memory: %d bytes", got)
	if got > most {
		t.Errorf("%d bytes of memory, at most %d are promised", got, most)
	}
}

var collected = regexp.MustCompile(`Collected : ([0-9]+)`)

func checkInstructions(t *testing.T, cmd *exec.Cmd) {
	if cmd.Err != nil {
		if os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
			t.Fatal("valgrind is not installed")
		}
		t.Skip("SKIPPED, NOTHING IS PROVED: valgrind is not installed")
	}
	out, err := cmd.CombinedOutput()
	m := collected.FindSubmatch(out)
	if err != nil || m == nil {
		t.Fatalf("valgrind: %v\n%s", err, out)
	}
	got, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("instructions: %d", got)
	if got > maxInstructions {
		t.Errorf("a plan takes %d instructions, at most %d are promised", got, maxInstructions)
	}
}
