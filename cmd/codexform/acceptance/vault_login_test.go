package acceptance

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources/vaulttest"
)

type obj = map[string]any

// vault is a real Vault with TLS, the key at secret/codex, a policy that may read
// it, and an audit log.
type vault struct {
	*vaulttest.Server
	servers, devices *vaulttest.Authority
	issuer           *vaulttest.Issuer
	audit            *vaulttest.Audit
}

func newVault(t *testing.T) *vault {
	v := &vault{servers: vaulttest.NewAuthority(t, "servers"), devices: vaulttest.NewAuthority(t, "devices"), issuer: vaulttest.NewIssuer(t)}
	v.Server = v.servers.StartTLS(t)
	v.write(t, turnKey)
	v.Do(t, http.MethodPut, "sys/policies/acl/codex", obj{"policy": `path "secret/data/codex" { capabilities = ["read"] }`})
	v.audit = v.Audit(t)
	return v
}

// write writes the key, as a new version.
func (v *vault) write(t *testing.T, key string) {
	v.Do(t, http.MethodPost, "secret/data/codex", obj{"data": obj{"api_key": key}})
}

// login is one way in: what a policy says of it, and what has to be set.
type login struct {
	lines string // below secret.vault
	env   []string
	asks  []string // of Vault, before the read
}

// secret is the secret of a policy.
func (v *vault) secret(l login, lines ...string) string {
	lines = append([]string{"address: " + v.Address, "ca_cert: " + v.servers.File, "path: codex", l.lines}, lines...)
	return "secret:\n  vault:\n    " + strings.Join(lines, "\n    ") + "\n"
}

const testPassword = "a-password-0123456789"

// logins sets up every login, each at its default mount.
func (v *vault) logins(t *testing.T) map[string]login {
	t.Helper()
	for _, method := range []string{"approle", "userpass", "ldap", "cert", "jwt", "kubernetes"} {
		v.Do(t, http.MethodPost, "sys/auth/"+method, obj{"type": method})
	}
	github := v.jwt(t)
	gitlab := v.issuer.Sign(obj{"aud": "codexform", "repository": "acme/laptops"})
	all := map[string]login{
		"approle": v.appRole(t), "wrapped": v.wrapped(t), "userpass": v.userpass(t), "ldap": v.ldap(t),
		"cert": v.cert(t), "kubernetes": v.kubernetes(t),
		"github": github,
		"gitlab": {
			lines: "auth: {method: jwt, role: codex, jwt: {env: ID_TOKEN}}", env: []string{"ID_TOKEN=" + gitlab},
			asks: github.asks,
		},
		"handed-over token": {
			lines: "auth: {token: {env: WRAPPED, wrapped: true}}",
			env:   []string{"WRAPPED=" + v.Wrap(t, http.MethodPost, "auth/token/create", obj{"policies": []string{"codex"}})},
			asks:  []string{"update sys/wrapping/lookup", "update sys/wrapping/unwrap"},
		},
	}
	return all
}

// set writes below auth/ with the policy.
func (v *vault) set(t *testing.T, path string, fields obj) {
	body := obj{"token_policies": []string{"codex"}}
	for k, f := range fields {
		body[k] = f
	}
	v.Do(t, http.MethodPost, "auth/"+path, body)
}

func (v *vault) appRole(t *testing.T) login {
	v.set(t, "approle/role/codex", nil)
	v.Do(t, http.MethodPost, "auth/approle/role/codex/role-id", obj{"role_id": "laptops"})
	id := v.Do(t, http.MethodPost, "auth/approle/role/codex/secret-id", nil)["data"].(obj)["secret_id"].(string)
	return login{
		lines: "auth: {method: approle, role_id: laptops, secret_id: {env: SECRET_ID}}",
		env:   []string{"SECRET_ID=" + id}, asks: []string{"update auth/approle/login"},
	}
}

// wrapped needs appRole before it.
func (v *vault) wrapped(t *testing.T) login {
	file := filepath.Join(t.TempDir(), "secret-id")
	token := v.Wrap(t, http.MethodPost, "auth/approle/role/codex/secret-id", nil)
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return login{
		lines: "auth: {method: approle, role_id: laptops, role: codex, secret_id: {file: " + file + ", wrapped: true}}",
		asks:  []string{"update sys/wrapping/lookup", "update sys/wrapping/unwrap", "update auth/approle/login"},
	}
}

func (v *vault) userpass(t *testing.T) login {
	v.set(t, "userpass/users/ada", obj{"password": testPassword})
	return login{
		lines: "auth: {method: userpass, username: ada, password: {env: PASSWORD}}",
		env:   []string{"PASSWORD=" + testPassword}, asks: []string{"update auth/userpass/login/ada"},
	}
}

func (v *vault) ldap(t *testing.T) login {
	d := vaulttest.NewDirectory(t, map[string]string{"cn=ada,ou=people,dc=example": testPassword})
	v.set(t, "ldap/config", obj{"url": "ldap://" + d.Address, "userdn": "ou=people,dc=example", "userattr": "cn"})
	return login{
		lines: "auth: {method: ldap, username: ada, password: {env: PASSWORD}}",
		env:   []string{"PASSWORD=" + testPassword}, asks: []string{"update auth/ldap/login/ada"},
	}
}

func (v *vault) cert(t *testing.T) login {
	v.set(t, "cert/certs/codex", obj{"certificate": string(v.devices.PEM), "allowed_common_names": []string{"laptop-7"}})
	cert, key := v.devices.Issue(t, "laptop-7")
	return login{
		lines: "client_cert: " + cert + "\n    client_key: " + key + "\n    auth: {method: cert}",
		asks:  []string{"update auth/cert/login"},
	}
}

// jwt is a login for jobs of one repository.
func (v *vault) jwt(t *testing.T) login {
	v.set(t, "jwt/config", obj{"oidc_discovery_url": v.issuer.URL, "bound_issuer": v.issuer.URL})
	v.set(t, "jwt/role/codex", obj{
		"role_type": "jwt", "user_claim": "sub", "bound_audiences": []string{"codexform"},
		"bound_claims": obj{"repository": "acme/laptops"},
	})
	v.issuer.Claims = obj{"repository": "acme/laptops"}
	return login{
		lines: "auth: {method: jwt, role: codex, jwt: {github_actions: {audience: codexform}}}",
		env: []string{
			"ACTIONS_ID_TOKEN_REQUEST_URL=" + v.issuer.RunnerURL(),
			"ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + v.issuer.Bearer,
		},
		asks: []string{"update auth/jwt/login"},
	}
}

func (v *vault) kubernetes(t *testing.T) login {
	pod := v.issuer.Sign(obj{"kubernetes.io": obj{"namespace": "ci", "serviceaccount": obj{"name": "codex", "uid": "1"}}})
	api := vaulttest.NewKubernetes(t, map[string]string{pod: "ci:codex"})
	v.set(t, "kubernetes/config", obj{
		"kubernetes_host": api, "kubernetes_ca_cert": string(v.devices.PEM),
		"disable_local_ca_jwt": true, "token_reviewer_jwt": pod,
	})
	v.set(t, "kubernetes/role/codex", obj{"bound_service_account_names": []string{"codex"}, "bound_service_account_namespaces": []string{"ci"}})
	return login{
		lines: "auth: {method: kubernetes, role: codex, jwt: {env: POD_TOKEN}}",
		env:   []string{"POD_TOKEN=" + pod}, asks: []string{"update auth/kubernetes/login"},
	}
}
