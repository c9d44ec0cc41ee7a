package plan

import "slices"

// otherCredentials are the keys of a provider's entry, beside its headers, that name
// where Codex gets a credential. None of them holds one.
var otherCredentials = []string{"env_key", "auth", "gateway_oauth"}

// takeOver are the names of credentials that leave the entry of our provider: a
// credential goes with its host, so what the entry names for another one, or beside
// the secret of the desired state, is not left beside our base_url. Each is a removal
// like any other, and given back like any other.
func takeOver(d Desired, o Observed) []Removal {
	if d.Provider == nil {
		return nil
	}
	t := taking{d: d, o: o, at: Address{"model_providers", d.Provider.ID}}
	entry := o.Config.Get(t.at)
	t.moved = HostOf(entry.Get("base_url").Text()) != HostOf(d.Provider.BaseURL)
	for _, key := range otherCredentials {
		t.consider(t.below(key), t.moved || d.Secret != nil)
	}
	// Without env_key it would have Codex send the key in auth.json as well.
	t.consider(t.below("requires_openai_auth"), d.Provider.AuthHeader != "")
	const headers = "env_http_headers"
	for _, m := range entry.Get(headers).Members() {
		t.consider(t.below(headers, m.Key), t.moved || d.Secret != nil && (SecretName(m.Key) || SecretName(m.Value.Text())))
	}
	for _, e := range o.Ledger.Entries {
		if e.File == ConfigFile && e.Address.HasPrefix(t.below(headers)) {
			t.consider(e.Address, false)
		}
	}
	return t.out
}

type taking struct {
	d     Desired
	o     Observed
	at    Address // of the provider's entry
	moved bool    // the entry is for another host
	out   []Removal
}

func (t *taking) below(keys ...string) Address { return append(t.at[:len(t.at):len(t.at)], keys...) }

// consider takes a key away where it has to leave now, and keeps away what left at an
// earlier apply: beside our base_url it must not come back.
func (t *taking) consider(a Address, leaves bool) {
	e, owned := t.o.Ledger.Find(ConfigFile, a)
	now := t.o.Config.Get(a)
	was := t.o.Ledger.without(a, now)
	mine := owned && e.Prior.IsAbsent() && now.Equal(e.Last) || was.Kind() == KindTable && len(was.Members()) == 0
	leaves = leaves && !now.IsAbsent() && !mine
	kept := owned && !e.Prior.IsAbsent()
	if !leaves && !kept || t.named(a) {
		return
	}
	t.out = append(t.out, Removal{Address: a, Origin: t.d.Provider.Origin})
}

// named reports that the desired state itself speaks of a key, or that it is taken
// away already.
func (t *taking) named(a Address) bool {
	speaks := func(b Address) bool { return a.HasPrefix(b) || b.HasPrefix(a) }
	return slices.ContainsFunc(t.d.Settings, func(s Setting) bool { return speaks(s.Address) }) ||
		slices.ContainsFunc(t.d.Absent, func(r Removal) bool { return speaks(r.Address) }) ||
		slices.ContainsFunc(t.out, func(r Removal) bool { return r.Address.Equal(a) })
}

// without is what was found of config.toml at an address, with the keys below it that we
// own as they were before us.
func (l Ledger) without(a Address, found Value) Value {
	was := draft{value: found}
	for _, e := range l.Entries {
		if e.File != ConfigFile || len(e.Address) <= len(a) || !e.Address.HasPrefix(a) {
			continue
		}
		if below := e.Address[len(a):]; !was.look(below).IsAbsent() {
			was.put(below, e.Prior)
		}
	}
	return was.Value()
}
