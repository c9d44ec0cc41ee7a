package vault_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

// What the open server cannot answer, in the form that its documentation gives.

func TestNamespaceIsSent(t *testing.T) {
	var asked []string
	key := newKey()
	w, c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("X-Vault-Namespace")+" "+r.URL.Path+" "+r.Header.Get("X-Vault-Token"))
		if strings.HasSuffix(r.URL.Path, "/sys/health") {
			io.WriteString(w, `{"initialized":true,"sealed":false,"version":"1.20.0+ent","enterprise":true}`)
			return
		}
		io.WriteString(w, `{"data":{"data":{"api_key":"`+key+`"},"metadata":{"version":1}}}`)
	})
	c.Namespace = "/team-a/ci/"
	w.want(c, key, "1")
	want := []string{" /v1/sys/health ", "team-a/ci /v1/secret/data/codex " + w.env["VAULT_TOKEN"]}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("Vault was asked (-want +got):\n%s", diff)
	}
}

func TestLoginAnswers(t *testing.T) {
	for name, answer := range map[string]string{
		"login_second_factor": `{"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"d0c9eec7","mfa_constraints":{}}}}`,
		"login_without_token": `{"auth":{"client_token":""}}`,
		"login_without_auth":  `{"data":{"keys":["x"]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			w, c := hostile(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) })
			w.env["PASSWORD"] = newPassword()
			c.Auth = vault.Auth{Method: vault.MethodUserpass, Username: "ada", Password: vault.Parameter{Env: "PASSWORD"}}
			w.wantError(name, c, c.Address, "https://vault.example:8200")
		})
	}
}

// Something that ends TLS in front of Vault takes the client certificate away.
func TestCertThatDoesNotArrive(t *testing.T) {
	s := server(t)
	l := enable(t, s, "cert", "cert")
	devices := vaulttest.NewAuthority(t, "devices")
	l.write(t, "certs/codex", obj{"certificate": string(devices.PEM)})
	l.config.ClientCert, l.config.ClientKey = devices.Issue(t, "laptop-7")
	l.wantError(t, "cert_not_arrived", func(*vault.Config) {})
}

// A login that is asked for with a token at hand, or by an agent that adds one, is
// not found instead of forbidden.
func TestLoginNotFound(t *testing.T) {
	w, c := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, `{"errors":["no handler for route \"auth/nowhere/login\". route entry not found."]}`)
	})
	w.env["SECRET_ID"] = newPassword()
	c.Auth = vault.Auth{Method: vault.MethodAppRole, Mount: "nowhere", RoleID: "laptops", SecretID: vault.Parameter{Env: "SECRET_ID"}}
	w.wantError("login_not_found", c, c.Address, "https://vault.example:8200")
}
