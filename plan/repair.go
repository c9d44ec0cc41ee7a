package plan

import "slices"

// RepairRules are the rules with a fix that asks for nobody's judgement, and lies in
// config.toml alone.
var RepairRules = []string{"removed-key", "unknown-key", "wire-api-chat"}

// RepairRule is a rule whose fix the policy wants for the user's own keys too.
type RepairRule struct {
	Rule   string
	Origin Origin
}

// Repair is what such a rule makes of one key of config.toml in one home: it is a change
// like any other, ours from then on, and given back like any other.
type Repair struct {
	Address Address
	Value   Value // absent: the key goes
	// To is where a key's value goes that may be a secret, and is not kept: there it is
	// the user's, and goes back to its name when everything else is given back.
	To     Address
	Rule   string
	Origin Origin
}

// repairs are the wishes of d's repairs. The policy's own keys go before them: what it
// names, or lies around that, no rule repairs.
func (d Desired) repairs(before []wish) []wish {
	var out []wish
	for _, r := range d.Repairs {
		related := func(w wish) bool { return w.Address.HasPrefix(r.Address) || r.Address.HasPrefix(w.Address) }
		if slices.ContainsFunc(before, related) || slices.ContainsFunc(out, related) {
			continue
		}
		if r.To != nil {
			r.Rule += ", moved to " + r.To.String()
		}
		out = append(out, wish{
			Setting: Setting{Address: r.Address, Value: r.Value, Origin: r.Origin},
			absent:  r.Value.IsAbsent(), repair: true, to: r.To, reason: "repair: " + r.Rule,
		})
	}
	return out
}

// WithoutOurs is config.toml as it would be had we never come, as far as the ledger
// knows: what of the user's may be a secret is masked in it.
func (o Observed) WithoutOurs() Value {
	root := draft{value: o.Config.Root}
	for _, e := range holdingOf(o, ConfigFile).held {
		switch {
		case e.removed():
			root.put(e.Address, merged(root.At(e.Address), e.Prior))
		case e.stands(o.Config.Root):
			root.put(e.Address, e.Prior)
			root.prune(e)
		}
	}
	return root.Value()
}

// prune takes away the tables that we made around a key, where nothing is in them.
func (d *draft) prune(e Entry) {
	for i := len(e.Address) - 1; i > 0 && i >= len(e.Address)-e.Made; i-- {
		if t := d.look(e.Address[:i]); t.Kind() != KindTable || len(t.Members()) > 0 {
			break
		}
		d.remove(e.Address[:i])
	}
}

// Same reports whether two repairs make the same of the same key.
func (r Repair) Same(s Repair) bool {
	return r.Address.Equal(s.Address) && r.Value.Equal(s.Value) && r.To.Equal(s.To)
}

// moved puts the user's own value where a repair wants it. Nobody holds it there: it may
// be a secret, which is not kept. The ledger has where it went, and its fingerprint.
func (h *holding) moved(w wish, v Value) {
	h.put(&h.set, Step{Address: w.to, Value: v})
	h.changes = append(h.changes, Change{
		Address: w.to, Action: Create, After: Redact(w.to, v), Origin: w.Origin,
		Reason: "moved from " + w.Address.String() + ": yours, and back there when our keys are given back",
	})
}

// movesBack gives a value that a repair has moved its old name back, where it is still as
// it was then, and nobody speaks of either name.
func (h *holding) movesBack(e Entry) bool {
	if e.MovedTo == nil {
		return false
	}
	a, from := e.Address, e.MovedTo
	v := h.found.At(from)
	spoken := func(w wish) bool { return w.as == nil && (meet(w.Address, a) || meet(w.Address, from)) }
	if v.IsAbsent() || !h.now.look(from).Equal(v) || !h.now.look(a).IsAbsent() || slices.ContainsFunc(h.wishes, spoken) ||
		e.Fingerprint == "" || e.Fingerprint != h.fingerprint(v) {
		return false
	}
	h.put(&h.set, Step{Address: from})
	h.put(&h.set, Step{Address: a, Value: v})
	h.changes = append(h.changes, Change{
		Address: from, Action: Delete, Before: Redact(from, v), GivesBack: true, Reason: "moved back to " + a.String(),
	})
	h.changes = append(h.changes, Change{
		Address: a, Action: Create, After: Redact(a, v), GivesBack: true, Reason: "given back: the name from before",
	})
	return true
}

// fingerprint tells a value that is not kept from another.
func (h *holding) fingerprint(v Value) string {
	text, err := v.MarshalJSON()
	if err != nil {
		return ""
	}
	return NewSecret(text).Fingerprint(h.key)
}
