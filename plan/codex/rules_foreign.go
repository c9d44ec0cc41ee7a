package codex

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/codexform/codexform/plan"
)

const bearerKey = "experimental_bearer_token"

// foreignCredential finds keys in clear in the entry of our provider. Names of
// credentials leave with the old base_url, and destroy gives them back; a key itself
// is neither kept nor sent to another host, so somebody has to decide. Where the settings
// lead an entry elsewhere, which need not be ours otherwise, only what is a key for certain
// is found, and nothing leaves.
func foreignCredential(f *finder) {
	if p := f.Desired.Provider; p != nil {
		f.foreignIn(plan.Address{"model_providers", p.ID}, p.BaseURL, p.Origin)
		return
	}
	for _, s := range f.Desired.Settings {
		if a := s.Address; len(a) == 3 && a[0] == "model_providers" && a[2] == "base_url" && !s.Default {
			f.foreignIn(a[:2:2], s.Value.Text(), s.Origin)
		}
	}
}

// foreignIn finds them in an entry that the desired state leads to a base_url.
func (f *finder) foreignIn(at plan.Address, base string, origin plan.Origin) {
	was := f.Before.Config.Get(at)
	moved := plan.HostOf(was.Get("base_url").Text()) != plan.HostOf(base)
	entry := plan.Config{Root: f.Root}.Get(at)
	found := foreign{was: was, host: plan.HostOf(base), origin: origin}
	if entry.Get(bearerKey).Text() != "" && (moved || f.Desired.Secret != nil) {
		f.addForeign(append(at[:2:2], bearerKey), found)
	}
	for _, place := range []string{httpHeaders, queryParams} {
		for _, m := range entry.Get(place).Members() {
			field := Field{Name: m.Key, Value: plan.NewSecret([]byte(m.Value.Text())), Place: place}
			key := field.carriesCredential()
			if moved && (key || f.Desired.Provider != nil && !field.harmless()) || f.Desired.Secret != nil && key {
				f.addForeign(append(at[:2:2], place, m.Key), found)
			}
		}
	}
}

// foreign is an entry as it was, the host to which it will lead, and what in the desired
// state says so.
type foreign struct {
	was    plan.Value
	host   string
	origin plan.Origin
}

func (f *finder) addForeign(a plan.Address, in foreign) {
	if f.names(a) {
		return
	}
	id, from := "provider.id", ""
	if f.Desired.Provider == nil {
		id = "id below model_providers"
	}
	if host := plan.HostOf(in.was.Get("base_url").Text()); host != "" {
		from = ", a key for " + host
	}
	origin := in.origin
	if f.Place != nil {
		if at := f.Place(a); at != (plan.Origin{}) {
			origin = at
		}
	}
	f.addAt(origin, f.rule.Severity,
		fmt.Sprintf("%s%s, would go to %s with every request", a, from, place(in.host)),
		fmt.Sprintf("choose another %s, or list %s under absent: it is a secret and will not come back", id, yamlPath(a)))
}

// names reports that the desired state itself sets a key.
func (f *finder) names(a plan.Address) bool {
	return slices.ContainsFunc(f.Desired.Settings, func(s plan.Setting) bool { return a.HasPrefix(s.Address) })
}

// yamlPath is an address as absent lists it.
func yamlPath(a plan.Address) string {
	out := "["
	for i, segment := range a {
		if i > 0 {
			out += ", "
		}
		out += segment
	}
	return out + "]"
}

// harmlessNames are headers and parameters that say what is spoken, and to whom.
var harmlessNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(api-version|version|user-agent|accept.*|content-type|origin|(http-)?referer|x-title|openai-beta|anthropic-(version|beta))$`)
})

var harmlessValues = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(|true|false|on|off|yes|no|[0-9]{1,6}|v?[0-9]+(\.[0-9]+){1,2}|[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?)$`)
})

// harmless reports a header or parameter that may go to any host.
func (f Field) harmless() bool {
	switch f.secrecy() {
	case plan.Harmless:
		return true
	case plan.IsSecret:
		return false
	}
	return harmlessNames().MatchString(f.Name) || harmlessValues().MatchString(string(f.Value.Reveal()))
}
