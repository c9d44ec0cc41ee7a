package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

const maxParameter = 64 << 10

// parameter reads a credential that lies in a variable or a file. key is its name
// in the desired state.
func (w World) parameter(key string, p Parameter) (string, error) {
	if p.Env != "" {
		v, set := w.LookupEnv(p.Env)
		if !set {
			return "", missing(key, "the variable "+p.Env+" is not set", "set it, or name another one")
		}
		return clean(key, "the variable "+p.Env, v)
	}
	raw, err := w.ReadFile(p.File)
	if err != nil {
		return "", missing(key, p.File+": "+reason(err), "")
	}
	return clean(key, p.File, string(raw))
}

// reason is why a file could not be read, in words that are ours: whoever gave a
// secret where a path belongs must not find it in the cause as well.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// clean cuts one final line break and refuses what no login takes.
func clean(key, where, v string) (string, error) {
	v = strings.TrimSuffix(strings.TrimSuffix(v, "\n"), "\r")
	switch {
	case v == "":
		return "", missing(key, where+" is empty", "")
	case len(v) > maxParameter:
		return "", missing(key, where+" is over 64 KiB", "")
	}
	for i, r := range v {
		if r < ' ' || r == 0x7f {
			return "", missing(key, fmt.Sprintf("%s has a control character at byte %d", where, i+1), "it has to be one line")
		}
	}
	return v, nil
}

func missing(key, message, hint string) *Error {
	return &Error{Kind: KindCredential, Message: key + ": " + message, Hint: hint}
}

// token finds the token of method token: the parameter, then VAULT_TOKEN, then
// ~/.vault-token.
func (w World) token(p Parameter) (string, error) {
	if p.Given() {
		return w.parameter("auth.token", p)
	}
	if w.env("VAULT_TOKEN") != "" {
		return w.parameter("auth.token", Parameter{Env: "VAULT_TOKEN"})
	}
	if path := w.tokenFile(); path != "" {
		raw, err := w.ReadFile(path)
		if err == nil {
			return clean("auth.token", "~/.vault-token", string(raw))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", missing("auth.token", "~/.vault-token: "+reason(err), "")
		}
	}
	return "", missing("auth.token", "no token: VAULT_TOKEN is not set and there is no ~/.vault-token",
		"run vault login, set VAULT_TOKEN, or choose another auth.method")
}
