package vault

import (
	"errors"
	"fmt"
	"strings"
)

// explainLogin says why a login was refused, as far as Vault lets on.
func (c *Client) explainLogin(err error) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	why, hint := c.whyRefused(r)
	if why != "" {
		why = ": " + why
	}
	return &Error{
		Kind: KindLogin, Status: r.status, Hint: hint,
		Message: fmt.Sprintf("%s was refused (%d)%s", c.loginPlace(), r.status, why),
	}
}

func (c *Client) whyRefused(r *refusal) (why, hint string) {
	if r.status == 404 || r.says("no handler for route", "unsupported path") {
		return "there is no such login", c.noLogin()
	}
	switch c.config.Auth.Method {
	case MethodAppRole:
		return c.whyAppRole(r)
	case MethodJWT:
		if r.status == 403 {
			return "", c.absent()
		}
		why, hint = whyJWT(r)
		return why, strings.ReplaceAll(hint, "MOUNT", c.config.Auth.Mount)
	case MethodKubernetes:
		return c.whyKubernetes(r)
	case MethodCert:
		return whyCert(r)
	}
	return c.whyPassword(r)
}

func (c *Client) noLogin() string {
	if mount, found := strings.CutPrefix(inAPI(c.config.Auth.Mount), "auth/"); found {
		return "write auth.mount: " + mount + ", without auth/"
	}
	return fmt.Sprintf("vault auth list shows what is enabled; set auth.mount when it is not %q", c.config.Auth.Method)
}

// lockedOut is absent, and why somebody who is right is refused all the same.
func (c *Client) lockedOut() string {
	absent := c.absent()
	if strings.HasPrefix(absent, "write ") {
		return absent
	}
	return "after several wrong tries the right one is refused too, for a while (user lockout); or " + absent
}

// absent is what a 403 to a login without a token means, beside what the method adds.
func (c *Client) absent() string {
	if mount, found := strings.CutPrefix(inAPI(c.config.Auth.Mount), "auth/"); found {
		return "write auth.mount: " + mount + ", without auth/"
	}
	return fmt.Sprintf("is a login enabled at auth/%s (vault auth list), and may this machine's address use it?", c.config.Auth.Mount)
}

func (c *Client) whyAppRole(r *refusal) (why, hint string) {
	if r.status == 403 {
		return "", c.lockedOut()
	}
	hint = "both are of one role? A secret-id also ends by its ttl, by its number of uses, or is bound to another address"
	if r.says("missing secret_id") {
		return "the role wants a secret_id", "give auth.secret_id as {file: PATH} or {env: NAME}"
	}
	return "the role_id or the secret_id is not right any more", hint
}

// claims are the names that we show when the server says that the role binds them.
// A name that is not here may be anything that a server says.
var claims = []string{
	"repository", "repository_owner", "repository_id", "repository_visibility", "ref", "ref_type", "ref_protected",
	"environment", "workflow", "workflow_ref", "job_workflow_ref", "event_name", "actor", "runner_environment",
	"project_path", "project_id", "namespace_path", "namespace_id", "pipeline_source", "user_login", "user_email",
	"sub", "groups", "email", "iss", "azp",
}

// boundClaim is the claim that the server's words are about, as far as it may be shown.
func boundClaim(r *refusal) (text string, found bool) {
	for _, name := range claims {
		if r.says(`claim "` + name + `"`) {
			return fmt.Sprintf("the claim %q of the identity token", name), true
		}
	}
	return "a claim of the identity token", r.says(`claim "`)
}

// jwtReasons are the server's words that we know, and ours for them.
var jwtReasons = []struct{ words, why, hint string }{
	{"invalid audience (aud)", "the identity token is for another audience", "ask for the audience that the role has in bound_audiences"},
	{"audience claim does not match", "the identity token is for another audience", "ask for the audience that the role has in bound_audiences"},
	{"invalid issuer (iss)", "the identity token is from another issuer", "the login's bound_issuer has to be the issuer of this CI system"},
	{"invalid expiration time (exp)", "the identity token is expired", "get a new one; is this machine's clock right?"},
	{"token is expired", "the identity token is expired", "get a new one; is this machine's clock right?"},
	{"invalid not before (nbf)", "the identity token is not valid yet", "do the clocks of Vault and of the issuer differ?"},
	{"invalid issued at (iat)", "the identity token is from the future", "do the clocks of Vault and of the issuer differ?"},
	{"error verifying token signature", "the identity token's signature is not the issuer's", "is the login set up for this issuer (oidc_discovery_url, jwks_url or its keys)?"},
	{"signature", "the identity token's signature is not the issuer's", "is the login set up for this issuer (oidc_discovery_url, jwks_url or its keys)?"},
	{"invalid subject (sub)", "the identity token is of another subject", "the role's bound_subject has to be the token's sub"},
	{"sub claim does not match", "the identity token is of another subject", "the role's bound_subject has to be the token's sub"},
	{"role_type is not allowed", "the role is for logins in a browser (role_type oidc)", "vault write auth/MOUNT/role/NAME role_type=jwt makes one for machines"},
	{"oidc\" role_type", "the role is for logins in a browser (role_type oidc)", "vault write auth/MOUNT/role/NAME role_type=jwt makes one for machines"},
	{"could not be found", "there is no such role", "vault list auth/MOUNT/role shows the roles"},
	{"missing role", "no role is given, and the login has no default", "set auth.role"},
}

func whyJWT(r *refusal) (why, hint string) {
	claim, found := boundClaim(r)
	if found && r.says("not found in token", "is missing") || r.says("claim not found in token") {
		return claim + " is not there", "the role wants it (user_claim, groups_claim, bound_claims): take a token that has it, or another role"
	}
	if found {
		return claim + " is not what the role allows",
			"the role is bound to another repository, branch or user: look at bound_claims; a fork is meant to be refused"
	}
	for _, known := range jwtReasons {
		if r.says(known.words) {
			return known.why, known.hint
		}
	}
	return "", "is a login enabled at that mount, and is the identity token a JWT of the right issuer?"
}

func (c *Client) whyKubernetes(r *refusal) (why, hint string) {
	switch {
	case r.says("invalid role name"):
		return "there is no such role", fmt.Sprintf("vault list auth/%s/role shows the roles", c.config.Auth.Mount)
	case r.says("service account name not authorized"):
		return "the role is not for this service account", "add it to bound_service_account_names of the role"
	case r.says("namespace not authorized"):
		return "the role is not for this Kubernetes namespace", "add it to bound_service_account_namespaces of the role"
	}
	return "", "the cluster did not vouch for the token: it is expired or of another cluster, Vault may not ask (system:auth-delegator), or " + c.absent()
}

func whyCert(r *refusal) (why, hint string) {
	if r.says("client certificate must be supplied", "tls connection required") {
		return "no client certificate arrived", "something in front of Vault ends TLS: connect past it, or set address to Vault itself"
	}
	return "no role takes the client certificate", "its authority, name or expiry is not what the role wants; set auth.role to try one role only"
}

func (c *Client) whyPassword(r *refusal) (why, hint string) {
	if r.status == 403 {
		return "", c.lockedOut()
	}
	if r.says("error connecting to host", "Network Error") {
		return "Vault does not reach its directory", "the login's url and starttls (vault read auth/" + c.config.Auth.Mount + "/config) have to lead Vault there"
	}
	return "the user name or the password is not right", "try vault login -method=" + string(c.config.Auth.Method) + " by hand"
}
