package vault_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

// login is a login method, set up on the server at auth/MOUNT with the role or
// the user "codex", whose token may read one secret.
type login struct {
	s      *vaulttest.Server
	w      *world
	config vault.Config
	key    string // the secret
}

// enable enables a method at a mount of its own and writes the secret that it leads to.
func enable(t *testing.T, s *vaulttest.Server, method, mount string) *login {
	t.Helper()
	l := &login{s: s, w: newWorld(t), key: newKey()}
	l.config = vault.Config{
		Address: s.Address, Path: mount,
		Auth: vault.Auth{Method: vault.Method(method), Mount: mount},
	}
	s.Do(t, http.MethodPost, "sys/auth/"+mount, obj{"type": method})
	s.Do(t, http.MethodPut, "sys/policies/acl/"+mount, obj{
		"policy": `path "secret/data/` + mount + `" { capabilities = ["read"] }`,
	})
	put(t, s, "secret/data/"+mount, obj{"api_key": l.key})
	return l
}

// write writes below auth/MOUNT, with the policy of the secret.
func (l *login) write(t *testing.T, path string, fields obj) {
	t.Helper()
	body := obj{"token_policies": []string{l.config.Auth.Mount}}
	for k, v := range fields {
		body[k] = v
	}
	l.s.Do(t, http.MethodPost, "auth/"+l.config.Auth.Mount+"/"+path, body)
}

// wantError is the world's, with the config changed.
func (l *login) wantError(t *testing.T, name string, change func(*vault.Config), pairs ...string) {
	t.Helper()
	w := *l.w
	w.t = t
	c := l.config
	change(&c)
	w.wantError(name, c, append([]string{l.s.Address, "https://vault.example:8200"}, pairs...)...)
}

func approle(t *testing.T, s *vaulttest.Server, mount string) *login {
	t.Helper()
	l := enable(t, s, "approle", mount)
	l.write(t, "role/codex", nil)
	l.s.Do(t, http.MethodPost, "auth/"+mount+"/role/codex/role-id", obj{"role_id": "codex-laptops-" + mount})
	l.config.Auth.RoleID = "codex-laptops-" + mount
	l.w.env["SECRET_ID"] = l.newSecretID(t, nil)
	l.config.Auth.SecretID.Env = "SECRET_ID"
	return l
}

func (l *login) newSecretID(t *testing.T, fields obj) string {
	t.Helper()
	data := l.s.Do(t, http.MethodPost, "auth/"+l.config.Auth.Mount+"/role/codex/secret-id", fields)["data"].(obj)
	return data["secret_id"].(string)
}

func TestAppRole(t *testing.T) {
	l := approle(t, server(t), "approle")
	l.config.Auth.Mount = "" // the default
	l.w.want(l.config, l.key, "1")
	l.config.Auth.SecretID = vault.Parameter{File: l.w.file("secret-id", l.w.env["SECRET_ID"]+"\r\n")}
	l.w.want(l.config, l.key, "1")
}

func TestAppRoleWithoutSecretID(t *testing.T) {
	l := approle(t, server(t), "approle-open")
	l.write(t, "role/codex", obj{"bind_secret_id": false, "token_bound_cidrs": []string{"127.0.0.0/8"}})
	l.config.Auth.SecretID = vault.Parameter{}
	l.w.want(l.config, l.key, "1")
}

