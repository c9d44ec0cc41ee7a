package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waiting starts a command in a folder where a file is a FIFO, and comes back when the
// command reads it.
func waiting(t *testing.T, policy, fifo, run string) (*exec.Cmd, *strings.Builder) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, fifo)
	_ = os.Remove(path)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.Command(program(t), strings.Fields(run)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &said, &said
	cmd.Env = []string{"HOME=" + dir, "CODEX_HOME=" + dir, "KEY=sk-0123456789abcdef", "PATH=/usr/bin:/bin"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(path, os.O_WRONLY, 0) // which waits for a reader
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	return cmd, &said
}

const waitingPolicy = "version: 1\nmodel: m\nprovider: {id: g, base_url: 'https://127.0.0.1:1/v1'}\nsecret: SECRET\n"

// A run that is stopped while it reads says that it was, whatever it was reading: what is
// missing then is no fault of the policy.
func TestAStoppedReadIsNoProblemOfThePolicy(t *testing.T) {
	for _, c := range []struct{ secret, fifo, run string }{
		{"{env: KEY}", "codex.yaml", "validate"},
		{"{env: KEY}", "codex.yaml", "plan"},
		{"{env: KEY}", "codex.yaml", "token"},
		{"{env: KEY}", "codex.yaml", "status"},
		{"{env: KEY}", "codex.yaml", "export requirements"},
		{"{env: KEY}", "codex.yaml", "apply --auto-approve"},
		{"{env: KEY}", "codex.yaml", "status --record"},
		{"{env: KEY}", "codex.yaml", "validate --format=github"},
		{"{env: KEY}", "codex.yaml", "destroy --auto-approve"},
		{"{env: KEY}", "codex.yaml", "rollback --auto-approve"},
		{"{env: KEY}", "codex.yaml", "plan --destroy"},
		{"{env: KEY}", "base.yaml", "plan --base=base.yaml"},
		{"{env: KEY}", "codex.yaml", "history"},
		{"{env: KEY}", "codex.yaml", "history show 1"},
		{"{env: KEY}", "codex.yaml", "doctor --codex=off"},
		{"{env: KEY}", "codex.yaml", "confirm"},
		{"{file: key}", "key", "token"},
		{"{file: key}", "key", "plan"},
		{"{env: KEY}", ".env", "plan"},
		{"{env: KEY}", ".env", "apply --auto-approve --codex=off"},
		{"{env: KEY}", ".env", "doctor --codex=off"},
	} {
		cmd, said := waiting(t, strings.Replace(waitingPolicy, "SECRET", c.secret, 1), c.fifo, c.run)
		start := time.Now()
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if took, code := time.Since(start), cmd.ProcessState.ExitCode(); code != 130 || took > 4*time.Second || !strings.HasSuffix(said.String(), "codexform: error: interrupted\n") || strings.Count(said.String(), "\n") > 2 {
			t.Errorf("%s, reading %s: exit %d after %s: %s", c.run, c.fifo, code, took, said)
		}
	}
}

// A secret that nobody writes holds token no longer than Codex waits for it.
func TestTokenWaitsForASecretAsCodexWaits(t *testing.T) {
	policy := strings.Replace(waitingPolicy, "SECRET", "{file: key}", 1) + "delivery: command\nsettings: {model_providers: {g: {auth: {timeout_ms: 800}}}}\n"
	cmd, said := waiting(t, policy, "key", "token")
	start := time.Now()
	_ = cmd.Wait()
	if took, code := time.Since(start), cmd.ProcessState.ExitCode(); code != 4 || took > 1500*time.Millisecond {
		t.Errorf("exit %d after %s: %s", code, took, said)
	}
}
