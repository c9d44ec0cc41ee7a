package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
)

const maxParameter = 64 << 10

// parameter reads a credential that lies in a variable or a file. key is its name
// in the desired state.
func (s *Session) parameter(key string, p Parameter) (string, error) {
	if p.Env != "" {
		v, set := s.world.LookupEnv(p.Env)
		if !set {
			return "", missing(key, "the variable "+p.Env+" is not set", "set it, or name another one")
		}
		return clean(key, "the variable "+p.Env, v)
	}
	raw, err := s.readSecret(p.File)
	if err != nil {
		return "", missing(key, p.File+": "+reason(err), "write it there, for this user to read, or name another file")
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
	if key == "auth.password" {
		v = strings.TrimSuffix(strings.TrimSuffix(v, "\n"), "\r")
	} else {
		v = strings.Trim(v, " \t\r\n")
	}
	switch {
	case v == "":
		return "", missing(key, where+" is empty", "write it there, or name another place")
	case strings.HasPrefix(v, "\ufeff"), strings.HasPrefix(v, "\xff\xfe"), strings.HasPrefix(v, "\xfe\xff"):
		return "", missing(key, where+" begins with a byte order mark", "write it again as plain text, without one")
	case strings.HasPrefix(v, "{") && strings.HasSuffix(strings.TrimSpace(v), "}"):
		return "", missing(key, where+" holds JSON and not the value alone", "write the value alone: vault … -field=NAME prints it")
	case key != "auth.password" && len(v) > 1 && (v[0] == '"' || v[0] == '\'') && v[0] == v[len(v)-1]:
		return "", missing(key, where+" holds the value in quotes", "write the value alone, without them")
	case len(v) > maxParameter:
		return "", missing(key, where+" is over 64 KiB", "is it the right place?")
	}
	for i, r := range v {
		if r < ' ' || r == 0x7f {
			return "", missing(key, fmt.Sprintf("%s has a control character at byte %d", where, i+1), "it has to be one line")
		}
	}
	return v, nil
}

// identity reads an identity token. What has not the form of one is not sent: it
// may be another secret.
func (s *Session) identity(p Parameter) (string, error) {
	token, err := s.parameter("auth.jwt", p)
	if err == nil && !isJWT().MatchString(token) {
		return "", missing("auth.jwt", "what is there is not an identity token (JWT)", "it has three parts with dots between; is it the right variable or file?")
	}
	return token, err
}

var isJWT = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
})

func missing(key, message, hint string) *Error {
	return &Error{Kind: KindCredential, Message: key + ": " + message, Hint: hint}
}

// readSecret keeps the warnings for the session's clients.
func (s *Session) readSecret(path string) ([]byte, error) {
	data, warnings, err := s.world.ReadSecret(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.warnings = append(s.warnings, warnings...)
	return data, err
}

// token finds the token of method token: the parameter, then VAULT_TOKEN, then
// ~/.vault-token.
func (s *Session) token(p Parameter) (string, error) {
	if p.Given() {
		return s.parameter("auth.token", p)
	}
	if s.world.env("VAULT_TOKEN") != "" {
		return s.parameter("auth.token", Parameter{Env: "VAULT_TOKEN"})
	}
	if path := s.world.tokenFile(); path != "" {
		raw, err := s.readSecret(path)
		if err == nil {
			return clean("auth.token", "~/.vault-token", string(raw))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", missing("auth.token", "~/.vault-token: "+reason(err), "make it a file that this user can read: vault login writes it")
		}
	}
	return "", missing("auth.token", "no token: VAULT_TOKEN is not set and there is no ~/.vault-token",
		"run vault login, set VAULT_TOKEN, or choose another auth.method")
}
