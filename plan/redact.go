package plan

import (
	"regexp"
	"strings"
	"sync"
)

// Masked stands in a Value for a text that looks like a secret.
const Masked = secretMask

// secretNames end the names of keys whose text is a credential.
var secretNames = []string{"token", "password", "secret", "api_key", "apikey", "authorization", "x-api-key", "cookie"}

// keyShape matches texts that look like a key wherever they stand.
var keyShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(sk|pk|rk|hvs|hvb|ghp|gho|xox[bp])[-_.][A-Za-z0-9_.-]{12,}|\bey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.`)
})

// Redact is v with every text in it masked that looks like a secret, by the
// name of its key or by its own shape. The desired state may not hold one, but
// the user's files may, and a plan is published.
func Redact(a Address, v Value) Value {
	switch v.kind {
	case KindString:
		if v.text != "" && (len(a) > 0 && SecretName(a[len(a)-1]) || keyShape().MatchString(v.text)) {
			return Str(Masked)
		}
	case KindList:
		items := make([]Value, len(v.list))
		for i, item := range v.list {
			items[i] = Redact(a, item)
		}
		return List(items...)
	case KindTable:
		members := make([]Member, len(v.table))
		for i, m := range v.table {
			members[i] = Member{m.Key, Redact(append(a[:len(a):len(a)], m.Key), m.Value)}
		}
		return Table(members...)
	}
	return v
}

// SecretName reports whether a key of this name usually holds a credential.
// Names of variables (env_key) and of stores do not count.
func SecretName(name string) bool {
	name = strings.ToLower(name)
	for _, s := range secretNames {
		if name == s || strings.HasSuffix(name, "_"+s) || strings.HasSuffix(name, "-"+s) {
			return true
		}
	}
	return false
}

// redacted masks what was there before; what the desired state wants has been
// refused by sources where it held a secret.
func redacted(changes []Change) []Change {
	for i, c := range changes {
		changes[i].Before = Redact(c.Address, c.Before)
		if c.Action == NoOp || c.Action == Release {
			changes[i].After = Redact(c.Address, c.After)
		}
	}
	return changes
}
