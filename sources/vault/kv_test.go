package vault_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

// obj is a JSON object.
type obj = map[string]any

// asRoot is a world whose VAULT_TOKEN may do anything, and a Config for the server.
func asRoot(t *testing.T, s *vaulttest.Server) (*world, vault.Config) {
	w := newWorld(t)
	w.env["VAULT_TOKEN"] = s.RootToken
	return w, vault.Config{Address: s.Address, Path: "codex"}
}

// put writes a secret to a KV version 2.
func put(t *testing.T, s *vaulttest.Server, path string, fields obj) {
	t.Helper()
	s.Do(t, http.MethodPost, path, obj{"data": fields})
}

// mountKV1 mounts a KV version 1.
func mountKV1(t *testing.T, s *vaulttest.Server, path string) {
	t.Helper()
	s.Do(t, http.MethodPost, "sys/mounts/"+path, obj{"type": "kv", "options": obj{"version": "1"}})
}

func TestKV2(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	c.Path = "kv2/codex"
	first, second := newKey(), newKey()
	put(t, s, "secret/data/kv2/codex", obj{"api_key": first, "other": second})
	w.want(c, first, "1")
	put(t, s, "secret/data/kv2/codex", obj{"api_key": second})
	w.want(c, second, "2")

	c.Version = 1
	w.want(c, first, "1")
	c.Field = "other"
	w.want(c, second, "1")
	c.Engine = vault.EngineKV2
	w.want(c, second, "1")
}

func TestKV1(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	key := newKey()
	mountKV1(t, s, "kv1")
	s.Do(t, http.MethodPost, "kv1/team/codex", obj{"api_key": key})
	c.Mount, c.Path = "kv1", "team/codex"
	w.want(c, key, "")
	c.Engine = vault.EngineKV1
	w.want(c, key, "")
}

func TestKV1WithLeastPolicy(t *testing.T) {
	s := server(t)
	w := newWorld(t)
	key := newKey()
	mountKV1(t, s, "least1")
	s.Do(t, http.MethodPost, "least1/codex", obj{"api_key": key})
	w.env["VAULT_TOKEN"] = s.Policy(t, "least1", `path "least1/codex" { capabilities = ["read"] }`, obj{"no_default_policy": true})
	w.want(vault.Config{Address: s.Address, Mount: "least1", Path: "codex"}, key, "")
}

func TestMountAndPathTakeSlashes(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	key := newKey()
	s.Do(t, http.MethodPost, "sys/mounts/deep/kv", obj{"type": "kv", "options": obj{"version": "2"}})
	put(t, s, "deep/kv/data/a/b c", obj{"api_key": key + "\n"})
	c.Mount, c.Path = "/deep/kv/", "/a/b c/"
	w.want(c, key, "1")
}

func TestAddressAndTokenOfTheEnvironment(t *testing.T) {
	s := server(t)
	w := newWorld(t)
	key := newKey()
	put(t, s, "secret/data/environment", obj{"api_key": key})
	w.env["VAULT_ADDR"] = s.Address + "/"
	w.file(".vault-token", s.RootToken+"\n")
	c := vault.Config{Path: "environment"}
	w.want(c, key, "1")

	w.env["VAULT_TOKEN"] = "hvs.wrong"
	if got := w.fetch(c); got.err == nil {
		t.Error("VAULT_TOKEN does not come before ~/.vault-token")
	}
	c.Auth.Token.File = w.file("token", s.RootToken+"\r\n")
	w.want(c, key, "1")

	w.env["VAULT_ADDR"] = "http://127.0.0.1:1"
	c.Address = s.Address
	w.want(c, key, "1")
}

func TestUnixSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "vault") // t.TempDir is longer than a socket's path may be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := vaulttest.Start(t, "-listen", "unix:"+filepath.Join(dir, "s"))
	w, c := asRoot(t, s)
	key := newKey()
	put(t, s, "secret/data/codex", obj{"api_key": key})
	w.want(c, key, "1")

	c.Address = "unix://" + dir + "/none"
	w.wantError("unix_missing", c, dir, "/run/vault")
}

