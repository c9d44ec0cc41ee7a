package codex

import (
	"fmt"
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
// profile sets before what config.toml does.
func profileFiles(f *finder) {
	if f.Version.measuredBy().Compare(profilesAreFiles) < 0 {
		return
	}
	for _, p := range f.Profiles {
		if p.Err != nil {
			f.addAt(plan.Origin{}, plan.Warning, fmt.Sprintf("%s could not be read: %v", p.Path, p.Err), fmt.Sprintf("mend it: codex --profile %s does not start", p.Name))
			continue
		}
		f.profileWins(p)
		f.profileStops(p)
	}
}

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
	for key, d := range over(overlay(f.Root, p.Root)) {
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
