package codex

import (
	"cmp"
	"slices"
	"strings"

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
	// Profiles are the files of ReadProfiles.
	Profiles Layers
	// Asked is what an installed Codex said, nil when none was asked.
	Asked *Asked
	Env   Environment
	// Version is the Codex that will read the files; the zero one is the newest that
	// the tables know.
	Version Version
	// Word is what a Codex that is newer than the tables says of Root itself, nil when
	// there is none or it was not asked.
	Word *Word
	// CodexAction reports that openai/codex-action will add its provider to the file.
	CodexAction bool
	// Hidden counts the sessions that Codex would no longer list; see HiddenSessions.
	Hidden int
	// Partial reports that Root is only what a policy makes, and the rest of a home is
	// not known: what a table lacks may be there.
	Partial bool
	// Home and Config are the home's path and config.toml as it would be, for a Codex that
	// is asked; File says what is wrong with a file that a key names, "" when Codex can read
	// it. They may be missing.
	Home   string
	Config []byte
	File   func(key, path string) string
	// Place is where an address stands in config.toml; nil when nobody knows.
	Place func(plan.Address) plan.Origin
}

// Rule is one thing that can stop a Codex home from doing what it says.
// docs/reference/rules.md has a section for each. How to add one: .github/CONTRIBUTING.md,
// "A rule".
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
	return slices.Concat(keyRules(), requirementRules(), providerRules(), urlRules(), credentialRules(), modelRules(), layerRules(), profileRules(), fileRules(), reviewRules())
}

// Check applies every rule. The findings are in order: errors, warnings, infos,
// and each kind by place.
func Check(c Checked) []plan.Diagnostic {
	c.Layers = c.Layers.For(c.Version)
	f := &finder{Checked: c, merged: c.Layers.Counting(c.Root, c.Version)}
	for _, f.rule = range Rules() {
		if f.rule.check != nil {
			f.rule.check(f)
		}
	}
	if f.Word != nil && f.Word.Loads {
		f.found = slices.DeleteFunc(f.found, func(d plan.Diagnostic) bool { return d.Stops }) // it does start
	}
	sortFindings(f.found)
	return f.found
}

// codex names the Codex that a finding is about: one that came after the tables where it
// was asked itself, else the one that they were measured with.
func (f *finder) codex() Version {
	if f.Word != nil {
		return f.Version
	}
	return f.Version.measuredBy()
}

func sortFindings(found []plan.Diagnostic) {
	slices.SortStableFunc(found, func(a, b plan.Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Severity.Rank(), b.Severity.Rank()),
			cmp.Compare(a.Origin.File, b.Origin.File),
			cmp.Compare(a.Origin.Line, b.Origin.Line),
			cmp.Compare(a.Origin.Column, b.Origin.Column),
		)
	})
}

// finder collects findings.
type finder struct {
	Checked
	merged plan.Value // Root with the other layers
	rule   Rule       // at work
	found  []plan.Diagnostic
	seen   []sighting // see walk
	levels map[string]*level
	room   []string  // see child
	owned  *ownIndex // see ours
	stops  []stopped
	past   *finder // over the home as it was
	moved  []moved // see moves
	judged []judgement
}

