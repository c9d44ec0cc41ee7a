package codex

import (
	"slices"

	"github.com/codexform/codexform/plan"
)

// fixes are the rules with a fix that asks for nobody's judgement and lies in
// config.toml alone: those that a policy may list under repair.
var fixes = map[string]func(*mender){
	"unknown-key":   (*mender).unknownKeys,
	"removed-key":   (*mender).removedKeys,
	"wire-api-chat": (*mender).wireAPIChat,
}

// Repairs are what the rules under repair of c.Desired make of the home c.Before, for
// Codex of some versions, none for the newest that the tables know. They are worked out
// upon the file as it would be without us, so they are the same before and after an
// apply; and what a rule has repaired stays so whichever Codex reads the file next.
// Only what is new depends on versions: open says that for some there is something new.
func Repairs(c Checked, versions []Version) (repairs []plan.Repair, open bool) {
	if len(c.Desired.Repair) == 0 {
		return nil, false
	}
	p := patient{c, c.Before.WithoutOurs(), map[string][]string{}}
	for _, v := range measured {
		for _, r := range p.mend(v) {
			if !c.repaired(r) {
				open = true
			} else if !slices.ContainsFunc(repairs, r.Same) {
				repairs = append(repairs, r)
			}
		}
	}
	if len(versions) == 0 {
		versions = []Version{newest}
	}
	for _, r := range p.mend(versions[0]) {
		if !c.repaired(r) && p.allMend(versions[1:], r) {
			repairs = append(repairs, r)
		}
	}
	return repairs, open
}

// patient is a home under repair.
type patient struct {
	Checked
	base plan.Value          // config.toml as it would be without us
	near map[string][]string // names that were looked for, by their address
}

// allMend reports whether the rules make the same of a key for all of some versions.
func (p patient) allMend(versions []Version, r plan.Repair) bool {
	return !slices.ContainsFunc(versions, func(v Version) bool { return !slices.ContainsFunc(p.mend(v), r.Same) })
}

// repaired reports whether a repair was made already, and stands.
func (c Checked) repaired(r plan.Repair) bool {
	e, ours := c.Before.Ledger.Find(plan.ConfigFile, r.Address)
	return ours && e.Last.Equal(r.Value)
}

// mend is what the rules make of the home for one version.
func (p patient) mend(v Version) []plan.Repair {
	c := p.Checked
	c.Root, c.Version, c.Layers = p.base, v, c.Layers.For(v)
	m := &mender{finder: &finder{Checked: c, merged: c.Layers.Counting(p.base, v)}, near: p.near}
	for _, m.at = range c.Desired.Repair {
		if v.Compare(newest) <= 0 || m.at.Rule == "wire-api-chat" { // a newer Codex may know what the tables do not
			fixes[m.at.Rule](m)
		}
	}
	return m.repairs
}

// mender collects what the rules make of a file.
type mender struct {
	*finder
	at      plan.RepairRule // at work
	near    map[string][]string
	repairs []plan.Repair
}

// set repairs a key, with an absent value by taking it away.
func (m *mender) set(a plan.Address, v plan.Value) {
	m.repairs = append(m.repairs, plan.Repair{Address: a, Value: v, Rule: m.at.Rule, Origin: m.at.Origin})
}

// leaves reports what no rule touches: what the policy names, what lies in a list or below
// a key that is a secret itself, and what may be a secret, which could not be given back.
func (m *mender) leaves(a plan.Address, v plan.Value) bool {
	return slices.Contains(a, item) || slices.ContainsFunc(a, plan.LooksSecret) || m.speaksOf(a) || !plan.Redact(a, v).Equal(v)
}

// speaksOf reports whether the policy itself names a key, or one above or below it.
func (m *mender) speaksOf(a plan.Address) bool {
	related := func(b plan.Address) bool { return a.HasPrefix(b) || b.HasPrefix(a) }
	return slices.ContainsFunc(m.Desired.Settings, func(s plan.Setting) bool { return related(s.Address) }) ||
		slices.ContainsFunc(m.Desired.Absent, func(r plan.Removal) bool { return related(r.Address) })
}