func TestAppRoleErrors(t *testing.T) {
	l := approle(t, server(t), "approle-errors")
	once := l.newSecretID(t, obj{"num_uses": 1})
	l.w.env["SPENT"] = once
	l.w.env["WRONG"] = newPassword()
	l.w.env["WRAPS"] = "hvs." + newPassword()
	l.w.env["QUOTED"] = `"` + l.newSecretID(t, nil) + `"`
	l.w.env["NAMED"] = "SECRET_ID=" + l.newSecretID(t, nil)
	spent := l.config
	spent.Auth.SecretID.Env = "SPENT"
	l.w.want(spent, l.key, "1")
	for name, change := range map[string]func(*vault.Config){
		"approle_secret_id_spent":   func(c *vault.Config) { *c = spent },
		"approle_secret_id_wrong":   func(c *vault.Config) { c.Auth.SecretID.Env = "WRONG" },
		"approle_secret_id_missing": func(c *vault.Config) { c.Auth.SecretID = vault.Parameter{} },
		"approle_secret_id_wraps":   func(c *vault.Config) { c.Auth.SecretID.Env = "WRAPS" },
		"approle_secret_id_quoted":  func(c *vault.Config) { c.Auth.SecretID.Env = "QUOTED" },
		"approle_secret_id_named":   func(c *vault.Config) { c.Auth.SecretID.Env = "NAMED" },
		"approle_role_id_wrong":     func(c *vault.Config) { c.Auth.RoleID = "nobody" },
		"approle_no_mount":          func(c *vault.Config) { c.Auth.Mount = "nowhere" },
		"credential_env_missing":    func(c *vault.Config) { c.Auth.SecretID.Env = "NOT_SET" },
		"credential_file_missing": func(c *vault.Config) {
			c.Auth.SecretID = vault.Parameter{File: "/etc/codexform/none"}
		},
	} {
		t.Run(name, func(t *testing.T) { l.wantError(t, name, change) })
	}
}

func TestWrappedSecretID(t *testing.T) {
	s := server(t)
	l := approle(t, s, "approle-wrapped")
	wrap := func(path string, body any) vault.Parameter {
		return vault.Parameter{File: l.w.file("wrapped", s.Wrap(t, http.MethodPost, path, body)), Wrapped: true}
	}
	ours := "auth/approle-wrapped/role/codex/secret-id"
	l.config.Auth.SecretID = wrap(ours, obj{"num_uses": 1})
	l.w.want(l.config, l.key, "1")
	l.wantError(t, "wrapped_spent", func(*vault.Config) {})

	l.config.Auth.SecretID = wrap(ours, nil)
	l.config.Auth.Role = "codex"
	l.w.want(l.config, l.key, "1")

	put(t, s, "secret/data/bait", obj{"secret_id": newPassword()})
	for name, arrange := range map[string]func(c *vault.Config){
		"wrapped_elsewhere":     func(c *vault.Config) { c.Auth.SecretID = wrapGet(t, l, "secret/data/bait") },
		"wrapped_of_other_role": func(c *vault.Config) { c.Auth.SecretID = wrap(ours, nil); c.Auth.Role = "admins" },
		"wrapped_not_wrapped": func(c *vault.Config) {
			c.Auth.SecretID = vault.Parameter{File: l.w.file("plain", l.w.env["SECRET_ID"]), Wrapped: true}
		},
	} {
		t.Run(name, func(t *testing.T) { l.wantError(t, name, arrange) })
	}
}

// wrapGet wraps what a path answers: what somebody would slip in.
func wrapGet(t *testing.T, l *login, path string) vault.Parameter {
	return vault.Parameter{File: l.w.file("bait", l.s.Wrap(t, http.MethodGet, path, nil)), Wrapped: true}
}

// A wrapping token that is made elsewhere is looked at, not opened: whoever finds
// out can still look into it.
func TestForeignWrapStaysClosed(t *testing.T) {
	s := server(t)
	l := approle(t, s, "approle-closed")
	put(t, s, "secret/data/evidence", obj{"secret_id": newPassword()})
	p := wrapGet(t, l, "secret/data/evidence")
	l.config.Auth.SecretID = p
	if got := l.w.fetch(l.config); got.err == nil {
		t.Fatal("a wrapping token of another path is taken")
	}
	raw, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := s.Ask(t, string(raw), http.MethodPost, "sys/wrapping/unwrap", nil, nil); status != http.StatusOK {
		t.Errorf("opening it afterwards: %d, want 200", status)
	}
}