// ours is the setting of the desired state that the key or table at an address
// belongs to, or the first one below it; nil when there is none. A default for
// which the user chose another value is not ours.
func (f *finder) ours(a plan.Address) *plan.Setting {
	if f.owned == nil {
		f.owned = f.ownIndex()
	}
	first := len(f.Desired.Settings)
	for _, i := range plan.UpTo(f.owned.at, a) {
		first = min(first, i)
	}
	if first == len(f.Desired.Settings) {
		i, ok := plan.In(f.owned.above, a)
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
	x := &ownIndex{make(map[string]int, len(f.Desired.Settings)), map[string]int{}}
	for i, s := range f.Desired.Settings {
		if s.Default && !f.Root.At(s.Address).Equal(s.Value) {
			continue
		}
		if _, there := plan.In(x.at, s.Address); !there {
			x.at[s.Address.Key()] = i
		}
		for n := len(s.Address) - 1; n >= 0; n-- {
			if _, there := plan.In(x.above, s.Address[:n]); there {
				break // and so are those above it
			}
			x.above[s.Address[:n].Key()] = i
		}
	}
	return x
}

// add keeps a finding about the key at an address.
func (f *finder) add(a plan.Address, summary, fix string) {
	a = outside(a)
	if s := f.ours(a); s != nil {
		severity := f.rule.Severity
		if f.Partial && slices.Contains(lacking, f.rule.ID) {
			severity = plan.Warning
		}
		f.addAt(f.placeOf(a, *s), severity, summary, fix)
		return
	}
	severity := f.rule.Severity
	if severity == plan.Error {
		severity = plan.Warning
	}
	origin, caused := f.caused(a, summary)
	if !caused {
		origin = f.place(a)
	}
	f.addAt(origin, severity, summary, fix)
}

// caused is the line of the change that brings a finding about a key of the user's about,
// where there was no such finding before: it stands with the change, not with what the
// user has to mend.
func (f *finder) caused(a plan.Address, summary string) (plan.Origin, bool) {
	i := slices.IndexFunc(f.Changes, func(c plan.Change) bool {
		return c.Edits() && (c.Address.HasPrefix(a) || a.HasPrefix(c.Address))
	})
	if i < 0 || slices.ContainsFunc(f.before().found, func(d plan.Diagnostic) bool { return d.Rule == f.rule.ID && d.Summary == summary }) {
		return plan.Origin{}, false
	}
	return f.Changes[i].Origin, true
}

// stop is add for what Codex does not start with. Where it did start before, it is the
// policy's too, whichever key it is about: it took something away, or added what does not
// go with it.
func (f *finder) stop(a plan.Address, summary, fix string) { f.stopWithout(a, a, summary, fix) }

// stopWithout is stop for a key that needs what another address has, or had.
func (f *finder) stopWithout(a, needed plan.Address, summary, fix string) {
	n := len(f.found)
	f.add(a, summary, fix)
	d := &f.found[n]
	d.Stops = true
	f.stops = append(f.stops, stopped{f.rule.ID, show(a), a, n})
	if ours := f.ours(outside(a)) != nil; ours || f.Partial {
		if ours && f.rule.Severity == plan.Warning {
			d.Severity = plan.Error // whatever the rule says of what is merely ignored
		}
		// What a table lacked before is not the policy's doing.
		if f.rule.ID == incompleteTable && !f.Partial && f.Before.Config.Exists && !f.startedBefore(f.rule.ID, a) {
			d.Severity = plan.Warning
		}
		return
	}
	origin, did := f.took(outside(needed))
	if !did {
		origin, did = f.did(outside(a))
	}
	if did && f.startedBefore(f.rule.ID, a) {
		d.Severity, d.Origin = plan.Error, origin
	}
}

// did reports whether the policy changed something beside an address, in whose table no
// value from before us comes back, and the line of that.
func (f *finder) did(a plan.Address) (plan.Origin, bool) {
	var origin plan.Origin
	did := false
	for _, c := range f.Changes {
		switch {
		case !c.Edits():
		case c.GivesBack:
			return plan.Origin{}, false // it may be that value, which comes back whatever it is
		case !did || c.Address[0] == a[0]:
			origin, did = c.Origin, true
		}
	}
	return origin, did
}

// lacking are the rules about what is not there, and may be in the home.
var lacking = []string{incompleteTable, "missing-provider", "provider-incomplete"}

// took reports whether the policy takes something away at an address, and its line.
func (f *finder) took(a plan.Address) (plan.Origin, bool) {
	for _, r := range f.Desired.Absent {
		if r.Address.HasPrefix(a) || a.HasPrefix(r.Address) {
			return r.Origin, true
		}
	}
	return plan.Origin{}, false
}

// startedBefore reports whether a rule found nothing about an address before.
func (f *finder) startedBefore(rule string, a plan.Address) bool {
	return !slices.ContainsFunc(f.before().stops, func(s stopped) bool { return s.rule == rule && s.address == show(a) })
}

// before is the finder with what it found over the home as it was.
func (f *finder) before() *finder {
	if f.past != nil {
		return f.past
	}
	before := f.Checked
	before.Root, before.Desired, before.Partial, before.Changes = f.Before.Config.Root, plan.Desired{}, true, nil
	f.past = &finder{Checked: before, merged: f.Layers.Counting(before.Root, f.Version)}
	for _, r := range Rules() {
		if r.check != nil && r.Severity != plan.Review {
			f.past.rule = r
			r.check(f.past)
		}
	}
	return f.past
}

// stopped is a finding of what Codex does not start with.
type stopped struct {
	rule, address string
	at            plan.Address
	found         int // which of those found
}

// placeOf is where a table or key at an address stands that a setting belongs to: in
// config.toml, as doctor has it, a table's place is its own.
func (f *finder) placeOf(a plan.Address, s plan.Setting) plan.Origin {
	if s.Origin.File == plan.ConfigFile {
		if at := f.place(a); at.Line > 0 {
			return at
		}
	}
	return s.Origin
}

// place is where the key or table at an address stands, or the nearest one above it.
func (f *finder) place(a plan.Address) plan.Origin {
	for ; f.Place != nil && len(a) > 0; a = a[:len(a)-1] {
		if origin := f.Place(a); origin.Line > 0 {
			return origin
		}
	}
	return plan.Origin{}
}

// addAt keeps a finding with all that is said of it.
func (f *finder) addAt(origin plan.Origin, severity plan.Severity, summary, fix string) {
	f.found = append(f.found, plan.Diagnostic{Severity: severity, Rule: f.rule.ID, Summary: plan.ShowText(summary), Fix: plan.ShowText(fix), Origin: origin})
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
		if a.String() == loginMethod && l.Name == LayerRequirements && !onlyLogin(l.Root).IsAbsent() {
			return " (" + l.Path + " allows no other in " + allowedLogins + ")"
		}
	}
	return ""
}

// CheckVersions is Check for several versions of Codex, such as a policy's range: what
// is found for more than one is said once, for the first and the last of them.
func CheckVersions(c Checked, versions []Version) []plan.Diagnostic {
	if len(versions) == 0 {
		return Check(c)
	}
	var all []plan.Diagnostic
	seen := map[string]int{}
	for _, c.Version = range versions {
		name := c.Version.String()
		for _, d := range Check(c) {
			key := d.Rule + d.Origin.String() + strings.ReplaceAll(d.Summary, name, "")
			i, ok := seen[key]
			if !ok {
				seen[key] = len(all)
				all = append(all, d)
				continue
			}
			first, _, _ := strings.Cut(all[i].Summary, " to ")
			if from := versionIn(first); from != "" && from != name {
				all[i].Summary = strings.Replace(d.Summary, name, from+" to "+name, 1)
			}
		}
	}
	sortFindings(all)
	return all
}

// versionIn is the version that a finding is about, "" when it names none.
func versionIn(summary string) string {
	_, rest, _ := strings.Cut(summary, "Codex ")
	word, _, _ := strings.Cut(rest, " ")
	if v, err := ParseVersion(word); err == nil {
		return v.String()
	}
	return ""
}
