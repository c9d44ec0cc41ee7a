package vault_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources/vault"
)

func TestRef(t *testing.T) {
	for want, c := range map[string]vault.Config{
		"vault:secret/codex#api_key":     {Path: "codex"},
		"vault:team/kv/codex/prod#token": {Mount: "team/kv", Path: "codex/prod", Field: "token"},
	} {
		if got := c.Ref(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		c.Address = "https://vault.example:8200"
		client, err := vault.New(c, newWorld(t).vault())
		if err != nil || client.Ref() != want {
			t.Errorf("a client: error %v, want %q", err, want)
		}
	}
}

func TestSingleUse(t *testing.T) {
	plain := vault.Config{Auth: vault.Auth{SecretID: vault.Parameter{Env: "A"}}}
	wrapped := vault.Config{Auth: vault.Auth{SecretID: vault.Parameter{Env: "A", Wrapped: true}}}
	if plain.SingleUse() || !wrapped.SingleUse() {
		t.Errorf("plain %v, wrapped %v", plain.SingleUse(), wrapped.SingleUse())
	}
}

// What cannot be right is refused before anything is read or sent.
func TestConfigErrors(t *testing.T) {
	env := vault.Parameter{Env: "A"}
	for want, change := range map[string]func(*vault.Config){
		"no address of Vault":                            func(c *vault.Config) { c.Address = "" },
		"address is not a URL":                           func(c *vault.Config) { c.Address = "vault.example:8200" },
		"address is not an http://, https:// or unix://": func(c *vault.Config) { c.Address = "ftp://vault.example" },
		"unix:// URL with a host":                        func(c *vault.Config) { c.Address = "unix://run/vault.sock" },
		"address holds a user name":                      func(c *vault.Config) { c.Address = "https://ada:" + newPassword() + "@vault.example" },
		"address has a query or a fragment":              func(c *vault.Config) { c.Address = "https://vault.example?token=" + newPassword() },
		"address goes on after the host":                 func(c *vault.Config) { c.Address = "https://vault.example/v1" },
		"path is missing":                                func(c *vault.Config) { c.Path = "" },
		`path "../sys/seal" has an empty`:                func(c *vault.Config) { c.Path = "../sys/seal" },
		`path "a/./b" has an empty`:                      func(c *vault.Config) { c.Path = "a/./b" },
		`path "a//b" has an empty`:                       func(c *vault.Config) { c.Path = "a//b" },
		`mount "secret/.." has an empty`:                 func(c *vault.Config) { c.Mount = "secret/.." },
		`namespace ".." has an empty`:                    func(c *vault.Config) { c.Namespace = ".." },
		"path has a control character":                   func(c *vault.Config) { c.Path = "a\nb" },
		"path has a control character or a b":            func(c *vault.Config) { c.Path = `a\..\b` },
		"auth.mount has a control character":             func(c *vault.Config) { c.Auth.Mount = "a\x00" },
		"engine is none of":                              func(c *vault.Config) { c.Engine = "kv3" },
		"version is negative":                            func(c *vault.Config) { c.Version = -1 },
		"engine kv1 has none":                            func(c *vault.Config) { c.Version = 1; c.Engine = vault.EngineKV1 },
		"timeout is not between":                         func(c *vault.Config) { c.Timeout = -1 },
		"client_cert and client_key go together":         func(c *vault.Config) { c.ClientKey = "/k" },
		"auth.method is none of":                         func(c *vault.Config) { c.Auth.Method = "oidc" },
		"approle needs auth.role_id":                     func(c *vault.Config) { c.Auth.Method = vault.MethodAppRole },
		"jwt needs auth.jwt":                             func(c *vault.Config) { c.Auth.Method = vault.MethodJWT },
		"kubernetes needs auth.role":                     func(c *vault.Config) { c.Auth.Method = vault.MethodKubernetes },
		"userpass needs auth.username":                   func(c *vault.Config) { c.Auth.Method = vault.MethodUserpass },
		"ldap needs auth.password":                       func(c *vault.Config) { c.Auth = vault.Auth{Method: vault.MethodLDAP, Username: "ada"} },
		"cert needs client_cert":                         func(c *vault.Config) { c.Auth.Method = vault.MethodCert },
		"auth.username has a /": func(c *vault.Config) {
			c.Auth = vault.Auth{Method: vault.MethodUserpass, Username: "../../sys/seal", Password: env}
		},
		"exactly one of env and file":                func(c *vault.Config) { c.Auth.Token = vault.Parameter{Env: "A", File: "b"} },
		"auth.token cannot come from github_actions": func(c *vault.Config) { c.Auth.Token.GitHubActions = true },
		"auth.password cannot be wrapped":            func(c *vault.Config) { c.Auth.Password = vault.Parameter{Env: "A", Wrapped: true} },
	} {
		t.Run(want, func(t *testing.T) {
			w := newWorld(t)
			c := vault.Config{Address: "https://vault.example:8200", Path: "codex"}
			change(&c)
			_, err := vault.New(c, w.vault())
			var e *vault.Error
			if !errors.As(err, &e) || e.Kind != vault.KindConfig || !strings.Contains(e.Message, want) || e.Hint == "" {
				t.Errorf("got %+v, want %q and a hint", err, want)
			}
			w.noSecrets(err)
		})
	}
}

func TestCredentialErrors(t *testing.T) {
	w := newWorld(t)
	c := vault.Config{Address: "https://vault.example:8200", Path: "codex"}
	w.wantError("token_missing", c)
	w.env["VAULT_TOKEN"] = newPassword() + "\nsecond line"
	w.wantError("credential_two_lines", c)
	w.env["VAULT_TOKEN"] = strings.Repeat("x", 1<<17)
	w.wantError("credential_long", c)
	w.env["VAULT_TOKEN"] = ""
	w.file(".vault-token", "\n")
	w.wantError("credential_empty", c, w.home, "/home/ada")
}
