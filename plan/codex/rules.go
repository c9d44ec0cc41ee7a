package codex

import (
	"cmp"
	"slices"

	"github.com/codexform/codexform/plan"
)

// Checked is what the rules look at: a policy, and a Codex home before and after it.
type Checked struct {
	Desired plan.Desired
	Before  plan.Observed
	Root    plan.Value // config.toml as it would be after the plan
	Auth    plan.Auth  // auth.json as it would be after the plan
	Layers  Layers
	Env     Environment
	// Version is the Codex that will read the files, as in "0.169.0"; "" when that is
	// not known.
	Version string
	// Hidden counts the sessions that Codex would no longer list; see Sessions.
	Hidden int
	// Place is where an address stands in config.toml; nil when nobody knows.
	Place func(plan.Address) plan.Origin
}

// check is one rule at work; it adds what it finds.
type check func(*finder)

// checks are all rules, in the order of docs/reference/rules.md.
var checks = []check{
	providerNameOpenAI,
}

// Check applies every rule. The findings are in order: errors, warnings, infos,
// and each kind by place. A finding about a key that is not ours is never an error.
func Check(c Checked) []plan.Diagnostic {
	f := &finder{Checked: c}
	for _, run := range checks {
		run(f)
	}
	slices.SortStableFunc(f.found, func(a, b plan.Diagnostic) int {
		return cmp.Or(
			cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)),
			cmp.Compare(a.Origin.File, b.Origin.File),
			cmp.Compare(a.Origin.Line, b.Origin.Line),
			cmp.Compare(a.Origin.Column, b.Origin.Column),
		)
	})
	return f.found
}

func severityRank(s plan.Severity) int {
	return slices.Index([]plan.Severity{plan.Error, plan.Warning, plan.Info}, s)
}

// finder collects findings.
type finder struct {
	Checked
	found []plan.Diagnostic
}

// ours is the setting of the desired state that names an address, nil when none does.
func (f *finder) ours(a plan.Address) *plan.Setting {
	for i := range f.Desired.Settings {
		if f.Desired.Settings[i].Address.Equal(a) {
			return &f.Desired.Settings[i]
		}
	}
	return nil
}

// add records a finding about the key at an address. An error about a key that
// is not ours becomes a warning.
func (f *finder) add(a plan.Address, d plan.Diagnostic) {
	if s := f.ours(a); s != nil {
		d.Origin = s.Origin
	} else {
		if d.Severity == plan.Error {
			d.Severity = plan.Warning
		}
		if f.Place != nil {
			d.Origin = f.Place(a)
		}
	}
	f.found = append(f.found, d)
}
