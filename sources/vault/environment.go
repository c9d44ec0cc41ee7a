package vault

import (
	"net/netip"
	"strconv"
	"strings"
)

// unused are the variables of Vault's own tools that have no effect here: what
// they say has a place in the desired state, or would make a run less safe.
var unused = []string{
	"VAULT_AGENT_ADDR", "VAULT_CACERT_BYTES", "VAULT_CAPATH", "VAULT_HEADERS", "VAULT_HTTP_PROXY",
	"VAULT_PROXY_ADDR", "VAULT_TLS_SERVER_NAME", "VAULT_WRAP_TTL",
}

// warnings is what people should know before anything is asked.
func (c Config) warnings(w World) []string {
	var all []string
	if skip, err := strconv.ParseBool(w.env("VAULT_SKIP_VERIFY")); err == nil && skip {
		all = append(all, "VAULT_SKIP_VERIFY is not honoured: Vault's certificate is always verified; give a private authority with ca_cert")
	}
	if set := w.set(unused); len(set) > 0 {
		all = append(all, strings.Join(set, ", ")+": set, and not used by codexform")
	}
	return all
}

// set are those of the variables that have a value.
func (w World) set(names []string) []string {
	var set []string
	for _, name := range names {
		if w.env(name) != "" {
			set = append(set, name)
		}
	}
	return set
}

// suspects are the variables that Vault's library reads at its start and cannot do
// without understanding. Its own error may hold their values.
func (w World) suspects() string {
	return strings.Join(w.set([]string{
		"VAULT_CACERT", "VAULT_CACERT_BYTES", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY",
		"VAULT_CLIENT_TIMEOUT", "VAULT_DISABLE_REDIRECTS", "VAULT_HEADERS", "VAULT_HTTP_PROXY", "VAULT_MAX_RETRIES",
		"VAULT_PROXY_ADDR", "VAULT_RATE_LIMIT", "VAULT_SKIP_VERIFY", "VAULT_SRV_LOOKUP",
	}), ", ")
}

// isLoopback reports whether the host of a URL is this machine. A name in DNS may
// be anywhere, but for localhost.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
