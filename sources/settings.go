package sources

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"

	"github.com/codexform/codexform/plan"
)

// entry is a setting or a removal on its way into the desired state.
type entry struct {
	plan.Setting
	soft   bool // ours, not the policy's: gives way when the policy says the same or something else
	absent bool
}

// givesWay reports whether e is ours and f may stand in its place. What must not be
// there beside our keys gives way only to a removal.
func (e entry) givesWay(f entry) bool { return e.soft && (!e.absent || f.absent) }

// settings are all keys of config.toml that the policy names, in the order in
// which new ones are written: root keys, the provider's, other tables.
func (b builder) settings(d plan.Desired) ([]plan.Setting, []plan.Removal) {
	entries := append(b.model(), b.providerKeys(d)...)
	entries = slices.Grow(entries, entriesIn(b.root.get("settings"))+entriesIn(b.root.get("defaults")))
	entries = flatten(entries, b.root.get("settings"), nil, false)
	entries = flatten(entries, b.root.get("defaults"), nil, true)
	entries = append(entries, b.absent(d)...)
	entries = b.once(entries)

	settings := make([]plan.Setting, 0, len(entries))
	var removals []plan.Removal
	for _, e := range entries {
		if e.absent {
			removals = append(removals, plan.Removal{Address: e.Address, Origin: e.Origin})
		} else {
			settings = append(settings, e.Setting)
		}
	}
	slices.SortStableFunc(settings, func(x, y plan.Setting) int { return cmp.Compare(inTable(x), inTable(y)) })
	return settings, removals
}

// inTable is 0 for a root key, 1 for a key of a table.
func inTable(s plan.Setting) int { return min(len(s.Address)-1, 1) }

func (b builder) model() []entry {
	var out []entry
	add := func(key string, n *node, soft bool) {
		if n != nil && n.kind != bad {
			out = append(out, entry{plan.Setting{Address: plan.Address{key}, Value: n.value, Origin: n.at}, soft, false})
		}
	}
	if p := b.root.get("provider"); p != nil {
		id := plan.Str(cmp.Or(p.get("id").text(), defaultProviderID))
		add("model_provider", &node{kind: scalar, value: id, at: originOf(p.get("id"), p)}, false)
	}
	model, review := b.root.get("model"), b.root.get("review_model")
	add("model", model, false)
	add("review_model", cmp.Or(review, model), review == nil)
	add("model_reasoning_effort", b.root.get("reasoning_effort"), false)
	return out
}

const defaultProviderID = "OpenAI"

// providerKeys are the keys of the provider's table.
func (b builder) providerKeys(d plan.Desired) []entry {
	p := b.root.get("provider")
	if p == nil || d.Provider == nil {
		return nil
	}
	var out []entry
	add := func(v plan.Value, at plan.Origin, soft bool, path ...string) {
		address := append(plan.Address{"model_providers", d.Provider.ID}, path...)
		out = append(out, entry{Setting: plan.Setting{Address: address, Value: v, Origin: at}, soft: soft})
	}
	name, wire := p.get("name"), p.get("wire_api")
	add(plan.Str(d.Provider.Name), originOf(name, p.get("base_url"), p), name == nil, "name")
	out[0].Implied = name == nil
	add(plan.Str(d.Provider.BaseURL), d.Provider.Origin, false, "base_url")
	add(plan.Str(cmp.Or(wire.text(), "responses")), originOf(wire, p), wire == nil, "wire_api")

	at := originOf(b.root.get("delivery"), p)
	switch d.Delivery {
	case plan.DeliveryAuthJSON:
		add(plan.Bool(true), at, false, "requires_openai_auth")
	case plan.DeliveryEnvKey:
		at, path := originOf(p.get("env_key"), p), []string{"env_key"}
		if d.Provider.AuthHeader != "" {
			at, path = originOf(p.get("auth_header"), p), []string{"env_http_headers", d.Provider.AuthHeader}
		}
		add(plan.Str(d.Provider.EnvKey), at, false, path...)
	case plan.DeliveryCommand:
		add(plan.Str("codexform"), at, false, "auth", "command")
		add(plan.List(b.tokenArgs()...), at, false, "auth", "args")
	}
	return out
}

