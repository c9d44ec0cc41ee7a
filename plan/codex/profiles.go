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
