package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/vault/api"
)

// podToken is where Kubernetes puts a pod's own token.
const podToken = "/var/run/secrets/kubernetes.io/serviceaccount/token"

// obtain gets a token by the configured method, and reports whether it is ours to
// give back.
func (c *Client) obtain(ctx context.Context) (token string, ours bool, err error) {
	if c.config.Auth.Method != MethodToken {
		token, err = c.logInWith(ctx)
		return token, err == nil, err
	}
	p := c.config.Auth.Token
	token, err = c.session.token(p)
	if err != nil || !p.Wrapped {
		return token, false, err
	}
	inner, err := c.unwrap(ctx, token, wrappedToken)
	if err != nil {
		return "", false, err
	}
	if inner.Auth == nil || inner.Auth.ClientToken == "" {
		return "", false, c.foreignWrap(wrappedToken)
	}
	return inner.Auth.ClientToken, true, nil
}

// logInWith sends the method's one request. The methods are so much alike that a
// module for each would add nothing.
func (c *Client) logInWith(ctx context.Context) (string, error) {
	body, err := c.credentials(ctx)
	if err != nil {
		return "", err
	}
	a := c.config.Auth
	path := "auth/" + a.Mount + "/login"
	if a.Method == MethodUserpass || a.Method == MethodLDAP {
		path += "/" + a.Username
	}
	answer, err := c.login.conn.do(ctx, call{method: http.MethodPut, path: path, body: body, once: a.Method == MethodAppRole})
	if err != nil {
		return "", c.explainLogin(err)
	}
	return c.tokenOf(answer)
}

func (c *Client) tokenOf(answer *api.Secret) (string, error) {
	switch {
	case answer.Auth != nil && answer.Auth.ClientToken != "":
		return answer.Auth.ClientToken, nil
	case answer.Auth != nil && answer.Auth.MFARequirement != nil:
		return "", &Error{
			Kind:    KindLogin,
			Message: c.loginPlace() + " wants a second factor",
			Hint:    "codexform cannot give one: use a login without it, or vault login and the token that it leaves",
		}
	}
	return "", &Error{Kind: KindProtocol, Message: c.loginPlace() + " answered without a token", Hint: hintNotVault}
}

// credentials is the body of the login request.
func (c *Client) credentials(ctx context.Context) (map[string]any, error) {
	body := c.config.Auth.names()
	key, proof, err := c.proof(ctx)
	if proof != "" {
		body[key] = proof
	}
	return body, err
}

// names is what a login says of itself that is no secret.
func (a Auth) names() map[string]any {
	key, name := "role", a.Role
	switch a.Method {
	case MethodAppRole:
		key, name = "role_id", a.RoleID
	case MethodCert:
		key = "name"
	case MethodUserpass, MethodLDAP:
		name = "" // it is in the path
	}
	if name == "" {
		return map[string]any{}
	}
	return map[string]any{key: name}
}

// proof is the secret part of a login, and its key in the request. A certificate
// has shown itself already.
func (c *Client) proof(ctx context.Context) (key, proof string, err error) {
	switch a := c.config.Auth; a.Method {
	case MethodAppRole:
		key = "secret_id"
		proof, err = c.secretID(ctx)
	case MethodJWT:
		key = "jwt"
		proof, err = c.jwt(ctx)
	case MethodKubernetes:
		key = "jwt"
		proof, err = c.serviceAccount()
	case MethodUserpass, MethodLDAP:
		key = "password"
		proof, err = c.session.parameter("auth.password", a.Password)
	}
	return key, proof, err
}

// secretID is AppRole's second half; a role may do without.
func (c *Client) secretID(ctx context.Context) (string, error) {
	p := c.config.Auth.SecretID
	if !p.Given() {
		return "", nil
	}
	value, err := c.session.parameter("auth.secret_id", p)
	if err == nil && !p.Wrapped {
		return value, noSecretID(value)
	}
	if err != nil {
		return "", err
	}
	inner, err := c.unwrap(ctx, value, wrappedSecretID)
	if err != nil {
		return "", err
	}
	id, _ := inner.Data["secret_id"].(string)
	if id == "" {
		return "", c.foreignWrap(wrappedSecretID)
	}
	return id, nil
}

var namedSecretID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(export +)?[a-z_]*secret_id *[ =:]`)
})

// noSecretID tells of what is no secret-id by its looks. Vault would only say that it is
// not right, and have seen it.
func noSecretID(v string) error {
	const key = "auth.secret_id"
	switch {
	case strings.HasPrefix(v, "hvs.") || strings.HasPrefix(v, "hvb."):
		return missing(key, "what is there is a token and no secret-id", "if it wraps one, say wrapped: true")
	case namedSecretID().MatchString(v):
		return missing(key, "what is there begins with secret_id and not with the value", "write the value alone, without its name")
	}
	return nil
}

func (c *Client) jwt(ctx context.Context) (string, error) {
	p := c.config.Auth.JWT
	if p.GitHubActions {
		return c.session.world.githubToken(ctx, p.Audience, c.config.Timeout)
	}
	return c.session.identity(p)
}

func (c *Client) serviceAccount() (string, error) {
	p := c.config.Auth.JWT
	if p.Given() {
		return c.session.identity(p)
	}
	token, err := c.session.identity(Parameter{File: podToken})
	var e *Error
	if errors.As(err, &e) {
		e.Hint = "this is for a pod with a service account; elsewhere give auth.jwt, or choose another auth.method"
	}
	return token, err
}

// loginPlace names the login for people.
func (c *Client) loginPlace() string {
	a := c.config.Auth
	place := fmt.Sprintf("the %s login at auth/%s of Vault at %s", a.Method, a.Mount, c.login.conn.where)
	switch {
	case a.Method == MethodUserpass || a.Method == MethodLDAP:
		return place + fmt.Sprintf(" as %q", a.Username)
	case a.Role != "":
		return place + fmt.Sprintf(" with role %q", a.Role)
	}
	return place
}
