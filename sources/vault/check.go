package vault

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// resolve is c with every default filled in, also those from the environment, or
// what is wrong with it.
func (c Config) resolve(w World) (Config, error) {
	c = c.withDefaults()
	c.Address = first(c.Address, w.env("VAULT_ADDR"))
	c.Namespace = strings.Trim(first(c.Namespace, w.env("VAULT_NAMESPACE")), "/")
	c.CACert = first(c.CACert, w.env("VAULT_CACERT"))
	if c.ClientCert == "" && c.ClientKey == "" {
		c.ClientCert, c.ClientKey = w.env("VAULT_CLIENT_CERT"), w.env("VAULT_CLIENT_KEY")
	}
	if err := c.check(); err != nil {
		return c, err
	}
	c.Mount, c.Auth.Mount = strings.Trim(c.Mount, "/"), strings.Trim(c.Auth.Mount, "/")
	c.Path = strings.Trim(c.Path, "/")
	c.Address = strings.TrimSuffix(c.Address, "/")
	return c, nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// check judges a Config that has its defaults.
func (c Config) check() error {
	if err := checkAddress(c.Address); err != nil {
		return err
	}
	for _, p := range []struct{ key, value string }{
		{"mount", c.Mount}, {"path", c.Path}, {"auth.mount", c.Auth.Mount}, {"namespace", c.Namespace},
	} {
		if err := checkPath(p.key, p.value, p.key == "namespace"); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(engines(), c.Engine):
		return configError("engine is none of auto, kv1 and kv2", "leave it out: codexform finds out")
	case c.Version < 0:
		return configError("version is negative", "leave version out for the newest one")
	case c.Version > 0 && c.Engine == EngineKV1:
		return configError("a version is asked for, and engine kv1 has none", "leave version out, or set engine: kv2")
	case c.Timeout < time.Millisecond || c.Timeout > time.Minute:
		return configError("timeout is not between 1ms and 1m", "leave it out for 10s")
	case (c.ClientCert == "") != (c.ClientKey == ""):
		return configError("client_cert and client_key go together, and one of them is missing", "give both, or none")
	}
	return c.checkAuth()
}

// checkAddress never shows the address: it may hold a password.
func checkAddress(address string) error {
	if address == "" {
		return configError("no address of Vault", "set address, or the variable VAULT_ADDR")
	}
	if strings.Contains(address, "${env.") {
		return nil // a review has read no variable, and asks no Vault
	}
	u, err := url.Parse(address)
	const hint = "write it like https://vault.example.com:8200 or unix:///run/vault.sock"
	switch {
	case err != nil, u.Scheme == "", u.Opaque != "":
		return configError("address is not a URL", hint)
	case u.Scheme == "unix" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		return nil
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return configError("address is not an http://, https:// or unix:// URL with a host", hint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return configError("address begins with http://, which would send the token and the key in clear", "use https://; http:// is for loopback only")
	case u.User != nil:
		return configError("address holds a user name or a password", "log in with auth, and leave them out of the address")
	case u.RawQuery != "" || u.Fragment != "":
		return configError("address has a query or a fragment", hint)
	case strings.HasPrefix(u.Path+"/", "/v1/"), strings.HasPrefix(u.Path, "/ui"):
		return configError("address goes on after the host", "leave "+u.Path[:3]+" out: "+hint)
	}
	return nil
}

// checkPath refuses what would reach another side of Vault's API.
func checkPath(key, p string, mayBeEmpty bool) error {
	p = strings.Trim(p, "/")
	if p == "" {
		if mayBeEmpty {
			return nil
		}
		return configError(key+" is missing", "write it as vault kv get does, for example team/codex")
	}
	for _, segment := range strings.Split(p, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return configError(fmt.Sprintf("%s %q has an empty, . or .. segment", key, p), "write it as vault kv get does, for example team/codex")
		}
	}
	for _, r := range p {
		if r < ' ' || r == 0x7f || r == '\\' {
			return configError(key+" has a control character or a backslash", "write it as vault kv get does, for example team/codex")
		}
	}
	return nil
}

func configError(message, hint string) *Error {
	return &Error{Kind: KindConfig, Message: message, Hint: hint}
}
