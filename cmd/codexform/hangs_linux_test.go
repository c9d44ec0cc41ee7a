package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program is this test's own binary under the program's name, which makes it the program.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "codexform")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// blocked are the ways in which a file can have no end or no beginning.
var blocked = map[string]func(t *testing.T, path string){
	"fifo": func(t *testing.T, path string) {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	},
	"zero": func(t *testing.T, path string) {
		if err := os.Symlink("/dev/zero", path); err != nil {
			t.Fatal(err)
		}
	},
	"folder": func(t *testing.T, path string) {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	},
}

const blockedPolicy = `version: 1
model: m
provider: {base_url: "http://127.0.0.1:1/v1"}
secret: SECRET
confirm: {attempts: 1}
`

// Whatever is put in the place of a file that is read, every command ends in time and
// in little memory, and an end is never told as "there are changes".
func TestNothingThatIsReadHangs(t *testing.T) {
	bin := program(t)
	for _, c := range []struct {
		file, secret string // what is blocked, below the folder of the test
		args         []string
		exits        []int
	}{
		{"home/.env", "", []string{"plan"}, []int{0}},
		{"home/.env", "", []string{"apply", "--auto-approve", "--codex=off"}, []int{5}},
		{"home/.env", "", []string{"confirm"}, []int{5}},
		{"home/.env", "", []string{"doctor", "--codex=off"}, []int{2}},
		{"home/.env", "", []string{"init", "-o", "-"}, []int{0}},
		{"home/config.toml", "", []string{"plan"}, []int{1}},
		{"home/auth.json", "", []string{"plan"}, []int{1}},
		{"home/.codexform/ledger.json", "", []string{"plan"}, []int{1}},
		{"home/.codexform/history.jsonl", "", []string{"history"}, []int{1}},
		{"home/sessions/one.jsonl", "", []string{"plan"}, []int{0}},
		{"key", "{file: key}", []string{"plan", "--detailed-exitcode"}, []int{4}},
		{"key", "{file: key}", []string{"token"}, []int{4}},
		{"ca", "{vault: {address: 'https://127.0.0.1:1', path: a, ca_cert: ca, auth: {token: {env: KEY}}}}", []string{"plan"}, []int{4}},
		{"saved", "", []string{"show", "saved"}, []int{1}},
		{"saved", "", []string{"apply", "saved"}, []int{1}},
		{"codex.yaml", "", []string{"validate"}, []int{3}},
		{"codex.yaml", "", []string{"plan"}, []int{3}},
		{"bundle", "", []string{"confirm"}, []int{5}},
	} {
		for kind, put := range blocked {
			t.Run(strings.Join(c.args[:1], "")+"-"+filepath.Base(c.file)+"-"+kind, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for _, sub := range []string{"home/.codexform", "home/sessions"} {
					if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
						t.Fatal(err)
					}
				}
				policy := strings.Replace(blockedPolicy, "SECRET", c.secret, 1)
				if c.secret == "" {
					policy = strings.Replace(blockedPolicy, "SECRET", "{env: KEY}", 1)
				}
				for name, text := range map[string]string{
					"codex.yaml": policy, "home/config.toml": "model_provider = \"old\"\n[model_providers.old]\nname = \"x\"\nbase_url = \"http://127.0.0.1:1/v1\"\n",
				} {
					if name == c.file {
						continue
					}
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				put(t, filepath.Join(dir, c.file))
				ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
				defer cancel()
				// Go reserves more than it uses.
				cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -v 3000000; exec "$0" "$@"`, bin}, c.args...)...)
				cmd.Dir = dir
				cmd.Env = []string{"HOME=" + dir, "CODEX_HOME=" + filepath.Join(dir, "home"), "KEY=sk-0123456789abcdef", "PATH=" + os.Getenv("PATH")}
				if c.file == "bundle" {
					cmd.Env = append(cmd.Env, "SSL_CERT_FILE="+filepath.Join(dir, "bundle"))
				}
				start := time.Now()
				out, err := cmd.CombinedOutput()
				code := 0
				var failed *exec.ExitError
				if errors.As(err, &failed) {
					code = failed.ExitCode()
				}
				exits := c.exits
				if kind == "folder" { // a folder is many things
					exits = []int{0, 1, 2, 3, 4, 5}
				}
				if ctx.Err() != nil || !slices.Contains(exits, code) {
					t.Errorf("exit %d after %s, want %v: %s", code, time.Since(start).Round(time.Second), exits, out)
				}
			})
		}
	}
}
