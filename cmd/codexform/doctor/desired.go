package doctor

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// wholeDesired is the desired state with everything else that stands in config.toml
// added, so that the rules judge the user's own keys as strictly. Providers that are
// not in use stay out: what is wrong with them stops nothing.
func (e *exam) wholeDesired() plan.Desired {
	d := e.wants
	id := e.after.Root.Get("model_provider").Text()
	if e.policy == nil {
		d.Provider, d.Secret, d.Delivery = e.ownProvider(id), e.ownSecret(id), plan.DeliveryAuthJSON
	}
	d.Settings = slices.Clone(d.Settings)
	named := map[string]bool{}
	for _, s := range d.Settings {
		named[s.Address.Key()] = true
	}
	walkLeaves(nil, e.after.Root, func(a plan.Address, v plan.Value) {
		used := a[0] != "model_providers" || len(a) > 1 && a[1] == id
		if used && !named[a.Key()] {
			d.Settings = append(d.Settings, plan.Setting{Address: a, Value: v, Origin: e.snapshot.Place(a)})
		}
	})
	return d
}

func walkLeaves(at plan.Address, v plan.Value, found func(plan.Address, plan.Value)) {
	if v.Kind() == plan.KindTable && len(v.Members()) > 0 {
		for _, m := range v.Members() {
			walkLeaves(append(at[:len(at):len(at)], m.Key), m.Value, found)
		}
		return
	}
	if len(at) > 0 {
		found(at, v)
	}
}

// ownProvider is the provider in use as if somebody had asked for it.
func (e *exam) ownProvider(id string) *plan.Provider {
	entry := e.after.Root.Get("model_providers").Get(id)
	if entry.Kind() != plan.KindTable {
		return nil
	}
	return &plan.Provider{
		ID: id, Name: entry.Get("name").Text(), BaseURL: entry.Get("base_url").Text(), EnvKey: entry.Get("env_key").Text(),
		Origin: e.snapshot.Place(plan.Address{"model_providers", id}),
	}
}

// ownSecret is the key in auth.json as if somebody had asked for it there, nil where
// the provider looks elsewhere, or a login comes first.
func (e *exam) ownSecret(id string) *plan.Wanted {
	auth := e.snapshot.Observed.Auth
	entry := e.after.Root.Get("model_providers").Get(id)
	if !auth.Key.Known() || auth.HasMode && auth.AuthMode != "apikey" || entry.Kind() != plan.KindTable {
		return nil
	}
	for _, other := range []string{"env_key", "experimental_bearer_token", "auth", "gateway_oauth"} {
		if !entry.Get(other).IsAbsent() {
			return nil
		}
	}
	return &plan.Wanted{Ref: plan.AuthFile, Value: auth.Key}
}