func TestWrappedToken(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	key := newKey()
	put(t, s, "secret/data/codex-wrapped", obj{"api_key": key})
	s.Policy(t, "wrapped", `path "secret/data/codex-wrapped" { capabilities = ["read"] }`, nil)
	c.Path = "codex-wrapped"
	c.Auth.Token = vault.Parameter{Env: "WRAPPED", Wrapped: true}
	w.env["WRAPPED"] = s.Wrap(t, http.MethodPost, "auth/token/create", obj{"policies": []string{"wrapped"}})
	w.want(c, key, "1")
	w.wantError("wrapped_token_spent", c, s.Address, "https://vault.example:8200")
	w.env["WRAPPED"] = s.Wrap(t, http.MethodGet, "secret/data/codex-wrapped", nil)
	w.wantError("wrapped_token_elsewhere", c, s.Address, "https://vault.example:8200")
	for _, more := range []obj{nil, {"no_default_policy": true}} { // one that may look itself up, and one that may not
		w.env["WRAPPED"] = s.Policy(t, "plain", `path "secret/data/codex-wrapped" { capabilities = ["read"] }`, more)
		w.wantError("wrapped_token_plain", c, s.Address, "https://vault.example:8200")
	}
}

// What surrounds a credential where people keep it does not count, and what is no
// credential is named before it is sent.
func TestAroundACredential(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	put(t, s, "secret/data/around", obj{"api_key": newKey()})
	c.Path = "around"
	c.Auth.Token = vault.Parameter{Env: "AROUND"}
	for _, around := range []string{"%s\n", "%s\r\n", "%s\n\n", " %s", "%s \t\n"} {
		w.env["AROUND"] = fmt.Sprintf(around, s.RootToken)
		if got := w.fetch(c); got.err != nil {
			t.Errorf("%q: %v", around, got.err)
		}
	}
	for around, want := range map[string]string{"\"%s\"": "quotes", "'%s'": "quotes", "\ufeff%s": "byte order mark", "{\"token\":\"%s\"}": "JSON", " \n%.0s": "empty"} {
		w.env["AROUND"] = fmt.Sprintf(around, s.RootToken)
		if got := w.fetch(c); got.err == nil || !strings.Contains(got.err.Error(), want) {
			t.Errorf("%q: %v, want %s", around, got.err, want)
		}
	}
}

func TestUserpass(t *testing.T) {
	s := server(t)
	l := enable(t, s, "userpass", "userpass")
	l.w.env["PASSWORD"], l.w.env["WRONG"] = newPassword(), newPassword()
	l.write(t, "users/ada", obj{"password": l.w.env["PASSWORD"]})
	l.config.Auth.Username, l.config.Auth.Password.Env = "ada", "PASSWORD"
	l.w.want(l.config, l.key, "1")
	l.wantError(t, "userpass_wrong", func(c *vault.Config) { c.Auth.Password.Env = "WRONG" })
	l.wantError(t, "userpass_unknown", func(c *vault.Config) { c.Auth.Username = "eve" })

	wrong := l.config
	wrong.Auth.Password.Env = "WRONG"
	for range 6 {
		l.w.fetch(wrong)
	}
	l.wantError(t, "userpass_locked", func(*vault.Config) {})
}

func TestLDAP(t *testing.T) {
	s := server(t)
	l := enable(t, s, "ldap", "ldap")
	l.w.env["PASSWORD"], l.w.env["WRONG"] = newPassword(), newPassword()
	d := vaulttest.NewDirectory(t, map[string]string{"cn=ada,ou=people,dc=example": l.w.env["PASSWORD"]})
	l.write(t, "config", obj{"url": "ldap://" + d.Address, "userdn": "ou=people,dc=example", "userattr": "cn"})
	l.config.Auth.Username, l.config.Auth.Password.Env = "ada", "PASSWORD"
	l.w.want(l.config, l.key, "1")
	l.wantError(t, "ldap_wrong", func(c *vault.Config) { c.Auth.Password.Env = "WRONG" })
	l.wantError(t, "ldap_unknown", func(c *vault.Config) { c.Auth.Username = "eve" })
}

