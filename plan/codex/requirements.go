package codex

import (
	_ "embed" // the table
	"fmt"
	"slices"
	"strings"

	"github.com/codexform/codexform/plan"
)

// requirementsText is read only where there is a requirements.toml.
//
//go:embed requirements.txt
var requirementsText string

// requirement is what a version of Codex takes for a key of requirements.toml.
type requirement struct {
	kind   string
	values []string // of an enumeration, or of the items of a list
}

// requirementOf is what a version takes for a key; false when it ignores the key.
func requirementOf(name string, v Version) (requirement, bool) {
	var r requirement
	found := false
	for text := range strings.Lines(string(newTable(requirementsText))) {
		words := strings.Fields(text)
		if words[0] == name && mustVersion(words[1]).Compare(v.measuredBy()) <= 0 {
			r, found = requirement{words[2], words[3:]}, true
		}
	}
	return r, found
}

// For is the layers as a version of Codex reads them: without those that it passes over,
// and of requirements.toml the keys that it knows, since it ignores all others.
func (ls Layers) For(v Version) Layers {
	out := slices.DeleteFunc(slices.Clone(ls), func(l Layer) bool { return !v.reads(l) })
	for i, l := range out {
		if l.Name != LayerRequirements || l.Err != nil {
			continue
		}
		var members []plan.Member
		for _, m := range l.Root.Members() {
			if _, known := requirementOf(m.Key, v); known {
				members = append(members, m)
			}
		}
		out[i].Root = plan.Table(members...)
	}
	return out
}

// wrong says what a value is that Codex does not start with, "" for a good one.
func (r requirement) wrong(v plan.Value) string {
	switch kind := (&Key{Kinds: []string{r.listed()}, Values: r.values}); {
	case !kind.takes(v):
		return fmt.Sprintf("is %s, and takes %s", kind.seen(v), kind.wants())
	case r.kind != "enums":
		return ""
	}
	for _, item := range v.Items() {
		// A table says more than a name: an approval of its own for each kind of request.
		if item.Kind() != plan.KindTable && !slices.ContainsFunc(r.values, func(v string) bool { return plan.Str(v).Equal(item) }) {
			return fmt.Sprintf("lists %s, and takes only %s", item.TOML(), strings.Join(r.values, ", "))
		}
	}
	return ""
}

// listed is the kind in the words of Key.
func (r requirement) listed() string {
	if r.kind == "enums" {
		return "list"
	}
	return r.kind
}

// needed are the values without which Codex does not start with a list: "" is any.
var needed = map[string]string{
	"allowed_approval_policies": "", "allowed_approvals_reviewers": "", allowedLogins: "", "allowed_sandbox_modes": "read-only",
}

// lacks says what is missing in a list, "" for nothing.
func lacks(name string, v plan.Value) string {
	want, all := needed[name]
	switch {
	case !all, v.Kind() != plan.KindList:
		return ""
	case want == "" && len(v.Items()) == 0:
		return "is an empty list"
	case want != "" && !slices.ContainsFunc(v.Items(), plan.Str(want).Equal):
		return "lacks " + want
	}
	return ""
}

// badRequirements finds what Codex does not start with in requirements.toml.
func badRequirements(f *finder) {
	for _, l := range f.Layers {
		if l.Name != LayerRequirements {
			continue
		}
		for _, m := range l.Root.Members() {
			r, _ := requirementOf(m.Key, f.Version)
			why := r.wrong(m.Value)
			if why == "" {
				why = lacks(m.Key, m.Value)
			}
			if why == "" && (m.Key == "features" || m.Key == "feature_requirements") {
				why = f.badFeature(m.Value)
			}
			if why != "" {
				f.addAt(plan.Origin{}, f.rule.Severity, fmt.Sprintf("Codex %s does not start: %s in %s %s", f.codex(), m.Key, l.Path, why), "have "+l.Path+" changed")
				f.found[len(f.found)-1].Stops = true
			}
		}
	}
}

// namesFeatures is the first measured version that takes any name for a feature.
var namesFeatures = Version{0, 124, 0}

// badFeature says which demand on a feature Codex does not start with.
func (f *finder) badFeature(demands plan.Value) string {
	for _, m := range demands.Members() {
		if m.Value.Kind() != plan.KindBool {
			return fmt.Sprintf("sets %s to %s, and takes true or false", m.Key, m.Value.Kind())
		}
		if key, known := LookupKey(plan.Address{"features", m.Key}, f.Version); (!known || key == nil) && f.Version.measuredBy().Compare(namesFeatures) < 0 {
			return fmt.Sprintf("names %s, which is no feature of it", m.Key)
		}
	}
	return ""
}
