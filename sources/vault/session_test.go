package vault_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

// wantAsked compares what Vault was asked since the last look.
func wantAsked(t *testing.T, a *vaulttest.Audit, what string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, a.Take(t)); diff != "" {
		t.Errorf("%s: Vault was asked (-want +got):\n%s", what, diff)
	}
}

// A run asks Vault what it has to ask, and nothing else.
func TestAuditLog(t *testing.T) {
	s := server(t)
	l := approle(t, s, "approle")
	mountKV1(t, s, "old")
	s.Do(t, http.MethodPost, "old/codex", obj{"api_key": l.key})
	s.Do(t, http.MethodPut, "sys/policies/acl/approle", obj{"policy": `
		path "secret/data/approle" { capabilities = ["read"] }
		path "old/codex" { capabilities = ["read"] }`})
	wrapped := s.Wrap(t, http.MethodPost, "auth/approle/role/codex/secret-id", nil)
	a := s.Audit(t)

	l.w.want(l.config, l.key, "1")
	wantAsked(t, a, "a read", "update auth/approle/login", "read secret/data/approle", "update auth/token/revoke-self")

	c := l.config
	c.Version = 1
	if v := c.PinnedVersion(); v != "1" {
		t.Errorf("PinnedVersion: got %q, want 1", v)
	}
	client, err := vault.New(c, l.w.vault())
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantAsked(t, a, "a client that fetched nothing")

	c = l.config
	c.Mount, c.Path = "old", "codex"
	l.w.want(c, l.key, "")
	wantAsked(t, a, "a KV version 1 to be found out", "update auth/approle/login", "read old/data/codex",
		"read sys/internal/ui/mounts/old/codex", "read old/codex", "update auth/token/revoke-self")
	c.Engine = vault.EngineKV1
	l.w.want(c, l.key, "")
	wantAsked(t, a, "a KV version 1", "update auth/approle/login", "read old/codex", "update auth/token/revoke-self")

	c = l.config
	c.Auth.SecretID = vault.Parameter{File: l.w.file("wrapped", wrapped), Wrapped: true}
	l.w.want(c, l.key, "1")
	wantAsked(t, a, "a wrapped secret-id", "update sys/wrapping/lookup", "update sys/wrapping/unwrap",
		"update auth/approle/login", "read secret/data/approle", "update auth/token/revoke-self")

	c = l.config
	c.Path = "forbidden"
	l.w.fetch(c)
	wantAsked(t, a, "a read that fails", "update auth/approle/login", "read secret/data/forbidden",
		"read sys/internal/ui/mounts/secret/forbidden", "update auth/token/revoke-self")

	w, c := asRoot(t, s)
	c.Path = "approle"
	w.want(c, l.key, "1")
	wantAsked(t, a, "a token that was given", "read secret/data/approle")
}

// Those who ask at once share one login.
func TestConcurrentReadsShareALogin(t *testing.T) {
	l := approle(t, server(t), "approle-at-once")
	l.w.env["SECRET_ID"] = l.newSecretID(t, obj{"num_uses": 1})
	session := vault.NewSession(l.w.vault())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			client, err := session.Client(l.config)
			if err != nil {
				t.Error(err)
				return
			}
			if _, _, err := client.Fetch(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := session.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// A login whose token is used up by the first read is made again for the second.
func TestLoginAgainWhenTheTokenIsUsedUp(t *testing.T) {
	l := approle(t, server(t), "approle-uses")
	l.write(t, "role/codex", obj{"token_num_uses": 1})
	session := vault.NewSession(l.w.vault())
	for range 2 {
		client, err := session.Client(l.config)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := client.Fetch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := session.Close(t.Context()); err != nil {
		t.Error("a token that is used up needs no revoking:", err)
	}
}

// A wrong password is sent once in a run: some directories lock a user out.
func TestRefusedLoginIsNotRepeated(t *testing.T) {
	s := server(t)
	l := enable(t, s, "userpass", "userpass")
	l.w.env["PASSWORD"] = newPassword()
	l.config.Auth.Username, l.config.Auth.Password.Env = "ada", "PASSWORD"
	a := s.Audit(t)
	session := vault.NewSession(l.w.vault())
	for range 3 {
		client, err := session.Client(l.config)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := client.Fetch(t.Context()); err == nil {
			t.Fatal("a user who does not exist gets in")
		}
	}
	wantAsked(t, a, "three reads", "update auth/userpass/login/ada")
}

// The token goes after a failure too, and also when the run was interrupted; a
// token that was given stays.
func TestTokensAreGivenBack(t *testing.T) {
	s := server(t)
	l := approle(t, s, "approle-back")
	c := l.config
	c.Path = "forbidden"
	client, err := vault.New(c, l.w.vault())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, _, err := client.Fetch(ctx); err == nil {
		t.Fatal("a read that no policy allows succeeds")
	}
	if n := len(accessors(t, s, l)); n != 1 {
		t.Fatalf("%d tokens before closing, want 1", n)
	}
	cancel()
	if err := client.Close(ctx); err != nil {
		t.Error(err)
	}
	if n := len(accessors(t, s, l)); n != 0 {
		t.Errorf("%d tokens are left", n)
	}

	given := s.Policy(t, "approle-back", `path "secret/data/approle-back" { capabilities = ["read"] }`, nil)
	w := newWorld(t)
	w.env["VAULT_TOKEN"] = given
	for range 2 {
		w.want(vault.Config{Address: s.Address, Path: "approle-back"}, l.key, "1")
	}
}

// A token that cannot be given back is something to know, and holds no secret.
func TestRevokingThatFails(t *testing.T) {
	w, c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/login"):
			w.Write([]byte(`{"auth":{"client_token":"hvs.` + loginCanary + `"}}`))
		case strings.HasSuffix(r.URL.Path, "/revoke-self"):
			http.Error(w, `{"errors":["`+r.Header.Get("X-Vault-Token")+`"]}`, http.StatusBadRequest)
		default:
			w.Write([]byte(`{"data":{"data":{"api_key":"` + newKey() + `"},"metadata":{"version":3}}}`))
		}
	})
	c.Auth = vault.Auth{Method: vault.MethodAppRole, RoleID: "laptops"}
	client, err := vault.New(c, w.vault())
	if err != nil {
		t.Fatal(err)
	}
	if _, version, err := client.Fetch(t.Context()); err != nil || version != "3" {
		t.Fatalf("got version %q, error %v", version, err)
	}
	err = client.Close(t.Context())
	if err == nil {
		t.Fatal("closing says nothing")
	}
	w.noSecrets(err)
}
