package loopback_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
	"github.com/google/go-cmp/cmp"
)

const canary = "sk-loopback-canary-0123456789"

func start(t *testing.T, c loopback.Config) *loopback.Gateway {
	t.Helper()
	g, err := loopback.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func key(s string) plan.Secret { return plan.NewSecret([]byte(s)) }

func serving(models ...string) loopback.Config {
	return loopback.Config{Keys: []plan.Secret{key(canary)}, Models: models}
}

// list asks once: no pauses between tries.
func list(g *loopback.Gateway, secret plan.Secret, models ...string) gateway.Answer {
	return new(gateway.Client).List(context.Background(),
		gateway.Request{BaseURL: g.URL(), Key: secret, Models: models, Attempts: 1})
}

func TestRoutes(t *testing.T) {
	g := start(t, serving("gpt-5.4"))
	tests := []struct {
		method, path, authorization string
		status                      int
		key                         loopback.KeyState
	}{
		{"GET", "/v1/models", "Bearer " + canary, 200, loopback.RightKey},
		{"POST", "/v1/responses", "Bearer " + canary, 200, loopback.RightKey},
		{"GET", "/v1/models", "Bearer " + canary + "x", 401, loopback.WrongKey},
		{"GET", "/v1/models", canary, 401, loopback.WrongKey},
		{"GET", "/v1/models", "", 401, loopback.NoKey},
		{"POST", "/v1/responses", "", 401, loopback.NoKey},
		{"GET", "/models", "Bearer " + canary, 404, loopback.RightKey},
		{"POST", "/responses", "Bearer " + canary, 404, loopback.RightKey},
		{"POST", "/v1/models", "Bearer " + canary, 404, loopback.RightKey},
	}
	var want []loopback.Request
	for _, tt := range tests {
		r, err := http.NewRequest(tt.method, g.Origin()+tt.path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if tt.authorization != "" {
			r.Header.Set("Authorization", tt.authorization)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != tt.status {
			t.Errorf("%s %s with %q: got %d, %v; want %d", tt.method, tt.path, tt.authorization, resp.StatusCode, err, tt.status)
		}
		if tt.status >= 400 && !json.Valid(body) {
			t.Errorf("%s %s: the error is not JSON: %q", tt.method, tt.path, body)
		}
		want = append(want, loopback.Request{Method: tt.method, Path: tt.path, Key: tt.key, Status: tt.status})
	}
	if diff := cmp.Diff(want, g.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestSwitches(t *testing.T) {
	g := start(t, serving("gpt-5.4", "gpt-5.4-mini"))
	ask := func(want gateway.Class, what string) {
		t.Helper()
		if a := list(g, key(canary), "gpt-5.4"); a.Class != want {
			t.Errorf("%s: got %s (%s), want %s", what, a.Class, a.Detail, want)
		}
	}
	ask(gateway.OK, "healthy")
	for fault, want := range map[loopback.Fault]gateway.Class{
		loopback.Portal: gateway.NotAModelList, loopback.Unavailable: gateway.GatewayError,
		loopback.RateLimited: gateway.RateLimited, loopback.Elsewhere: gateway.Redirected,
	} {
		g.SetFault(fault)
		ask(want, string(fault))
	}
	g.SetFault(loopback.Healthy)
	g.SetModels("gpt-5.5")
	ask(gateway.ModelMissing, "other models")
	g.SetModels("gpt-5.4")
	g.Revoke(key(canary))
	ask(gateway.Unauthorized, "revoked")
	g.Accept(key(canary))
	g.RevokeAfter(2)
	ask(gateway.OK, "first of two")
	ask(gateway.OK, "second of two")
	ask(gateway.Unauthorized, "after two")
	g.Close()
	g.Close()
	ask(gateway.ConnRefused, "closed")
}

func TestTLS(t *testing.T) {
	c := serving("gpt-5.4")
	c.TLS = true
	g := start(t, c)
	if a := list(g, key(canary), "gpt-5.4"); a.Class != gateway.TLSError {
		t.Errorf("with an unknown authority: got %s, want %s", a.Class, gateway.TLSError)
	}
	if n := len(g.Requests()); n != 0 {
		t.Errorf("the gateway saw %d requests over an untrusted connection", n)
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, g.CA(), 0o600); err != nil {
		t.Fatal(err)
	}
	var client gateway.Client
	client.Getenv = func(name string) (string, bool) {
		if name == "SSL_CERT_FILE" {
			return ca, true
		}
		return "", false
	}
	a := client.List(t.Context(), gateway.Request{BaseURL: g.URL(), Key: key(canary), Models: []string{"gpt-5.4"}})
	if !a.OK() {
		t.Errorf("with SSL_CERT_FILE: got %s (%s)", a.Class, a.Detail)
	}
}

// A gateway that is printed by mistake shows no key, and no plain digest finds its
// way out through its exported methods.
func TestGatewayHidesKeys(t *testing.T) {
	g := start(t, serving("gpt-5.4"))
	list(g, key(canary), "gpt-5.4")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, g); strings.Contains(text, canary) {
			t.Errorf("%s shows the key", verb)
		}
		if text := fmt.Sprintf(verb, g.Requests()); strings.Contains(text, canary) {
			t.Errorf("%s of the requests shows the key", verb)
		}
	}
}
