package codex

import (
	"fmt"
	"slices"

	"github.com/codexform/codexform/plan"
)

func layerRules() []Rule {
	return []Rule{
		{"another-policy", plan.Warning, "another policy was the last to be applied, and keys of it would go", anotherPolicy},
		{"overridden", plan.Error, "another file has the last word on a key of ours", overridden},
		{"load-check", plan.Error, "Codex does not start with the new config.toml", nil},
		{"secret-warning", plan.Warning, "the secret's source warns", nil},
		{"policy-writable", plan.Warning, "others may write the policy", nil},
		{"policy-closed", plan.Error, "users cannot read the policy, and the helper that reads it runs as them", nil},
		{"placeholder", plan.Warning, "a text is near to a placeholder and none", nil},
		{"rarely-meant", plan.Warning, "something is allowed and rarely meant", nil},
		{"write-refused", plan.Error, "apply refuses to write a file", nil},
		{"layer-unreadable", plan.Warning, "a file that Codex reads too could not be read", layerUnreadable},
		{"layer-stops", plan.Warning, "a file that Codex reads too keeps it from starting", layerStops},
	}
}

// limits are the keys of requirements.toml that list what a key may be set to.
var limits = map[string]string{
	"approval_policy":    "allowed_approval_policies",
	"sandbox_mode":       "allowed_sandbox_modes",
	"web_search":         "allowed_web_search_modes",
	"approvals_reviewer": "allowed_approvals_reviewers",
}

// alwaysAllowed is a value of web_search that Codex adds to every list.
var alwaysAllowed = plan.Str("disabled")

func overridden(f *finder) {
	for _, l := range f.Layers {
		switch l.Name {
		case LayerManaged:
			f.overriddenBy(l, l.Root)
		case LayerRequirements:
			f.overriddenBy(l, pin(plan.Table(), l.Root))
			f.limitedBy(l)
		case LayerSystem:
			f.shinesThrough(l)
		}
	}
	f.overriddenByProfile()
	f.overriddenElsewhere()
}

// overriddenElsewhere finds our settings for which Codex itself names another
// layer, such as one that no file shows.
func (f *finder) overriddenElsewhere() {
	if f.Asked == nil {
		return
	}
	for _, s := range f.Desired.Settings {
		if s.Address.String() == "model_provider" && f.Asked.Pinned && f.Asked.Provider != s.Value.Text() && len(f.Layers) == 0 {
			f.addOverridden(s, fmt.Sprintf("Codex uses the provider %s whatever config.toml says", f.Asked.Provider), Layer{Path: "the requirements"})
			continue
		}
		by := f.Asked.Origin(s.Address)
		if by == "" || slices.ContainsFunc(f.Layers, func(l Layer) bool { return l.Path == by }) {
			continue
		}
		f.addOverridden(s, fmt.Sprintf("Codex takes %s from %s: writing it here has no effect", s.Address, by), Layer{Path: by})
	}
}

// overriddenBy finds our settings that a stronger layer sets to something else.
func (f *finder) overriddenBy(l Layer, stronger plan.Value) {
	chosen := f.profileAbove()
	for _, s := range f.Desired.Settings {
		if !chosen.At(s.Address).IsAbsent() {
			continue // that is stronger still
		}
		if theirs := stronger.At(s.Address); !theirs.IsAbsent() && !overlay(s.Value, theirs).Equal(s.Value) {
			f.addOverridden(s, fmt.Sprintf("%s sets %s too, and counts: writing it here has no effect", l.Path, s.Address), l)
		}
	}
	f.shinesThrough(Layer{Name: l.Name, Path: l.Path, Root: stronger})
}

// addOverridden keeps a finding about one of our settings; a default that is
// overridden does what it should.
func (f *finder) addOverridden(s plan.Setting, summary string, l Layer) {
	severity := f.rule.Severity
	if s.Default {
		severity = plan.Info
	}
	f.addAt(s.Origin, severity, summary, fmt.Sprintf("take the key out of the policy, or have %s changed", l.Path))
}

// shinesThrough finds keys that we remove from config.toml and another layer has.
func (f *finder) shinesThrough(l Layer) {
	for _, r := range f.Desired.Absent {
		if !l.Root.At(r.Address).IsAbsent() {
			f.addAt(r.Origin, plan.Warning, fmt.Sprintf("%s sets %s too: removing it here has no effect", l.Path, r.Address),
				fmt.Sprintf("have %s changed", l.Path))
		}
	}
}

// limitedBy finds our settings that the requirements do not allow.
func (f *finder) limitedBy(l Layer) {
	for _, s := range f.Desired.Settings {
		allowed := l.Root.Get(limits[s.Address.String()])
		if allowed.Kind() != plan.KindList || s.Value.Equal(alwaysAllowed) || slices.ContainsFunc(allowed.Items(), func(v plan.Value) bool { return f.meant(v).Equal(f.meant(s.Value)) }) {
			continue
		}
		f.addOverridden(s, fmt.Sprintf("%s allows %s for %s, and Codex falls back to one of them", l.Path, allowed.TOML(), s.Address), l)
	}
}

// secondNames are values that mean another one since a version.
var secondNames = map[string]struct {
	value string
	since Version
}{
	"on-failure":        {"on-request", Version{0, 145, 0}},
	"guardian_subagent": {"auto_review", Version{0, 124, 0}},
}

// meant is what the version at hand takes a value for.
func (f *finder) meant(v plan.Value) plan.Value {
	if other, ok := secondNames[v.Text()]; ok && f.Version.measuredBy().Compare(other.since) >= 0 {
		return plan.Str(other.value)
	}
	return v
}

func layerUnreadable(f *finder) {
	for _, l := range f.Layers {
		if l.Err != nil {
			f.addAt(plan.Origin{}, f.rule.Severity, fmt.Sprintf("%s could not be read here: %v", l.Path, l.Err), "see whether Codex can: it does not start when it cannot")
		}
	}
}

// layerStops finds what Codex does not start with in another file, as it counts.
func layerStops(f *finder) {
	badRequirements(f)
	if len(f.Layers) == 0 {
		return
	}
	whole := &finder{Checked: Checked{Root: f.merged, Version: f.Version, Partial: true}, merged: f.merged}
	for _, whole.rule = range Rules() {
		if whole.rule.check != nil && slices.Contains(ofOneFile, whole.rule.ID) {
			whole.rule.check(whole)
		}
	}
	for _, s := range whole.stops {
		l := f.Layers.of(s.at)
		if l == nil || slices.ContainsFunc(f.stops, func(t stopped) bool { return t.rule == s.rule && t.address == s.address }) {
			continue
		}
		d := whole.found[s.found]
		f.addAt(plan.Origin{}, f.rule.Severity, d.Summary+" (it stands in "+l.Path+")", "have it changed there: "+d.Fix)
		f.found[len(f.found)-1].Stops = true
	}
}

// of is the layer that has a key, nil when none does.
func (ls Layers) of(a plan.Address) *Layer {
	for i, l := range ls {
		if !l.Root.At(outside(a)).IsAbsent() {
			return &ls[i]
		}
	}
	return nil
}

// ofOneFile are the rules that look at config.toml without the other files.
var ofOneFile = []string{"bad-value", "removed-key"}
