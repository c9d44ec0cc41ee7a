package sources

import (
	"context"
	"errors"

	"github.com/codexform/codexform/sources/vault"
)

// vaultSource is a field of a secret in HashiCorp Vault.
type vaultSource struct {
	config  vault.Config
	session *vault.Session
}

func newVaultSource(w World, c vault.Config) Source {
	return vaultSource{c, vault.NewSession(vault.World{
		LookupEnv: w.LookupEnv,
		Home:      w.Home,
		ReadFile: func(path string) ([]byte, error) {
			data, _, err := readSecretFile(w.Fs, path, Ref("file:"+path))
			return data, err
		},
	})}
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

func (s vaultSource) error(err error) error {
	var e *vault.Error
	if !errors.As(err, &e) {
		return &Error{Kind: KindUnavailable, Ref: s.Ref(), Message: "the secret could not be had"}
	}
	return &Error{Kind: string(e.Kind), Ref: s.Ref(), Message: e.Message, Hint: e.Hint, Retryable: e.Retryable}
}
