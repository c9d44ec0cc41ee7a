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
// is neither kept nor sent to another host, so somebody has to decide.
func foreignCredential(f *finder) {
	p := f.Desired.Provider
	if p == nil {
		return
	}
	at := plan.Address{"model_providers", p.ID}
	was := f.Before.Config.Get(at)
	moved := plan.HostOf(was.Get("base_url").Text()) != plan.HostOf(p.BaseURL)
	entry := plan.Config{Root: f.Root}.Get(at)
	if entry.Get(bearerKey).Text() != "" && (moved || f.Desired.Secret != nil) {
		f.addForeign(append(at, bearerKey), was)
	}
	for _, place := range []string{httpHeaders, queryParams} {
		for _, m := range entry.Get(place).Members() {
			field := Field{Name: m.Key, Value: plan.NewSecret([]byte(m.Value.Text())), Place: place}
			if moved && !field.harmless() || f.Desired.Secret != nil && field.carriesCredential() {
				f.addForeign(append(at[:2:2], place, m.Key), was)
			}
		}
	}
}

func (f *finder) addForeign(a plan.Address, was plan.Value) {
	if f.names(a) {
		return
	}
	p, from := f.Desired.Provider, ""
	if host := plan.HostOf(was.Get("base_url").Text()); host != "" {
		from = ", a key for " + host
	}
	origin := p.Origin
	if f.Place != nil {
		if at := f.Place(a); at != (plan.Origin{}) {
			origin = at
		}
	}
	f.addAt(origin, f.rule.Severity,
		fmt.Sprintf("%s%s, would go to %s with every request", a, from, place(plan.HostOf(p.BaseURL))),
		fmt.Sprintf("choose another provider.id, or list %s under absent: it is a secret and will not come back", yamlPath(a)))
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
