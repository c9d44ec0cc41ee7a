package codex

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
)

const profileEnd = "." + plan.ConfigFile

// ReadProfiles reads the files that codex --profile NAME puts above config.toml:
// NAME.config.toml beside it, by name. One that cannot be read is among them.
func ReadProfiles(fsys afero.Fs, home string) Layers {
	dir, err := fsys.Open(home)
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	slices.Sort(names)
	var found Layers
	for _, name := range names {
		if strings.HasSuffix(name, profileEnd) && len(name) > len(profileEnd) {
			data, _, err := bounded.File(fsys, filepath.Join(home, name), maxFile)
			found = append(found, readLayer(LayerFile{strings.TrimSuffix(name, profileEnd), name}, data, err))
		}
	}
	return found
}

// Profile is what codex --profile NAME has count before config.toml.
type Profile struct {
	Name, Path string // Path is its file, or its table in config.toml
	Root       plan.Value
}

// Profiles are those that any of some versions knows, the newest for none: files beside
// config.toml, as ReadProfiles finds them, or tables in it.
func Profiles(versions []Version, files Layers, root plan.Value) []Profile {
	var out []Profile
	isOld := func(v Version) bool { return v.measuredBy().Compare(profilesAreFiles) < 0 }
	if len(versions) == 0 || slices.ContainsFunc(versions, func(v Version) bool { return !isOld(v) }) {
		for _, l := range files {
			if l.Err == nil {
				out = append(out, Profile{l.Name, l.Path, l.Root})
			}
		}
	}
	if slices.ContainsFunc(versions, isOld) {
		out = append(out, tableProfiles(root)...)
	}
	return out
}

// tableProfiles are profiles of old, as far as they choose a provider.
func tableProfiles(root plan.Value) []Profile {
	const selector = "model_provider"
	var out []Profile
	for _, m := range root.Get("profiles").Members() {
		if id := m.Value.Get(selector); !id.IsAbsent() {
			out = append(out, Profile{m.Key, plan.Address{"profiles", m.Key}.String(), plan.Table(plan.Member{Key: selector, Value: id})})
		}
	}
	return out
}

func profileRules() []Rule {
	return []Rule{
		{"profile-file", plan.Warning, "a profile does not fit the new config.toml", profileFiles},
	}
}

// profileFiles judges what codex --profile makes of the files: Codex counts what a
// profile sets before what config.toml does. Before they were files, profiles were tables
// of config.toml.
func profileFiles(f *finder) {
	if f.Version.measuredBy().Compare(profilesAreFiles) < 0 {
		chosen, _ := chosenProfile(f.merged)
		for _, t := range profileTables(f.merged) {
			if t.Name != chosen {
				f.profileWins(t)
				f.profileSends(t)
			}
		}
		return
	}
	for _, p := range f.Profiles {
		if p.Err != nil {
			f.addAt(plan.Origin{}, plan.Warning, fmt.Sprintf("%s could not be read: %v", p.Path, p.Err), fmt.Sprintf("mend it: codex --profile %s does not start", p.Name))
			continue
		}
		f.profileWins(p)
		f.profileStops(p)
		f.profileSends(p)
	}
	f.deadProfiles()
}

// deadProfiles names the tables of profiles that stand in the way of codex --profile.
func (f *finder) deadProfiles() {
	for _, t := range profileTables(f.merged) {
		severity, file := plan.Info, t.Name+profileEnd
		if slices.ContainsFunc(f.Profiles, func(p Layer) bool { return p.Name == t.Name }) {
			severity = plan.Warning
		}
		at, address := plan.Origin{}, plan.Address{"profiles", t.Name}
		if s := f.ours(address); s != nil {
			at = s.Origin
		} else {
			at = f.place(address)
		}
		f.addAt(at, severity, fmt.Sprintf("codex --profile %s does not start while config.toml has %s", t.Name, t.Path),
			fmt.Sprintf("move its settings into %s beside config.toml", file))
	}
}

// profileTables are the profiles that stand in config.toml, as layers above it.
func profileTables(root plan.Value) Layers {
	var found Layers
	for _, m := range root.Get("profiles").Members() {
		if m.Value.Kind() == plan.KindTable {
			found = append(found, Layer{Name: m.Key, Path: "[" + plan.Address{"profiles", m.Key}.String() + "]", Root: profileKeys(m.Value)})
		}
	}
	return found
}

// profileKeys are the keys of a table of profiles that count.
func profileKeys(table plan.Value) plan.Value {
	var members []plan.Member
	for _, m := range table.Members() {
		if _, known := LookupKey(plan.Address{"profiles", "", m.Key}, profilesAreFiles.before()); known {
			members = append(members, m)
		}
	}
	return plan.Table(members...)
}

