package codex

import (
	"cmp"
	"slices"

	"github.com/codexform/codexform/plan"
)

// Checked is what the rules look at: a policy, and a Codex home before and after it.
type Checked struct {
	Desired plan.Desired
	Changes []plan.Change       // of config.toml
	Policy  []plan.PolicyChange // what else differs
	Before  plan.Observed
	Root    plan.Value // config.toml as it would be after the plan
	Auth    plan.Auth  // auth.json as it would be after the plan
	Layers  Layers
	// Asked is what an installed Codex said, nil when none was asked.
	Asked *Asked
	Env   Environment
	// Version is the Codex that will read the files; the zero one is the newest that
	// the tables know.
	Version Version
	// Hidden counts the sessions that Codex would no longer list; see HiddenSessions.
	Hidden int
	// Place is where an address stands in config.toml; nil when nobody knows.
	Place func(plan.Address) plan.Origin
}

// Rule is one thing that can stop a Codex home from doing what it says.
// docs/reference/rules.md has a section for each.
type Rule struct {
	ID string
	// Severity is that of a finding about a key of ours. A finding about any other
	// key is a warning at most.
	Severity plan.Severity
	Title    string

	check func(*finder) // nil for a rule that others apply, such as CheckLoad
}

// Rules are all rules, in the order of docs/reference/rules.md.
func Rules() []Rule {
	return slices.Concat(keyRules(), providerRules(), urlRules(), credentialRules(), modelRules(), layerRules(), reviewRules())
}

// Check applies every rule. The findings are in order: errors, warnings, infos,
// and each kind by place.
func Check(c Checked) []plan.Diagnostic {
	f := &finder{Checked: c, merged: c.Layers.Merge(c.Root)}
	for _, f.rule = range Rules() {
		if f.rule.check != nil {
			f.rule.check(f)
		}
	}
	slices.SortStableFunc(f.found, func(a, b plan.Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
			cmp.Compare(a.Origin.File, b.Origin.File),
			cmp.Compare(a.Origin.Line, b.Origin.Line),
			cmp.Compare(a.Origin.Column, b.Origin.Column),
		)
	})
	return f.found
}

// finder collects findings.
type finder struct {
	Checked
	merged plan.Value // Root with the other layers
	rule   Rule       // at work
	found  []plan.Diagnostic
	seen   []seenKey // see keys
	owned  *ownIndex // see ours
	moved  []moved   // see moves
}

// ours is the setting of the desired state that the key or table at an address
// belongs to, or the first one below it; nil when there is none. A default for
// which the user chose another value is not ours.
func (f *finder) ours(a plan.Address) *plan.Setting {
	if f.owned == nil {
		f.owned = f.ownIndex()
	}
	first := len(f.Desired.Settings)
	for n := range len(a) + 1 {
		if i, ok := f.owned.at[a[:n].Key()]; ok {
			first = min(first, i)
		}
	}
	if first == len(f.Desired.Settings) {
		i, ok := f.owned.above[a.Key()]
		if !ok {
			return nil
		}
		first = i
	}
	return &f.Desired.Settings[first]
}

// ownIndex is the first setting at each address, and the first below each.
type ownIndex struct{ at, above map[string]int }

func (f *finder) ownIndex() *ownIndex {
	x := &ownIndex{map[string]int{}, map[string]int{}}
	for i, s := range slices.Backward(f.Desired.Settings) {
		if s.Default && !f.Root.At(s.Address).Equal(s.Value) {
			continue
		}
		x.at[s.Address.Key()] = i
		for n := range len(s.Address) {
			x.above[s.Address[:n].Key()] = i
		}
	}
	return x
}

// add records a finding about the key at an address.
func (f *finder) add(a plan.Address, summary, fix string) {
	if s := f.ours(a); s != nil {
		f.addAt(s.Origin, f.rule.Severity, summary, fix)
		return
	}
	severity, origin := f.rule.Severity, plan.Origin{}
	if severity == plan.Error {
		severity = plan.Warning
	}
	if f.Place != nil {
		origin = f.Place(a)
	}
	f.addAt(origin, severity, summary, fix)
}

// addAt records a finding with all that is said of it.
func (f *finder) addAt(origin plan.Origin, severity plan.Severity, summary, fix string) {
	f.found = append(f.found, plan.Diagnostic{Severity: severity, Rule: f.rule.ID, Summary: summary, Fix: fix, Origin: origin})
}

// keyComes reports whether the policy puts a key into auth.json, also where nobody
// has looked it up yet.
func (f *finder) keyComes() bool {
	return f.Desired.Secret != nil && f.Desired.Delivery == plan.DeliveryAuthJSON
}

// elsewhere says which other file sets a key, for the end of a sentence; "" when
// it is config.toml.
func (f *finder) elsewhere(a plan.Address) string {
	for _, l := range f.Layers {
		if !l.Root.At(a).IsAbsent() && !f.Root.At(a).Equal(f.merged.At(a)) {
			return " (it stands in " + l.Path + ")"
		}
	}
	return ""
}
