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
	from := "address"
	if c.Address == "" {
		if c.Address = strings.TrimSpace(w.env("VAULT_ADDR")); c.Address != "" {
			from = "VAULT_ADDR"
		}
	}
	c.Namespace = strings.Trim(first(c.Namespace, w.env("VAULT_NAMESPACE")), "/")
	c.CACert = first(c.CACert, w.env("VAULT_CACERT"))
	if c.ClientCert == "" && c.ClientKey == "" {
		c.ClientCert, c.ClientKey = w.env("VAULT_CLIENT_CERT"), w.env("VAULT_CLIENT_KEY")
	}
	if err := c.check(from); err != nil {
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
func (c Config) check(from string) error {
	if err := checkAddress(from, c.Address); err != nil {
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
		return configError("client_cert and client_key go together, and one of them is missing", "give both, or none; the variables VAULT_CLIENT_CERT and VAULT_CLIENT_KEY count where neither is given")
	}
	return c.checkAuth()
}

// checkAddress never shows the address: it may hold a password. from is where it is given.
func checkAddress(from, address string) error {
	if address == "" {
		return configError("no address of Vault", "set address, or the variable VAULT_ADDR")
	}
	if strings.Contains(address, "${env.") {
		return nil // a review has read no variable, and asks no Vault
	}
	u, err := url.Parse(address)
	const hint = "write it like https://vault.example.com:8200 or unix:///run/vault.sock"
	switch {
	case !strings.Contains(address, "://"):
		return configError(from+" is not a URL", "put https:// before it: "+hint)
	case err != nil, u.Scheme == "", u.Opaque != "":
		return configError(from+" is not a URL", hint)
	case u.Scheme == "unix" && u.Host == "" && strings.HasPrefix(u.Path, "/"):
		return nil
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return configError(from+" is not an http://, https:// or unix:// URL with a host", hint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return configError(from+" begins with http://, which would send the token and the key in clear", "use https://; http:// is for loopback only")
	case len(u.Port()) > 5 || len(u.Port()) == 5 && u.Port() > "65535":
		return configError(from+" has a port over 65535", hint)
	case u.User != nil:
		return configError(from+" holds a user name or a password", "log in with auth, and leave them out of the address")
	case u.RawQuery != "" || u.Fragment != "":
		return configError(from+" has a query or a fragment", hint)
	case strings.HasPrefix(u.Path+"/", "/v1/"), strings.HasPrefix(u.Path, "/ui"):
		return configError(from+" goes on after the host", "leave "+u.Path[:3]+" out: "+hint)
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
	if m := Meant("secret", p); key == "path" && strings.Contains(p, "://") && m.Path != "" {
		return configError("path is an address and not a path", "write "+m.write(Config{Mount: "secret"}))
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
