package codex

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// unknownKeys takes away what is known to be dead, and gives a key its right name where
// only one can be meant and its value fits there.
func (m *mender) unknownKeys() {
	m.walk(func(s sighting) bool {
		if s.known {
			return true
		}
		if fix := hint(s.address); strings.HasPrefix(fix, "remove it") && !m.leaves(s.address, s.value) {
			m.set(s.address, plan.Value{})
		} else if to := m.meant(s.address, fix); to != nil {
			m.rename(s, to)
		}
		return false
	})
}

// meant is the one key that an unknown one can stand for, nil when there is none, or a
// choice.
func (m *mender) meant(a plan.Address, fix string) plan.Address {
	name, single := strings.CutPrefix(fix, "use ")
	switch {
	case single && !strings.Contains(name, " "):
		return besides(a, name)
	case fix != "":
		return nil
	}
	if near := m.nearKeys(a); len(near) == 1 {
		return append(a[:len(a)-1:len(a)-1], near[0])
	}
	return nil
}

// nearKeys is the function of this name, for many versions.
func (m *mender) nearKeys(a plan.Address) []string {
	path, known := pathOf(a[:len(a)-1], m.Version)
	if !known {
		return nil
	}
	names, ok := m.near[a.Key()]
	if !ok {
		names = nearNames(path, a[len(a)-1])
		m.near[a.Key()] = names
	}
	return alive(path, names, m.Version)
}

// besides is where a name stands that a hint gives: beside the key, or, with dots in
// it, from the top.
func besides(a plan.Address, name string) plan.Address {
	if path := strings.Split(name, "."); len(path) > 1 {
		return path
	}
	return append(a[:len(a)-1:len(a)-1], name)
}

// rename moves a value to its right name. Where something is there already, Codex
// reads that, and the other one goes.
func (m *mender) rename(s sighting, to plan.Address) {
	taken := m.speaksOf(to) || !m.Root.At(to).IsAbsent()
	if to[:len(to)-1].Equal(s.address[:len(s.address)-1]) && m.mayMove(s, to, taken) {
		m.repairs = append(m.repairs, plan.Repair{Address: s.address, To: to, Rule: m.at.Rule, Origin: m.at.Origin})
		return
	}
	switch {
	case m.leaves(s.address, s.value), !plan.Redact(to, s.value).Equal(s.value):
		return
	case taken && s.value.Kind() == plan.KindTable:
		return // a table may hold what the other one lacks
	case !taken && (!m.fits(to, s.value) || m.stopsCodex(m.Root.Without(s.address).With(to, s.value))):
		return
	case !taken:
		m.set(to, s.value)
	}
	m.set(s.address, plan.Value{})
}

// mayMove reports whether a key that may hold a secret goes to its right name as it is,
// or did: in its table nothing is the policy's, or the secret would meet another host.
func (m *mender) mayMove(s sighting, to plan.Address, taken bool) bool {
	secret := !plan.Redact(s.address, s.value).Equal(s.value) || !plan.Redact(to, s.value).Equal(s.value)
	switch {
	case slices.Contains(s.address, item) || slices.ContainsFunc(s.address, plan.LooksSecret) || len(s.address) < 2 || m.speaksOf(s.address[:len(s.address)-1]):
		return false
	case m.repaired(plan.Repair{Address: s.address}):
		return taken
	}
	return secret && !taken && m.fits(to, s.value) && !m.stopsCodex(m.Root.Without(s.address).With(to, s.value))
}

// stopsCodex reports whether a repaired file would lack what goes with its keys, or have
// keys that do not go together, where the file as it is does not: an unknown key is
// ignored, and what it was meant to be may be refused there.
func (m *mender) stopsCodex(root plan.Value) bool {
	faults := func(root plan.Value) int {
		c := m.Checked
		c.Root = root
		f := &finder{Checked: c, merged: c.Layers.Counting(root, c.Version)}
		incompleteTables(f)
		conflictingKeys(f)
		return len(f.found)
	}
	return faults(root) > faults(m.Root)
}

// fits reports whether Codex takes a value at an address, and knows all that is in it.
func (m *mender) fits(a plan.Address, v plan.Value) bool {
	key, known := LookupKey(a, m.Version)
	if !known || key == nil || !key.takes(v) {
		return false
	}
	return !slices.ContainsFunc(v.Members(), func(member plan.Member) bool {
		return !m.fits(append(slices.Clone(a), member.Key), member.Value)
	})
}

// removedKeys takes away what Codex has given up: a switch that does nothing, a key that
// it refuses. A profile is more than its key, so that one stays.
func (m *mender) removedKeys() {
	m.walk(func(s sighting) bool {
		if !s.known || s.key == nil {
			return false
		}
		dead := s.key.Stage == "removed" || s.key.Refused && s.address.String() != "profile"
		if dead && !m.leaves(s.address, s.value) {
			m.set(s.address, plan.Value{})
		}
		return !dead
	})
}

// wireAPIChat has Codex start again where a provider that nobody uses stops it. One
// that is used needs somebody who knows what its gateway speaks.
func (m *mender) wireAPIChat() {
	if m.Version.measuredBy().Compare(chatGone) < 0 {
		return
	}
	for _, p := range m.Root.Get("model_providers").Members() {
		a := plan.Address{"model_providers", p.Key, "wire_api"}
		right := plan.Repair{Address: a, Value: plan.Str("responses")}
		if p.Value.Get("wire_api").Text() == "chat" && !m.leaves(a, p.Value.Get("wire_api")) && (!m.used(p.Key) || m.repaired(right)) {
			m.set(a, right.Value)
		}
	}
}

// used reports whether anything selects a provider: the policy, and without its word
// the file; a profile.
func (m *mender) used(id string) bool {
	selected := selectedProvider(m.merged)
	for _, s := range m.Desired.Settings {
		if s.Address.String() == "model_provider" && !(s.Default && m.Root.Get("model_provider").Kind() == plan.KindString) {
			selected = s.Value.Text()
		}
	}
	selects := func(root plan.Value) bool { return root.Get("model_provider").Text() == id }
	return selected == id ||
		slices.ContainsFunc(m.Root.Get("profiles").Members(), func(p plan.Member) bool { return selects(p.Value) }) ||
		slices.ContainsFunc(m.Profiles, func(l Layer) bool { return selects(l.Root) })
}
