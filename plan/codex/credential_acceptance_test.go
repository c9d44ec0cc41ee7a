package codex_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// TestCredential holds the table against the real Codex.
func TestCredential(t *testing.T) {
	codextest.Binary(t)
	for _, tc := range credentialCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			gateway := codextest.NewGateway(t)
			home := codextest.Home(t)
			files := map[string]string{"config.toml": strings.ReplaceAll(tc.config, "BASE", gateway.URL), "auth.json": tc.auth, ".env": tc.dotenv}
			for name, content := range files {
				if content != "" {
					codextest.WriteFile(t, home, name, content)
				}
			}
			ran := codextest.Turn(t, home, tc.env)
			turns := gateway.Turns()
			if refused := len(turns) == 0; refused != tc.refuses {
				t.Fatalf("Codex sent %d turns, exit %d\n%s", len(turns), ran.Exit, ran.Stderr)
			}
			if !tc.refuses && turns[0].Header.Get("Authorization") != tc.sent {
				t.Errorf("Codex sent %q, want %q", turns[0].Header.Get("Authorization"), tc.sent)
			}
		})
	}
}

// TestExtras has the real Codex send the parameters and headers of a provider.
func TestExtras(t *testing.T) {
	gateway := codextest.NewGateway(t)
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL)+`query_params = { version = "2" }
http_headers = { X-Team = "a" }
env_http_headers = { X-User = "GATE_USER", X-Empty = "GATE_EMPTY" }
`)
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	codextest.Turn(t, home, []string{"GATE_USER=me"})
	r := gateway.Turns()[0]
	got := []string{r.Query["version"][0], r.Header.Get("X-Team"), r.Header.Get("X-User"), r.Header.Get("X-Empty")}
	if diff := cmp.Diff([]string{"2", "a", "me", ""}, got); diff != "" {
		t.Errorf("what Codex sent (-want +got):\n%s", diff)
	}
}

// TestHostHeader has the real Codex send a Host of the provider's own headers.
func TestHostHeader(t *testing.T) {
	gateway := codextest.NewGateway(t)
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL)+"http_headers = { Host = \"other.test\" }\n")
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	codextest.Turn(t, home, nil)
	if got := gateway.Turns()[0].Host; got != "other.test" {
		t.Errorf("Codex sent Host %q", got)
	}
}
