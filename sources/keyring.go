package sources

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringSource is an entry in the keyring of the operating system: the macOS
// Keychain, the Windows Credential Manager, the Secret Service of a Linux desktop.
type keyringSource struct {
	service, user string
	get           func(service, user string) (string, error)
	timeout       time.Duration
}

// keyringTimeout leaves a person time to unlock the keyring.
const keyringTimeout = 30 * time.Second

// errNoKeyring is the answer of a machine without a keyring.
var errNoKeyring = errors.New("there is no keyring")

func (s keyringSource) Ref() Ref { return Ref("keyring:" + s.service + "/" + s.user) }

// Fetch asks the keyring. A keyring that does not answer in time is left waiting:
// it cannot be interrupted.
func (s keyringSource) Fetch(ctx context.Context) (Fetched, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := s.get(s.service, s.user)
		answers <- answer{text, err}
	}()
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	select {
	case a := <-answers:
		if a.err != nil {
			return Fetched{}, s.error(a.err)
		}
		return fetched(s.Ref(), narrow([]byte(a.text)))
	case <-limited.Done():
		if ctx.Err() != nil {
			return Fetched{}, &Error{Kind: KindCanceled, Ref: s.Ref(), Message: "interrupted"}
		}
		return Fetched{}, &Error{
			Kind: KindTimeout, Ref: s.Ref(), Message: "the keyring does not answer",
			Hint: "unlock it and try again",
		}
	}
}

// narrow is a key that cmdkey or the control panel of Windows has stored: they keep
// UTF-16, two bytes for each character. Anything else stays as it is.
func narrow(raw []byte) []byte {
	if len(raw) < 2 || len(raw)%2 != 0 {
		return raw
	}
	out := make([]byte, 0, len(raw)/2)
	for i := 0; i < len(raw); i += 2 {
		if raw[i] == 0 || raw[i+1] != 0 {
			return raw
		}
		out = append(out, raw[i])
	}
	return out
}

// locked are the exit codes of /usr/bin/security that say that there is a keychain and
// that it did not open: no window to ask in, a wrong password, somebody said no.
var locked = []int{36, 51, 128}

func (s keyringSource) error(err error) *Error {
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) && slices.Contains(locked, exit.ExitCode()) {
		return &Error{
			Kind: KindLocked, Ref: s.Ref(), Message: "the keychain is locked, or nobody allowed the look",
			Hint: "unlock it (security unlock-keychain), or let a person at the screen allow it", Retryable: true,
		}
	}
	if errors.Is(err, keyring.ErrNotFound) {
		return &Error{
			Kind: KindMissing, Ref: s.Ref(), Message: "the keyring has no such entry",
			Hint: "store the key under this service and user",
		}
	}
	return &Error{
		Kind: KindUnavailable, Ref: s.Ref(), Message: "there is no keyring to ask",
		Hint: "a keyring needs a desktop session; elsewhere take the key from a file, a program or Vault",
	}
}

// systemKeyring asks the real one.
func systemKeyring(w World) func(service, user string) (string, error) {
	if w.Keyring != nil {
		return w.Keyring
	}
	return func(service, user string) (string, error) {
		if !keyringReachable(w) {
			return "", errNoKeyring
		}
		return keyring.Get(service, user)
	}
}
