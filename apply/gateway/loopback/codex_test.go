package loopback_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/google/go-cmp/cmp"
)

// The real Codex finishes a turn through the gateway, with the right key on the
// right path and no other request.
func TestCodexFinishesTurn(t *testing.T) {
	codex := codexBinary(t)
	c := serving("gpt-5.4")
	c.Reply = "the gateway says hello"
	g := start(t, c)
	home := codexHome(t)
	write(t, filepath.Join(home, "auth.json"), fmt.Sprintf(`{"OPENAI_API_KEY": %q}`, canary))
	write(t, filepath.Join(home, "config.toml"), fmt.Sprintf(`model_provider = "OpenAI"
model = "gpt-5.4"
[model_providers.OpenAI]
name = "Loopback"
base_url = %q
wire_api = "responses"
requires_openai_auth = true
`, g.URL()))

	stdout, stderr, err := runCodex(t, codex, home)
	if err != nil {
		t.Fatalf("codex exec: %v\n%s", err, stderr)
	}
	if !strings.Contains(stdout, c.Reply) {
		t.Errorf("stdout is %q, want it to hold %q", stdout, c.Reply)
	}
	want := []loopback.Request{{Method: "POST", Path: "/v1/responses", Key: loopback.RightKey, Status: 200}}
	if diff := cmp.Diff(want, g.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func runCodex(t *testing.T, codex, home string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, codex, "exec", "--skip-git-repo-check", "say hi")
	cmd.WaitDelay = time.Second
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CODEX_HOME=" + home}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// codexBinary is the Codex that CODEXFORM_TEST_CODEX names, or the one of the
// project's tools.
func codexBinary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CODEXFORM_TEST_CODEX"); path != "" {
		return path
	}
	for _, pattern := range []string{"node_modules/.bin/codex", "*/node_modules/.bin/codex"} {
		found, err := filepath.Glob(filepath.Join(tools(t), pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			return found[0]
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Codex below .tools: run make tools")
	}
	t.Skip("NOT TESTED: no Codex below .tools; run make tools, or name one in CODEXFORM_TEST_CODEX")
	return ""
}

// codexHome is a fresh home below .tools: Codex warns about one below the
// system's temporary folder.
func codexHome(t *testing.T) string {
	t.Helper()
	homes := filepath.Join(tools(t), "homes")
	if err := os.MkdirAll(homes, 0o700); err != nil {
		t.Fatal(err)
	}
	home, err := os.MkdirTemp(homes, "loopback-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	return home
}

func tools(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../../.tools")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
