package cli

import (
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
)

// offered are the keys of config.toml that whoever looks after many homes often takes
// over.
var offered = []string{"approval_policy", "sandbox_mode", "sandbox_workspace_write", "features", "mcp_servers", "projects"}

// offer writes, as comments, what a policy often takes over of a home: the settings as
// they are there, and what could be removed. Nothing of it that may be a secret.
func (d *draft) offer() {
	var settings []plan.Member
	for _, key := range offered {
		if d.takes(key) {
			continue
		}
		v := d.plain(plan.Address{key}, d.root().Get(key))
		if m := (plan.Member{Key: key, Value: v}); !v.IsAbsent() && d.accepts(settingsEntry([]plan.Member{m})) && d.refusal(plan.Table(m), true) == "" {
			settings = append(settings, m)
		}
	}
	if len(settings) > 0 {
		d.entries = append(d.entries, sources.Entry{
			Comment: "What a policy often takes over, as it is here, without what may be a secret or\nis this machine's alone. Switch on what it shall have; where there are settings\nalready, add it to them.",
			Key:     "settings", Value: plan.Table(settings...), Off: true,
		})
	}
	if gone := d.removable(); len(gone) > 0 {
		d.entries = append(d.entries, sources.Entry{
			Comment: "What stands here beside the policy, and could go. An apply takes away what is switched on.",
			Key:     "absent", Value: plan.List(gone...), Off: true,
		})
	}
}

// takes reports whether the draft asks for a key of the root already.
func (d *draft) takes(key string) bool {
	named := func(m plan.Member) bool { return m.Key == key }
	return slices.ContainsFunc(d.settings, named) || slices.ContainsFunc(d.defaults, named)
}

// removable are the tables of others: providers that are not in use, and MCP servers.
func (d *draft) removable() []plan.Value {
	var out []plan.Value
	for _, table := range []string{"model_providers", "mcp_servers"} {
		for _, m := range d.root().Get(table).Members() {
			used := table == "model_providers" && m.Key == d.root().Get("model_provider").Text()
			at := plan.List(plan.Str(table), plan.Str(m.Key))
			if !used && plan.KeySecrecy(m.Key) == plan.Harmless && d.accepts(sources.Entry{Key: "absent", Value: plan.List(at)}) {
				out = append(out, at)
			}
		}
	}
	return out
}

// plain is what of a value can be the same on other machines, and is no secret; absent
// where nothing is.
func (d *draft) plain(a plan.Address, v plan.Value) plan.Value {
	switch v.Kind() {
	case plan.KindTable:
		var members []plan.Member
		for _, m := range v.Members() {
			if p := d.plain(append(slices.Clone(a), m.Key), m.Value); !p.IsAbsent() {
				members = append(members, plan.Member{Key: d.portable(m.Key), Value: p})
			}
		}
		if len(members) == 0 || strings.HasPrefix(d.portable(a[len(a)-1]), "/") {
			return plan.Value{}
		}
		return plan.Table(members...)
	case plan.KindList:
		if slices.ContainsFunc(v.Items(), func(item plan.Value) bool { return !plainValue(item) }) {
			return plan.Value{}
		}
	default:
		if !plainValue(v) {
			return plan.Value{}
		}
	}
	named := func(key string) bool { return plan.KeySecrecy(key) != plan.Harmless }
	if plan.Secrecy(a, v) != plan.Harmless || slices.ContainsFunc(a, named) {
		return plan.Value{}
	}
	return v
}

// portable is a path below the user's folder as a policy for many users has it.
func (d *draft) portable(key string) string {
	if rest, below := strings.CutPrefix(key, d.world.Home+"/"); below && d.world.Home != "" {
		return "${home}/" + rest
	}
	return key
}
