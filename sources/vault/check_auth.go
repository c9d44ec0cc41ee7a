package vault

import (
	"fmt"
	"slices"
	"strings"
)

// checkAuth says what a login lacks, before anything is sent.
func (c Config) checkAuth() error {
	a := c.Auth
	if !slices.Contains(Methods(), a.Method) {
		return configError("auth.method is none of token, approle, jwt, kubernetes, userpass, ldap and cert", "")
	}
	for _, p := range []struct {
		key string
		Parameter
	}{{"token", a.Token}, {"secret_id", a.SecretID}, {"jwt", a.JWT}, {"password", a.Password}} {
		if err := p.check("auth." + p.key); err != nil {
			return err
		}
	}
	for _, need := range a.needs() {
		if !need.given {
			return configError(fmt.Sprintf("auth.method %s needs auth.%s", a.Method, need.key), need.hint)
		}
	}
	if strings.ContainsAny(a.Username, "/\\") || a.Username == "." || a.Username == ".." {
		return configError("auth.username has a / or is a dot", "")
	}
	if a.Method == MethodCert && c.ClientCert == "" {
		return configError("auth.method cert needs client_cert and client_key", "")
	}
	return nil
}

type need struct {
	key   string
	given bool
	hint  string
}

func (a Auth) needs() []need {
	const secret = "{env: NAME} or {file: PATH}"
	switch a.Method {
	case MethodAppRole:
		return []need{{"role_id", a.RoleID != "", ""}}
	case MethodJWT:
		return []need{{"jwt", a.JWT.Given(), "give " + secret + ", or on GitHub {github_actions: {audience: NAME}}"}}
	case MethodKubernetes:
		return []need{{"role", a.Role != "", ""}}
	case MethodUserpass, MethodLDAP:
		return []need{{"username", a.Username != "", ""}, {"password", a.Password.Given(), "give " + secret}}
	}
	return nil
}

func (p Parameter) check(key string) error {
	given := 0
	for _, set := range []bool{p.Env != "", p.File != "", p.GitHubActions} {
		if set {
			given++
		}
	}
	switch {
	case !p.Given():
		return nil
	case given != 1:
		return configError(key+" needs exactly one of env and file", "")
	case p.GitHubActions && key != "auth.jwt":
		return configError(key+" cannot come from github_actions: only auth.jwt can", "")
	case p.Wrapped && key != "auth.secret_id" && key != "auth.token":
		return configError(key+" cannot be wrapped: only auth.secret_id and auth.token can", "")
	}
	return nil
}
