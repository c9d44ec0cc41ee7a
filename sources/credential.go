package sources

import (
	"context"
	"path/filepath"
)

// credentialSource is a file that systemd lends to a service while it runs.
type credentialSource struct {
	disk
	name   string
	getenv func(string) string
}

func (s credentialSource) Ref() Ref { return Ref("credential:" + s.name) }

func (s credentialSource) Fetch(context.Context) (Fetched, error) {
	dir := s.getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return Fetched{}, &Error{
			Kind: KindUnavailable, Ref: s.Ref(), Message: "CREDENTIALS_DIRECTORY is not set",
			Hint: "run codexform from a systemd unit with LoadCredential=" + s.name + ":…",
		}
	}
	data, warnings, err := readSecretFile(s.disk, filepath.Join(dir, s.name), s.Ref())
	if err != nil {
		return Fetched{}, err
	}
	return fetched(s.Ref(), data, warnings...)
}
