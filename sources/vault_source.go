package sources

import (
	"cmp"
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/sources/vault"
)

// vaultSource is a field of a secret in HashiCorp Vault.
type vaultSource struct {
	config  vault.Config
	session *vault.Session
}

func newVaultSource(w World, c vault.Config) Source {
	return vaultSource{c, vault.NewSession(vault.World{
		LookupEnv:  w.LookupEnv,
		Home:       cmp.Or(w.TokenHome, w.Home),
		ReadFile:   func(path string) ([]byte, error) { return certificate(w.Fs, path) },
		ReadSecret: func(path string) ([]byte, []string, error) { return readCredential(w.disk(), path) },
	})}
}

// maxBundle bounds a file of certificates.
const maxBundle = 4 << 20

func certificate(f afero.Fs, path string) ([]byte, error) {
	data, _, err := bounded.File(f, path, maxBundle)
	return data, err
}

// readCredential is readSecretFile with errors as package vault wants them: it
// names the file itself.
func readCredential(f disk, path string) ([]byte, []string, error) {
	data, warnings, err := readSecretFile(f, path, Ref("file:"+path))
	var e *Error
	switch {
	case !errors.As(err, &e):
		return data, warnings, err
	case e.Kind == KindMissing:
		return nil, nil, fs.ErrNotExist
	}
	return nil, nil, errors.New(e.Message)
}

func (s vaultSource) Ref() Ref { return Ref(s.config.Ref()) }

func (s vaultSource) Fetch(ctx context.Context) (Fetched, error) {
	client, err := s.session.Client(s.config)
	if err != nil {
		return Fetched{}, s.error(err)
	}
	secret, version, err := client.Fetch(ctx)
	if err != nil {
		return Fetched{}, s.error(err)
	}
	return Fetched{Secret: secret, Version: version, Warnings: client.Warnings()}, nil
}

// Close gives the login's token back.
func (s vaultSource) Close(ctx context.Context) error { return s.session.Close(ctx) }

// error is the same error, as the sources' own. Package vault has no other kind.
func (s vaultSource) error(err error) error {
	var e *vault.Error
	if !errors.As(err, &e) {
		panic("package vault gave another error than its own: " + err.Error())
	}
	return &Error{Kind: string(e.Kind), Ref: s.Ref(), Message: e.Message, Hint: e.Hint, Retryable: e.Retryable}
}

// SingleUse reports that a fetch spends the credential.
func (s vaultSource) SingleUse() bool { return s.config.SingleUse() }
