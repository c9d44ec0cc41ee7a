package vault

import (
	"cmp"
	"strconv"
	"time"
)

// Config says where a secret lies in Vault and how to log in: the vault: part of
// the desired state. The zero value of a field means its default; New fills those
// in, so the reader of the desired state need not. What is secret is never in a
// Config, only where to find it.
type Config struct {
	Address    string        // address: default VAULT_ADDR; http, https or unix://
	Namespace  string        // namespace: default VAULT_NAMESPACE
	Mount      string        // mount: default secret
	Path       string        // path: below the mount, without data/; required
	Field      string        // field: default api_key
	Engine     Engine        // engine: default auto
	Version    int           // version: of KV version 2; 0 is the newest
	CACert     string        // ca_cert: a PEM file; default VAULT_CACERT
	ClientCert string        // client_cert: a PEM file; default VAULT_CLIENT_CERT
	ClientKey  string        // client_key: a PEM file; default VAULT_CLIENT_KEY
	Timeout    time.Duration // timeout: of one request; default 10 s
	Auth       Auth          // auth
}

// Engine is the kind of a secrets engine.
type Engine string

// The engines. EngineAuto asks Vault.
const (
	EngineAuto Engine = "auto"
	EngineKV1  Engine = "kv1"
	EngineKV2  Engine = "kv2"
)

// engines are all engines, as the desired state spells them.
func engines() []Engine { return []Engine{EngineAuto, EngineKV1, EngineKV2} }

// Auth says how to log in.
type Auth struct {
	Method   Method    // method: default token
	Mount    string    // mount: default the method's name
	Role     string    // role: jwt, kubernetes, cert; with approle it names the role whose wrapped secret-id is expected
	RoleID   string    // role_id: approle
	Username string    // username: userpass, ldap
	Token    Parameter // token: token; default VAULT_TOKEN, then ~/.vault-token
	SecretID Parameter // secret_id: approle
	JWT      Parameter // jwt: jwt; kubernetes, where the default is the pod's own token file
	Password Parameter // password: userpass, ldap
}

// Method is a way to log in.
type Method string

// The methods.
const (
	MethodToken      Method = "token"
	MethodAppRole    Method = "approle"
	MethodJWT        Method = "jwt"
	MethodKubernetes Method = "kubernetes"
	MethodUserpass   Method = "userpass"
	MethodLDAP       Method = "ldap"
	MethodCert       Method = "cert"
)

// methods are all methods, as the desired state spells them.
func methods() []Method {
	return []Method{MethodToken, MethodAppRole, MethodJWT, MethodKubernetes, MethodUserpass, MethodLDAP, MethodCert}
}

// Parameter says where a secret parameter of a login is found. At most one of Env,
// File and GitHubActions is set; the zero Parameter is not given.
type Parameter struct {
	Env           string // env: the name of a variable
	File          string // file: a path; one final line break is cut
	GitHubActions bool   // github_actions: an identity token from the runner that we are on; only for auth.jwt
	Audience      string // github_actions.audience: default the runner's own
	// Wrapped: wrapped: what is found is a wrapping token, to be checked and
	// unwrapped first. Only for auth.secret_id and auth.token.
	Wrapped bool
}

// Given reports whether p says anything.
func (p Parameter) Given() bool { return p != Parameter{} }

// PinnedVersion is the version that the desired state asks for, "" when it asks
// for the newest. Where it is the version that was applied last, there is nothing
// to fetch.
func (c Config) PinnedVersion() string {
	if c.Version == 0 {
		return ""
	}
	return strconv.Itoa(c.Version)
}

// SingleUse reports whether a fetch spends the credential: a wrapping token opens
// once. A plan of such a source leaves nothing for the apply after it.
func (c Config) SingleUse() bool { return c.Auth.SecretID.Wrapped || c.Auth.Token.Wrapped }

// Ref names the secret for people: "vault:secret/codex#api_key".
func (c Config) Ref() string {
	c = c.withDefaults()
	return "vault:" + c.Mount + "/" + c.Path + "#" + c.Field
}

func (c Config) withDefaults() Config {
	c.Mount = cmp.Or(c.Mount, "secret")
	c.Field = cmp.Or(c.Field, "api_key")
	c.Engine = cmp.Or(c.Engine, EngineAuto)
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	c.Auth.Method = cmp.Or(c.Auth.Method, MethodToken)
	c.Auth.Mount = cmp.Or(c.Auth.Mount, string(c.Auth.Method))
	return c
}