func TestCert(t *testing.T) {
	servers, devices, strangers := vaulttest.NewAuthority(t, "servers"), vaulttest.NewAuthority(t, "devices"), vaulttest.NewAuthority(t, "strangers")
	s := servers.StartTLS(t, "-root-token", newPassword())
	l := enable(t, s, "cert", "cert")
	l.write(t, "certs/codex", obj{"certificate": string(devices.PEM), "allowed_common_names": []string{"laptop-7"}})
	l.config.CACert = servers.File
	l.config.ClientCert, l.config.ClientKey = devices.Issue(t, "laptop-7")
	l.w.want(l.config, l.key, "1")
	l.config.Auth.Role = "codex"
	l.w.want(l.config, l.key, "1")
	for name, change := range map[string]func(*vault.Config){
		"cert_other_name": func(c *vault.Config) { c.ClientCert, c.ClientKey = devices.Issue(t, "laptop-8") },
		"cert_stranger":   func(c *vault.Config) { c.ClientCert, c.ClientKey = strangers.Issue(t, "laptop-7") },
		"cert_no_role":    func(c *vault.Config) { c.Auth.Role = "none" },
	} {
		t.Run(name, func(t *testing.T) { l.wantError(t, name, change) })
	}
}

func TestKubernetes(t *testing.T) {
	s := server(t)
	l := enable(t, s, "kubernetes", "kubernetes")
	issuer := vaulttest.NewIssuer(t)
	pod := func(namespace, account string) string {
		return issuer.Sign(obj{"kubernetes.io": obj{
			"namespace":      namespace,
			"serviceaccount": obj{"name": account, "uid": "1"},
		}})
	}
	mine, other, away, unknown := pod("ci", "codex"), pod("ci", "other"), pod("prod", "codex"), pod("ci", "codex")
	api := vaulttest.NewKubernetes(t, map[string]string{mine: "ci:codex", other: "ci:other", away: "prod:codex"})
	l.write(t, "config", obj{
		"kubernetes_host": api, "kubernetes_ca_cert": string(vaulttest.NewAuthority(t, "cluster").PEM),
		"disable_local_ca_jwt": true, "token_reviewer_jwt": mine, "disable_iss_validation": true,
	})
	l.write(t, "role/codex", obj{"bound_service_account_names": []string{"codex"}, "bound_service_account_namespaces": []string{"ci"}})
	l.config.Auth.Role = "codex"
	l.config.Auth.JWT.File = l.w.file("token", mine)
	l.w.want(l.config, l.key, "1")
	for name, arrange := range map[string]func(*vault.Config){
		"kubernetes_other_account":   func(c *vault.Config) { c.Auth.JWT.File = l.w.file("t1", other) },
		"kubernetes_other_namespace": func(c *vault.Config) { c.Auth.JWT.File = l.w.file("t2", away) },
		"kubernetes_not_reviewed":    func(c *vault.Config) { c.Auth.JWT.File = l.w.file("t3", unknown) },
		"kubernetes_no_role":         func(c *vault.Config) { c.Auth.Role = "none" },
		"kubernetes_no_pod":          func(c *vault.Config) { c.Auth.JWT = vault.Parameter{} },
	} {
		t.Run(name, func(t *testing.T) { l.wantError(t, name, arrange) })
	}
}

// jwtLogin is a login for identity tokens of an issuer, found by discovery.
func jwtLogin(t *testing.T, s *vaulttest.Server, mount string, issuer *vaulttest.Issuer) *login {
	l := enable(t, s, "jwt", mount)
	l.write(t, "config", obj{"oidc_discovery_url": issuer.URL, "bound_issuer": issuer.URL})
	l.write(t, "role/codex", obj{
		"role_type": "jwt", "user_claim": "sub", "bound_audiences": []string{"codexform"},
		"bound_claims": obj{"repository": "acme/laptops", "ref": "refs/heads/main"},
	})
	l.config.Auth.Role = "codex"
	return l
}

