package codex

import (
	"strings"

	"github.com/codexform/codexform/plan"
)

// memory is what a ledger knows of credentials that are ours, and for which host.
type memory struct{ plan.Ledger }

// keyHost is where the key in auth.json belongs, and whether it is ours at all. "" is
// a host that nobody knows any more.
func (m memory) keyHost() (string, bool) {
	e, owned := m.Find(plan.AuthFile, plan.KeyMember)
	if !owned || e.Fingerprint == "" {
		return "", false
	}
	if e.Host != "" {
		return e.Host, true
	}
	// A ledger from before hosts were kept.
	id, _ := m.Find(plan.ConfigFile, plan.Address{"model_provider"})
	return m.providerHost(id.Last.Text()), true
}

func (m memory) providerHost(id string) string {
	base, _ := m.Find(plan.ConfigFile, plan.Address{"model_providers", id, "base_url"})
	return plan.HostOf(base.Last.Text())
}

// ours reports that the ledger knows a key as the one that was applied for a host.
func (m memory) ours(key plan.Secret, host string) bool {
	at, known := m.keyHost()
	return known && at != "" && at == host && m.holds(key)
}

func (m memory) holds(key plan.Secret) bool {
	e, _ := m.Find(plan.AuthFile, plan.KeyMember)
	return e.Fingerprint != "" && e.Fingerprint == key.Fingerprint(m.FingerprintKey)
}

// strangeKey is where a key among what an access would send belongs, when that is
// another host; what is "" when there is none. The secret given is not strange.
func (m memory) strangeKey(a Access, secret plan.Secret) (host, what string) {
	if at, known := m.keyHost(); known && at != a.Origin() {
		for _, s := range a.secrets() {
			if m.holds(s) && !(secret.Known() && s.Equal(secret)) {
				return at, "key from " + a.Credential
			}
		}
	}
	return "", ""
}

// strangeVariable is the same for the variables that an access would send.
func (m memory) strangeVariable(a Access) (host, what string) {
	for _, name := range a.variables() {
		if at, known := m.variableHost(name); known && at != a.Origin() {
			return at, "variable " + plan.ShowName(name)
		}
	}
	return "", ""
}

// variableHost is where the value of a variable goes by what was applied last, and
// whether any of our keys names it.
func (m memory) variableHost(name string) (string, bool) {
	for _, e := range m.Entries {
		a := e.Address
		if e.File != plan.ConfigFile || len(a) < 3 || a[0] != "model_providers" || e.Last.Text() != name {
			continue
		}
		if a[2] == "env_key" || a[2] == envHeaders {
			return m.providerHost(a[1]), true
		}
	}
	return "", false
}

// secrets are all texts that an access would send and that can be a key.
func (a Access) secrets() []plan.Secret {
	out := []plan.Secret{a.Secret}
	for _, f := range a.fields() {
		out = append(out, f.Value)
		if bearer, ok := bearerOf(f.Value); ok {
			out = append(out, bearer)
		}
	}
	return out
}

// variables are the variables whose values an access would send.
func (a Access) variables() []string {
	var out []string
	if name := a.Variable(); name != "" {
		out = append(out, name)
	}
	for _, f := range a.fields() {
		if f.Variable != "" {
			out = append(out, f.Variable)
		}
	}
	return out
}

// Variable is the variable that the credential comes from, "" for any other.
func (a Access) Variable() string {
	name, ok := strings.CutPrefix(a.Credential, "env:")
	if !ok {
		return ""
	}
	return name
}