func TestReadErrors(t *testing.T) {
	s := server(t)
	key := newKey()
	mountKV1(t, s, "old")
	s.Do(t, http.MethodPost, "old/codex", obj{"api_key": key})
	s.Do(t, http.MethodPost, "sys/mounts/team/kv", obj{"type": "kv", "options": obj{"version": "2"}})
	put(t, s, "team/kv/data/codex", obj{"api_key": key})
	put(t, s, "secret/data/codex", obj{
		"api_key": key, "url": "https://gateway.example",
		keyCanary + "7": key, keyCanary + "lettersalone": key,
	}) // values written where names belong
	put(t, s, "secret/data/shapes", obj{
		"number": 5, "yes": true, "object": obj{"key": key}, "null": nil, "list": []string{key},
		"empty": "", "blank": keyCanary + " with a blank", "bearer": "Bearer " + key,
	})
	for range 4 {
		put(t, s, "secret/data/versions", obj{"api_key": key})
	}
	s.Do(t, http.MethodPost, "secret/delete/versions", obj{"versions": []int{2}})
	s.Do(t, http.MethodPost, "secret/destroy/versions", obj{"versions": []int{3}})
	put(t, s, "secret/data/removed", obj{"api_key": key})
	s.Do(t, http.MethodDelete, "secret/data/removed", nil)

	for name, change := range map[string]func(*vault.Config){
		"path_missing":             func(c *vault.Config) { c.Path = "team/none" },
		"path_data_prefix":         func(c *vault.Config) { c.Path = "data/codex" },
		"mount_missing":            func(c *vault.Config) { c.Mount = "nowhere" },
		"mount_missing_kv1":        func(c *vault.Config) { c.Mount = "nowhere"; c.Engine = vault.EngineKV1 },
		"mount_longer":             func(c *vault.Config) { c.Mount = "team"; c.Path = "kv/codex" },
		"mount_shorter":            func(c *vault.Config) { c.Mount = "team/kv/data" },
		"mount_no_kv":              func(c *vault.Config) { c.Mount = "cubbyhole" },
		"engine_kv1_is_kv2":        func(c *vault.Config) { c.Engine = vault.EngineKV1 },
		"engine_kv2_is_kv1":        func(c *vault.Config) { c.Mount = "old"; c.Engine = vault.EngineKV2 },
		"path_missing_kv1":         func(c *vault.Config) { c.Mount = "old"; c.Path = "none" },
		"version_missing":          func(c *vault.Config) { c.Version = 99 },
		"version_of_no_secret":     func(c *vault.Config) { c.Path = "none"; c.Version = 1 },
		"version_deleted":          func(c *vault.Config) { c.Path = "versions"; c.Version = 2 },
		"version_destroyed":        func(c *vault.Config) { c.Path = "versions"; c.Version = 3 },
		"newest_deleted":           func(c *vault.Config) { c.Path = "removed" },
		"field_missing":            func(c *vault.Config) { c.Field = "key" },
		"field_number":             func(c *vault.Config) { c.Path = "shapes"; c.Field = "number" },
		"field_boolean":            func(c *vault.Config) { c.Path = "shapes"; c.Field = "yes" },
		"field_object":             func(c *vault.Config) { c.Path = "shapes"; c.Field = "object" },
		"field_list":               func(c *vault.Config) { c.Path = "shapes"; c.Field = "list" },
		"field_null":               func(c *vault.Config) { c.Path = "shapes"; c.Field = "null" },
		"path_with_mount":          func(c *vault.Config) { c.Path = "secret/codex" },
		"path_with_data":           func(c *vault.Config) { c.Path = "secret/data/codex" },
		"path_of_the_api":          func(c *vault.Config) { c.Path = "v1/secret/data/codex" },
		"path_of_metadata":         func(c *vault.Config) { c.Path = "secret/metadata/codex" },
		"path_with_field":          func(c *vault.Config) { c.Path = "codex#api_key" },
		"path_with_other_mount":    func(c *vault.Config) { c.Path = "team/kv/codex" },
		"path_of_the_api_of_other": func(c *vault.Config) { c.Path = "v1/team/kv/data/codex" },
		"path_of_a_page":           func(c *vault.Config) { c.Path = "ui/vault/secrets/secret/show/codex" },
		"path_twice":               func(c *vault.Config) { c.Path = "secret/secret/data/codex" },
		"path_with_field_segment":  func(c *vault.Config) { c.Path = "secret/codex/api_key" },
		"path_in_words":            func(c *vault.Config) { c.Path = "kv get/codex" },
		"mount_of_the_api":         func(c *vault.Config) { c.Mount = "v1/secret/data" },
		"mount_of_metadata":        func(c *vault.Config) { c.Mount = "secret/metadata" },
		"engine_kv1_data_prefix":   func(c *vault.Config) { c.Engine = vault.EngineKV1; c.Path = "data/codex" },
		"value_empty":              func(c *vault.Config) { c.Path = "shapes"; c.Field = "empty" },
		"value_blank":              func(c *vault.Config) { c.Path = "shapes"; c.Field = "blank" },
		"value_bearer":             func(c *vault.Config) { c.Path = "shapes"; c.Field = "bearer" },
		"namespace_open":           func(c *vault.Config) { c.Namespace = "team-a" },
	} {
		t.Run(name, func(t *testing.T) {
			w, c := asRoot(t, s)
			change(&c)
			w.wantError(name, c, s.Address, "http://vault.example:8200")
		})
	}
}