func TestJWT(t *testing.T) {
	s := server(t)
	issuer, stranger := vaulttest.NewIssuer(t), vaulttest.NewIssuer(t)
	l := jwtLogin(t, s, "jwt", issuer)
	good := obj{"aud": "codexform", "repository": "acme/laptops", "ref": "refs/heads/main"}
	l.w.env["ID_TOKEN"] = issuer.Sign(good)
	l.config.Auth.JWT.Env = "ID_TOKEN"
	l.w.want(l.config, l.key, "1")

	with := func(claim string, value any) string {
		claims := obj{}
		for k, v := range good {
			claims[k] = v
		}
		claims[claim] = value
		return issuer.Sign(claims)
	}
	past, future := time.Now().Add(-time.Hour).Unix(), time.Now().Add(time.Hour).Unix()
	for name, token := range map[string]string{
		"jwt_other_audience": with("aud", "another"),
		"jwt_other_issuer":   with("iss", "https://elsewhere.example"),
		"jwt_expired":        with("exp", past),
		"jwt_not_yet":        with("nbf", future),
		"jwt_other_key":      stranger.Sign(obj{"iss": issuer.URL, "aud": "codexform"}),
		"jwt_other_claim":    with("repository", "eve/laptops"),
		"jwt_claim_missing":  with("ref", nil),
		"jwt_no_jwt":         newPassword(),
	} {
		t.Run(name, func(t *testing.T) {
			l.w.env["ID_TOKEN"] = token
			l.wantError(t, name, func(*vault.Config) {})
		})
	}
	l.w.env["ID_TOKEN"] = issuer.Sign(good)
	l.wantError(t, "jwt_no_role", func(c *vault.Config) { c.Auth.Role = "none" })
	l.wantError(t, "jwt_role_missing", func(c *vault.Config) { c.Auth.Role = "" })
}

func TestGitHubActions(t *testing.T) {
	s := server(t)
	issuer := vaulttest.NewIssuer(t)
	l := jwtLogin(t, s, "jwt-github", issuer)
	l.config.Auth.JWT = vault.Parameter{GitHubActions: true, Audience: "codexform"}
	l.wantError(t, "github_no_permission", func(*vault.Config) {})

	l.w.env["ACTIONS_ID_TOKEN_REQUEST_URL"] = issuer.RunnerURL()
	l.w.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = issuer.Bearer
	issuer.Claims = obj{"repository": "acme/laptops", "ref": "refs/heads/main"}
	l.w.want(l.config, l.key, "1")

	issuer.Claims = obj{"repository": "eve/laptops", "ref": "refs/heads/main"}
	l.wantError(t, "github_fork", func(*vault.Config) {})
	issuer.Claims = obj{"repository": "acme/laptops", "ref": "refs/pull/7/merge"}
	l.wantError(t, "github_other_branch", func(*vault.Config) {})
	l.w.env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = newPassword()
	l.wantError(t, "github_refused", func(*vault.Config) {}, issuer.URL, "https://runner.example")
	l.w.env["ACTIONS_ID_TOKEN_REQUEST_URL"] = "http://192.0.2.1/token"
	l.wantError(t, "github_insecure", func(*vault.Config) {})
}

func TestLoginWithBatchToken(t *testing.T) {
	l := approle(t, server(t), "approle-batch")
	l.write(t, "role/codex", obj{"token_type": "batch"})
	l.w.want(l.config, l.key, "1") // and closing does not complain
}

// One login serves every read of a run; its token is gone afterwards.
func TestOneLoginServesManyReads(t *testing.T) {
	s := server(t)
	l := approle(t, s, "approle-many")
	l.w.env["SECRET_ID"] = l.newSecretID(t, obj{"num_uses": 1})
	session := vault.NewSession(l.w.vault())
	for _, field := range []string{"api_key", "", "none"} {
		c := l.config
		c.Field = field
		client, err := session.Client(c)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = client.Fetch(t.Context())
		if ok := err == nil; ok != (field != "none") {
			t.Errorf("field %q: %v", field, err)
		}
	}
	if err := session.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if left := accessors(t, s, l); len(left) != 0 {
		t.Errorf("%d tokens of the login are left", len(left))
	}
}

// accessors are the live tokens that a login made.
func accessors(t *testing.T, s *vaulttest.Server, l *login) (left []string) {
	keys := s.Do(t, "LIST", "auth/token/accessors", nil)["data"].(obj)["keys"].([]any)
	for _, k := range keys {
		status, answer := s.Ask(t, s.RootToken, http.MethodPost, "auth/token/lookup-accessor", obj{"accessor": k}, nil)
		if status != http.StatusOK {
			continue
		}
		path, _ := answer["data"].(obj)["path"].(string)
		if strings.HasPrefix(path, "auth/"+l.config.Auth.Mount+"/") {
			left = append(left, k.(string))
		}
	}
	return left
}