// tokenArgs make codexform print the secret of this policy. Codex runs it in the
// folder of a session, so every path is absolute.
func (b builder) tokenArgs() []plan.Value {
	args := []plan.Value{plan.Str("token")}
	for _, name := range b.names {
		args = append(args, plan.Str("-f"), plan.Str(b.whole(name)))
	}
	return args
}

// rivals are keys of the provider that Codex does not accept beside its auth table.
var rivals = []string{"requires_openai_auth", "env_key", "experimental_bearer_token", "gateway_oauth"}

func (b builder) absent(d plan.Desired) []entry {
	var out []entry
	if n := b.root.get("absent"); n != nil {
		for _, path := range n.items {
			address := plan.Address(path.texts())
			if path.kind == list && len(address) > 0 {
				out = append(out, entry{Setting: plan.Setting{Address: address, Origin: path.at}, absent: true})
				b.dottedPath(address, path)
			}
		}
	}
	if d.Provider == nil || d.Delivery != plan.DeliveryCommand {
		return out
	}
	for _, key := range rivals {
		address := plan.Address{"model_providers", d.Provider.ID, key}
		out = append(out, entry{plan.Setting{Address: address, Origin: originOf(b.root.get("delivery"))}, true, true})
	}
	return out
}

// dottedPath warns of a path of one key whose name is a path itself.
func (b builder) dottedPath(address plan.Address, n *node) {
	if len(address) == 1 && dotted(address[0]) && sayable(address[0]) {
		b.warn(plan.Diagnostic{
			Severity: plan.Warning, Rule: "rarely-meant", Origin: n.at,
			Summary: "absent: " + address.String() + " is one key with dots in its name",
			Fix:     "write " + pathOf(address[0]) + ", unless the key is called so",
		})
	}
}

// flatten turns nested keys into one entry for each leaf. Tables inside lists stay values.
func flatten(out []entry, n *node, path plan.Address, isDefault bool) []entry {
	if n == nil || n.kind == bad {
		return out
	}
	if n.kind != table {
		if len(path) == 0 {
			return out
		}
		return append(out, entry{Setting: plan.Setting{Address: path, Value: n.toValue(), Default: isDefault, Origin: n.at}})
	}
	for _, f := range n.fields {
		out = flatten(out, f.value, child(path, f.name), isDefault)
	}
	return out
}

// entriesIn is how many entries flatten gives at most.
func entriesIn(n *node) int {
	if n == nil || n.kind != table {
		return 1
	}
	sum := 0
	for _, f := range n.fields {
		sum += entriesIn(f.value)
	}
	return sum
}

// once drops our own defaults where the policy names the key, and reports keys that
// are named twice, or together with a table that holds them.
func (b builder) once(entries []entry) []entry {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return entries[i].Address.Compare(entries[j].Address) })
	drop := make([]bool, len(entries))
	top := -1 // the entry that the following ones may lie below
	for _, i := range order {
		e := entries[i]
		if top < 0 || !e.Address.HasPrefix(entries[top].Address) || drop[top] {
			top = i
			continue
		}
		switch other := entries[top]; {
		case e.givesWay(other):
			drop[i] = true
		case other.givesWay(e):
			drop[top], top = true, i
		default:
			b.twice(other, e)
			drop[i] = true
		}
	}
	out := make([]entry, 0, len(entries))
	for i, e := range entries {
		if !drop[i] {
			out = append(out, e)
		}
	}
	return out
}

// twice reports two entries about one key, at the later place.
func (b builder) twice(x, y entry) {
	if y.Address.Equal(x.Address) && b.before(y.Origin, x.Origin) {
		x, y = y, x
	}
	what := "this key"
	if !y.Address.Equal(x.Address) {
		what = "this lies below " + showPath(x.Address) + ", which"
	}
	b.at(y.Origin, fmt.Sprintf("%s%s is named at %s too", about(y.Address), what, x.Origin), "name it in one place")
}

func (b builder) before(x, y plan.Origin) bool {
	return cmp.Or(
		cmp.Compare(slices.Index(b.files, x.File), slices.Index(b.files, y.File)),
		cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column)) < 0
}

// host is the host of a URL, "" when it is none.
func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
