package loopback_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/apply/gateway/loopback"
	gocmp "github.com/google/go-cmp/cmp"
)

// The real Codex finishes a turn through the gateway, with the right key on the
// right path and no other request.
func TestCodexFinishesTurn(t *testing.T) {
	codex := codexBinary(t)
	for _, variable := range []string{"", "SSL_CERT_FILE", "CODEX_CA_CERTIFICATE"} {
		t.Run(cmp.Or(variable, "http"), func(t *testing.T) {
			c := serving("gpt-5.4")
			c.Reply, c.TLS = "the gateway says hello", variable != ""
			g := start(t, c)
			home := codexHome(t, g.URL())
			env := ""
			if c.TLS {
				env = variable + "=" + filepath.Join(home, "ca.pem")
				write(t, filepath.Join(home, "ca.pem"), string(g.CA()))
			}
			if stdout := runCodex(t, codex, home, env); !strings.Contains(stdout, c.Reply) {
				t.Errorf("stdout is %q, want it to hold %q", stdout, c.Reply)
			}
			want := []loopback.Request{{Method: "POST", Path: "/v1/responses", Key: loopback.RightKey, Status: 200}}
			if diff := gocmp.Diff(want, g.Requests()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// Codex sends the key in clear to a proxy even where the gateway is on this very
// computer, unless NO_PROXY names it: why package gateway refuses that as insecure.
func TestCodexTakesProxyToLoopback(t *testing.T) {
	codex := codexBinary(t)
	g, proxy := start(t, serving("gpt-5.4")), start(t, serving("gpt-5.4"))
	home := codexHome(t, g.URL())
	for _, tt := range []struct {
		env            []string
		gateway, proxy int
	}{
		{[]string{"HTTP_PROXY=" + proxy.Origin()}, 0, 1},
		{[]string{"ALL_PROXY=" + proxy.Origin()}, 0, 2},
		{[]string{"HTTP_PROXY=" + proxy.Origin(), "NO_PROXY=127.0.0.1"}, 1, 2},
		{[]string{"HTTP_PROXY=" + proxy.Origin(), "NO_PROXY=127.0.0.0/8"}, 2, 2},
	} {
		runCodex(t, codex, home, tt.env...)
		if got := [2]int{turns(g), turns(proxy)}; got != [2]int{tt.gateway, tt.proxy} {
			t.Errorf("with %s: gateway and proxy saw %v turns, want %v", tt.env, got, [2]int{tt.gateway, tt.proxy})
		}
	}
}

// turns counts the turns that came with the right key.
func turns(g *loopback.Gateway) int {
	n := 0
	for _, r := range g.Requests() {
		if r.Method == "POST" && r.Key == loopback.RightKey {
			n++
		}
	}
	return n
}

func runCodex(t *testing.T, codex, home string, env ...string) (stdout string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, codex, "exec", "--skip-git-repo-check", "say hi")
	cmd.WaitDelay = time.Second
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CODEX_HOME=" + home}, env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("codex exec: %v\n%s", err, errs.String())
	}
	return out.String()
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

// codexHome is a fresh home for the gateway at base, below .tools: Codex warns about
// one below the system's temporary folder.
func codexHome(t *testing.T, base string) string {
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
	write(t, filepath.Join(home, "auth.json"), fmt.Sprintf(`{"OPENAI_API_KEY": %q}`, canary))
	write(t, filepath.Join(home, "config.toml"), fmt.Sprintf(`model_provider = "OpenAI"
model = "gpt-5.4"
[model_providers.OpenAI]
name = "Loopback"
base_url = %q
wire_api = "responses"
requires_openai_auth = true
`, base))
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
