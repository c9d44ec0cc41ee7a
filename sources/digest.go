package sources

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/codexform/codexform/plan"
)

// digest is a hash of what the policy means: the same for every order of keys,
// every spelling of values and every place of the files. Placeholders count as
// they are written, so one policy has one digest on all machines.
func (b builder) digest(d plan.Desired) string {
	canonical := struct {
		Format   int
		Home     string
		Delivery plan.Delivery
		Provider *plan.Provider
		Settings [][3]any
		Absent   []plan.Address
		Secret   plan.Value
		Confirm  plan.Confirm
		Version  int64 `json:",omitempty"`
	}{Format: 1, Version: b.policyVersion(), Home: b.root.get("codex_home").text(), Delivery: d.Delivery, Confirm: d.Confirm}
	if d.Provider != nil {
		p := *d.Provider
		p.Origin = plan.Origin{}
		canonical.Provider = &p
	}
	for _, s := range sorted(d.Settings) {
		if !b.ofToken(s.Address, d) {
			canonical.Settings = append(canonical.Settings, [3]any{s.Address, sortedValue(s.Value), s.Default})
		}
	}
	for _, r := range d.Absent {
		canonical.Absent = append(canonical.Absent, r.Address)
	}
	slices.SortFunc(canonical.Absent, plan.Address.Compare)
	if n := b.root.get("secret"); n != nil {
		canonical.Secret = sortedValue(n.toValue())
	}
	text, err := json.Marshal(canonical)
	if err != nil {
		panic("a desired state that JSON cannot hold: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ofToken reports whether a setting only says where the policy's files are.
func (b builder) ofToken(a plan.Address, d plan.Desired) bool {
	return d.Delivery == plan.DeliveryCommand && d.Provider != nil &&
		a.Equal(plan.Address{"model_providers", d.Provider.ID, "auth", "args"})
}

func sorted(settings []plan.Setting) []plan.Setting {
	out := slices.Clone(settings)
	slices.SortFunc(out, func(x, y plan.Setting) int { return x.Address.Compare(y.Address) })
	return out
}

// sortedValue is v with the members of every table in order of their keys.
func sortedValue(v plan.Value) plan.Value {
	switch v.Kind() {
	case plan.KindList:
		var items []plan.Value
		for _, item := range v.Items() {
			items = append(items, sortedValue(item))
		}
		return plan.List(items...)
	case plan.KindTable:
		var members []plan.Member
		for _, m := range v.Members() {
			members = append(members, plan.Member{Key: m.Key, Value: sortedValue(m.Value)})
		}
		slices.SortFunc(members, func(x, y plan.Member) int {
			return plan.Address{x.Key}.Compare(plan.Address{y.Key})
		})
		return plan.Table(members...)
	}
	return v
}
