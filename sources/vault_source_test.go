package sources_test

import (
	"bytes"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
	"github.com/codexform/codexform/sources/vaulttest"
)

// vaultWorld is a world that knows where Vault is, with a value as the API key of
// secret/codex there.
func vaultWorld(t *testing.T, s *vaulttest.Server, value string) sources.World {
	t.Helper()
	s.Do(t, http.MethodPost, "secret/data/codex", map[string]any{"data": map[string]any{"api_key": value}})
	return realWorld(t, map[string]string{"VAULT_ADDR": s.Address})
}

// vaultWith is vaultWorld with a token that may read the key.
func vaultWith(t *testing.T, s *vaulttest.Server, value string) sources.World {
	t.Helper()
	w := vaultWorld(t, s, value)
	w.Home = t.TempDir()
	writeFile(t, filepath.Join(w.Home, ".vault-token"), []byte(s.RootToken), 0o600)
	return w
}

func TestVault(t *testing.T) {
	s := vaulttest.Start(t)
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "vault:",
		Holding: func(t *testing.T, value []byte) sources.Source {
			return source(t, vaultWith(t, s, string(value)), "{vault: {path: codex}}")
		},
		Missing: func(t *testing.T) sources.Source {
			return source(t, vaultWith(t, s, ""), "{vault: {path: none}}")
		},
	})
}

// The version of KV version 2 comes with the key, and a pinned one is known without
// asking.
func TestVaultVersions(t *testing.T) {
	s := vaulttest.Start(t)
	w := vaultWith(t, s, sourcetest.Key)
	got, err := source(t, w, "{vault: {path: codex}}").Fetch(t.Context())
	if err != nil || got.Version != "1" {
		t.Errorf("got version %q, error %v", got.Version, err)
	}
	got, err = source(t, w, "{vault: {path: codex, version: 1}}").Fetch(t.Context())
	if err != nil || got.Version != "1" {
		t.Errorf("pinned: got version %q, error %v", got.Version, err)
	}
}

func TestVaultTokenOfVaultLogin(t *testing.T) {
	s := vaulttest.Start(t)
	w := vaultWorld(t, s, sourcetest.Key)
	w.Home = t.TempDir()
	_, err := source(t, w, "{vault: {path: codex}}").Fetch(t.Context())
	var e *sources.Error
	if !errors.As(err, &e) || e.Kind != "vault_credential" || !strings.Contains(e.Message, "no token") {
		t.Errorf("without a token: %v", err)
	}
	writeFile(t, filepath.Join(w.Home, ".vault-token"), []byte(s.RootToken), 0o600)
	if _, err := source(t, w, "{vault: {path: codex}}").Fetch(t.Context()); err != nil {
		t.Errorf("with ~/.vault-token: %v", err)
	}
}

// A bundle of authorities is larger than a secret may be.
func TestVaultBundleOfAuthorities(t *testing.T) {
	a := vaulttest.NewAuthority(t, "ours")
	s := a.StartTLS(t)
	w := vaultWith(t, s, sourcetest.Key)
	bundle := append(bytes.Repeat([]byte("# an authority that is not ours\n"), 8<<10), a.PEM...)
	writeFile(t, filepath.Join(w.Dir, "bundle.pem"), bundle, 0o644)
	if _, err := source(t, w, "{vault: {path: codex, ca_cert: bundle.pem}}").Fetch(t.Context()); err != nil {
		t.Error(err)
	}
}
