package vault

import (
	"fmt"
	"slices"
	"strings"
)

// checkAuth says what a login lacks, before anything is sent.
func (c Config) checkAuth() error {
	a := c.Auth
	if !slices.Contains(methods(), a.Method) {
		return configError("auth.method is none of token, approle, jwt, kubernetes, userpass, ldap and cert", "leave it out for token")
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
			return configError(fmt.Sprintf("auth.method %s needs auth.%s", a.Method, need.key), strings.ReplaceAll(need.hint, "MOUNT", a.Mount))
		}
	}
	if strings.ContainsAny(a.Username, "/\\") || a.Username == "." || a.Username == ".." {
		return configError("auth.username has a / or is a dot", "give the name alone")
	}
	if a.Method == MethodCert && c.ClientCert == "" {
		return configError("auth.method cert needs client_cert and client_key", "give both: PEM files")
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
		return []need{{"role_id", a.RoleID != "", "vault read auth/MOUNT/role/ROLE/role-id shows it"}}
	case MethodJWT:
		return []need{{"jwt", a.JWT.Given(), "give " + secret + ", or on GitHub {github_actions: {audience: NAME}}"}}
	case MethodKubernetes:
		return []need{{"role", a.Role != "", "vault list auth/MOUNT/role shows the roles"}}
	case MethodUserpass, MethodLDAP:
		return []need{{"username", a.Username != "", "give the name to log in with"}, {"password", a.Password.Given(), "give " + secret}}
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
		return configError(key+" needs exactly one of env and file", "a secret is never in the desired state, only where to find it")
	case p.GitHubActions && key != "auth.jwt":
		return configError(key+" cannot come from github_actions: only auth.jwt can", "give {env: NAME} or {file: PATH}")
	case p.Wrapped && key != "auth.secret_id" && key != "auth.token":
		return configError(key+" cannot be wrapped: only auth.secret_id and auth.token can", "leave wrapped out")
	}
	return nil
}