// chosenProfile is the profile that the key profile chooses, and what it sets; "" where
// there is none. A Codex for which profiles are files does not start with that key.
func chosenProfile(root plan.Value) (string, plan.Value) {
	name := root.Get("profile").Text()
	table := root.Get("profiles").Get(name)
	if name == "" || table.Kind() != plan.KindTable {
		return "", plan.Value{}
	}
	return name, profileKeys(table)
}

// profileAbove is what the chosen profile sets, absent where profiles are files.
func (f *finder) profileAbove() plan.Value {
	if f.Version.measuredBy().Compare(profilesAreFiles) >= 0 {
		return plan.Value{}
	}
	_, chosen := chosenProfile(f.merged)
	return chosen
}

// overriddenByProfile finds our settings that the chosen profile sets to something else.
func (f *finder) overriddenByProfile() {
	chosen, name := f.profileAbove(), f.merged.Get("profile").Text()
	if chosen.IsAbsent() {
		return
	}
	path := "[" + plan.Address{"profiles", name}.String() + "]"
	for _, s := range f.Desired.Settings {
		if theirs := chosen.At(s.Address); !theirs.IsAbsent() && !overlay(s.Value, theirs).Equal(s.Value) {
			n := len(f.found)
			f.addOverridden(s, fmt.Sprintf("%s sets %s too, and counts while profile = %q: writing it here has no effect", path, s.Address, name), Layer{Path: path})
			f.found[n].Fix = "list profile under absent, or take the key out of " + path
		}
	}
}

// profileSends finds profiles with which the key of the policy does not go out.
func (f *finder) profileSends(p Layer) {
	over := func(root plan.Value) map[string]plan.Diagnostic {
		c := f.Checked
		c.Root, c.Before, c.Profiles, c.Word = root, plan.Observed{}, nil, nil
		g, found := &finder{Checked: c, merged: c.Layers.Counting(root, c.Version)}, map[string]plan.Diagnostic{}
		for _, g.rule = range credentialRules() {
			if slices.Contains(keptBack, g.rule.ID) {
				g.rule.check(g)
			}
		}
		for _, d := range g.found {
			found[d.Rule] = d
		}
		return found
	}
	alone, with := over(f.Root), over(overlay(f.Root, p.Root))
	for _, rule := range keptBack {
		d, now := with[rule]
		if _, ok := alone[rule]; ok || !now {
			continue
		}
		severity := plan.Info
		if rule == "login-method-conflict" { // the login is lost, whatever is started next
			severity = plan.Warning
		}
		f.addAt(plan.Origin{}, severity, fmt.Sprintf("with codex --profile %s: %s", p.Name, d.Summary), fmt.Sprintf("change %s where the policy has to hold there too: %s", p.Path, d.Fix))
	}
}

// keptBack are the rules about a key that does not go out.
var keptBack = []string{"credential-store", "login-method-conflict", "auth-file-unused"}

// profileWins names the settings of ours that a profile sets to something else.
func (f *finder) profileWins(p Layer) {
	for _, s := range f.Desired.Settings {
		if theirs := p.Root.At(s.Address); !theirs.IsAbsent() && !overlay(s.Value, theirs).Equal(s.Value) {
			f.addAt(s.Origin, plan.Info, fmt.Sprintf("%s sets %s too, and counts with codex --profile %s", p.Path, s.Address, p.Name), "take the key out of the profile where the policy has to hold there too")
		}
	}
}

// profileStops finds profiles with which Codex does not start, and config.toml alone
// does not say so. One that did start before is the policy's doing.
func (f *finder) profileStops(p Layer) {
	over := func(root plan.Value) map[string]plan.Diagnostic {
		stops := map[string]plan.Diagnostic{}
		for _, d := range Check(Checked{Root: root, Version: f.Version, Layers: f.Layers}) {
			if d.Stops {
				stops[d.Rule+d.Summary] = d
			}
		}
		return stops
	}
	alone, before := over(f.Root), over(overlay(f.Before.Config.Root, p.Root))
	with := over(overlay(f.Root, p.Root))
	for _, key := range slices.Sorted(maps.Keys(with)) {
		d := with[key]
		if _, ok := alone[key]; ok {
			continue
		}
		severity := plan.Warning
		// Giving back is not stopped by a profile: config.toml itself starts.
		if _, ok := before[key]; !ok && f.Before.Config.Exists && !f.Desired.Empty() {
			severity = plan.Error
		}
		f.addAt(plan.Origin{}, severity, fmt.Sprintf("with codex --profile %s: %s", p.Name, d.Summary), fmt.Sprintf("change %s: %s", p.Path, d.Fix))
	}
}