func TestTokenAndPolicyErrors(t *testing.T) {
	s := server(t)
	put(t, s, "secret/data/guarded", obj{"api_key": newKey()})
	mountKV1(t, s, "guarded1")
	for name, arrange := range map[string]struct {
		token  func() string
		change func(*vault.Config)
	}{
		"denied": {token: func() string {
			return s.Policy(t, "elsewhere", `path "secret/data/other" { capabilities = ["read"] }`, nil)
		}},
		"denied_default_only": {token: func() string { return s.Policy(t, "nothing", "# nothing", nil) }},
		"denied_kv1": {
			token: func() string {
				return s.Policy(t, "elsewhere1", `path "guarded1/other" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Mount = "guarded1" },
		},
		"denied_without_default": {token: func() string {
			return s.Policy(t, "elsewhere", `path "secret/data/other" { capabilities = ["read"] }`, obj{"no_default_policy": true})
		}},
		"denied_data_prefix": {
			token: func() string {
				return s.Policy(t, "right", `path "secret/data/guarded" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Path = "data/guarded" },
		},
		"denied_path_of_the_api": {
			token: func() string {
				return s.Policy(t, "right", `path "secret/data/guarded" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Path = "secret/data/guarded" },
		},
		"denied_path_with_mount": {
			token: func() string {
				return s.Policy(t, "right", `path "secret/data/guarded" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Path = "secret/guarded" },
		},
		"denied_path_with_other_mount": {
			token: func() string {
				return s.Policy(t, "other1", `path "guarded1/codex" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Path = "guarded1/codex" },
		},
		"denied_without_default_no_mount": {
			token: func() string {
				return s.Policy(t, "right", `path "secret/data/guarded" { capabilities = ["read"] }`, obj{"no_default_policy": true})
			},
			change: func(c *vault.Config) { c.Mount = "nowhere" },
		},
		"denied_mount_of_others": {
			token: func() string {
				return s.Policy(t, "right", `path "secret/data/guarded" { capabilities = ["read"] }`, nil)
			},
			change: func(c *vault.Config) { c.Mount = "nowhere" },
		},
		"token_bogus":   {token: func() string { return "hvs.nobody-made-this" }},
		"token_revoked": {token: func() string { return revoked(t, s) }},
		"token_used_up": {token: func() string { return usedUp(t, s) }},
		"token_expired": {token: func() string {
			token := s.Policy(t, "short", "# nothing", obj{"explicit_max_ttl": "1s"})
			time.Sleep(1200 * time.Millisecond)
			return token
		}},
		"token_of_another_address": {token: func() string { return boundElsewhere(t, s) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.env["VAULT_TOKEN"] = arrange.token()
			c := vault.Config{Address: s.Address, Path: "guarded"}
			if arrange.change != nil {
				arrange.change(&c)
			}
			w.wantError(name, c, s.Address, "http://vault.example:8200")
		})
	}
}

// The line of policy that an error shows is the one that was missing.
func TestPolicyOfTheErrorIsEnough(t *testing.T) {
	s := server(t)
	key := newKey()
	mountKV1(t, s, "old")
	s.Do(t, http.MethodPost, "old/team/codex", obj{"api_key": key})
	put(t, s, "secret/data/team/codex", obj{"api_key": key})
	for mount, version := range map[string]string{"old": "", "secret": "1"} {
		w := newWorld(t)
		c := vault.Config{Address: s.Address, Mount: mount, Path: "team/codex"}
		w.env["VAULT_TOKEN"] = s.Policy(t, "before-"+mount, `path "`+mount+`/other" { capabilities = ["read"] }`, nil)
		var e *vault.Error
		if got := w.fetch(c); !errors.As(got.err, &e) || e.Policy == "" || !strings.Contains(e.Hint, e.Policy) {
			t.Fatalf("%s: got %+v, want a line of policy", mount, got)
		}
		w.env["VAULT_TOKEN"] = s.Policy(t, "after-"+mount, e.Policy, nil)
		w.want(c, key, version)
	}
}

func revoked(t *testing.T, s *vaulttest.Server) string {
	token := s.Policy(t, "short", "# nothing", nil)
	s.Do(t, http.MethodPost, "auth/token/revoke", obj{"token": token})
	return token
}

func usedUp(t *testing.T, s *vaulttest.Server) string {
	token := s.Policy(t, "short", "# nothing", obj{"num_uses": 1})
	s.Ask(t, token, http.MethodGet, "auth/token/lookup-self", nil, nil)
	return token
}

// boundElsewhere is a token that is good for other addresses than ours.
func boundElsewhere(t *testing.T, s *vaulttest.Server) string {
	s.Do(t, http.MethodPost, "auth/token/roles/elsewhere", obj{"token_bound_cidrs": []string{"192.0.2.0/24"}, "allowed_policies": []string{"default"}})
	auth := s.Do(t, http.MethodPost, "auth/token/create/elsewhere", obj{})["auth"].(obj)
	return auth["client_token"].(string)
}
