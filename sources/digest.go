package sources

import (
	"bytes"
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
	text, err := b.canonical(d).MarshalJSON()
	if err != nil {
		panic("a desired state that JSON cannot hold: " + err.Error())
	}
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, text) // as digests have always been made
	sum := sha256.Sum256(escaped.Bytes())
	return "sha256:" + hex.EncodeToString(sum[:])
}

// canonical is all that the digest speaks of, in the form that encoding/json would
// give to the structs; its reflection would cost more than all else of reading a policy.
func (b builder) canonical(d plan.Desired) plan.Value {
	secret := plan.Value{}
	if n := b.root.get("secret"); n != nil {
		secret = sortedValue(n.toValue())
	}
	members := []plan.Member{
		{Key: "Format", Value: plan.Int(1)},
		{Key: "Home", Value: plan.Str(b.root.get("codex_home").text())},
		{Key: "Delivery", Value: plan.Str(string(d.Delivery))},
		{Key: "Provider", Value: canonicalProvider(d.Provider)},
		{Key: "Settings", Value: b.canonicalSettings(d)},
		{Key: "Absent", Value: canonicalAbsent(d.Absent)},
		{Key: "Secret", Value: secret},
		{Key: "Confirm", Value: canonicalConfirm(d.Confirm)},
	}
	if d.System {
		members = append(members, plan.Member{Key: "Layer", Value: plan.Str("system")}, plan.Member{Key: "Enforce", Value: plan.Bool(len(d.Pins) > 0)})
	}
	if v := b.policyVersion(); v != 0 {
		members = append(members, plan.Member{Key: "Version", Value: plan.Int(v)})
	}
	if len(d.Repair) > 0 {
		members = append(members, plan.Member{Key: "Repair", Value: canonicalRepair(d.Repair)})
	}
	return plan.Table(members...)
}

func canonicalRepair(rules []plan.RepairRule) plan.Value {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Rule
	}
	slices.Sort(names)
	return texts(names)
}

func canonicalProvider(p *plan.Provider) plan.Value {
	if p == nil {
		return plan.Value{}
	}
	return plan.Table(
		plan.Member{Key: "ID", Value: plan.Str(p.ID)}, plan.Member{Key: "Name", Value: plan.Str(p.Name)},
		plan.Member{Key: "BaseURL", Value: plan.Str(p.BaseURL)}, plan.Member{Key: "EnvKey", Value: plan.Str(p.EnvKey)},
		plan.Member{Key: "AuthHeader", Value: plan.Str(p.AuthHeader)}, plan.Member{Key: "Origin", Value: plan.Str("")},
	)
}

func canonicalConfirm(c plan.Confirm) plan.Value {
	models := texts(c.Models)
	if c.Models != nil && len(c.Models) == 0 {
		models = plan.List()
	}
	return plan.Table(
		plan.Member{Key: "Enabled", Value: plan.Bool(c.Enabled)}, plan.Member{Key: "Models", Value: models},
		plan.Member{Key: "Timeout", Value: plan.Int(int64(c.Timeout))}, plan.Member{Key: "Attempts", Value: plan.Int(int64(c.Attempts))},
		plan.Member{Key: "OnFailure", Value: plan.Str(string(c.OnFailure))},
	)
}

func (b builder) canonicalSettings(d plan.Desired) plan.Value {
	var items []plan.Value
	for _, s := range sorted(d.Settings) {
		if !b.ofToken(s.Address, d) {
			items = append(items, plan.List(texts(s.Address), sortedValue(s.Value), plan.Bool(s.Default)))
		}
	}
	return listOrNull(items)
}

func canonicalAbsent(absent []plan.Removal) plan.Value {
	addresses := make([]plan.Address, len(absent))
	for i, r := range absent {
		addresses[i] = r.Address
	}
	slices.SortFunc(addresses, plan.Address.Compare)
	var items []plan.Value
	for _, a := range addresses {
		items = append(items, texts(a))
	}
	return listOrNull(items)
}

func texts(words []string) plan.Value {
	items := make([]plan.Value, len(words))
	for i, w := range words {
		items[i] = plan.Str(w)
	}
	return listOrNull(items)
}

func listOrNull(items []plan.Value) plan.Value {
	if len(items) == 0 {
		return plan.Value{}
	}
	return plan.List(items...)
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
