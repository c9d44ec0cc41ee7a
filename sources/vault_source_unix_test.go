//go:build !windows

package sources_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
	"github.com/codexform/codexform/sources/vaulttest"
)

// A credential of a login is judged as every file with a secret is.
func TestVaultCredentialFiles(t *testing.T) {
	s := vaulttest.Start(t)
	w := vaultWorld(t, s, sourcetest.Key)
	token := filepath.Join(w.Dir, "token")
	secret := "{vault: {path: codex, auth: {token: {file: token}}}}"

	writeFile(t, token, []byte(s.RootToken+"\n"), 0o644)
	got, err := source(t, w, secret).Fetch(t.Context())
	if err != nil || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "others may read the file") {
		t.Errorf("a file that others may read: %q, error %v", got.Warnings, err)
	}

	writeFile(t, token, []byte(s.RootToken+"\n"), 0o666)
	_, err = source(t, w, secret).Fetch(t.Context())
	var e *sources.Error
	if !errors.As(err, &e) || e.Kind != "vault_credential" || !strings.Contains(e.Message, "others may write the file") || e.Hint == "" {
		t.Errorf("a file that others may write: %v", err)
	}
}
