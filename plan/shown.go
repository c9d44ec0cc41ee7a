package plan

import (
	"strconv"
	"strings"
)

// Plan is the plan that a Document was made of, as far as it can be shown again:
// it holds no secret, no limits of the confirmation and no editor's notes. To be
// applied, a plan is made anew and held against the Document.
func (d Document) Plan() Plan {
	p := Plan{
		Home:      d.CodexHome,
		Desired:   Desired{Files: d.Desired.Files, Digest: d.Desired.Digest},
		Unmanaged: d.Unmanaged, Diagnostics: d.Diagnostics, Interrupted: d.Interrupted,
	}
	if d.Confirm != nil {
		p.Desired.Provider = &Provider{BaseURL: strings.TrimSuffix(d.Confirm.URL, "/models")}
		p.Desired.Confirm = Confirm{Enabled: true, Models: d.Confirm.Models}
	}
	p.Held, p.Compared = d.Held, d.Compared
	for _, c := range d.Policy {
		var origin Origin
		_ = origin.UnmarshalText([]byte(c.Origin)) // no place is fine
		p.Policy = append(p.Policy, PolicyChange{Address{c.Path}, value(c.Before), value(c.After), origin})
	}
	for _, f := range d.Files {
		file := FileChange{Path: f.Path, Action: f.Action, Mode: mode(f.Mode), OldMode: mode(f.Mode)}
		if f.ModeBefore != "" {
			file.OldMode = mode(f.ModeBefore)
		}
		if f.Action == Create {
			file.OldMode = 0
		}
		for _, c := range f.Changes {
			file.Changes = append(file.Changes, c.Change())
		}
		p.Files = append(p.Files, file)
	}
	return p
}

func mode(text string) uint32 {
	n, _ := strconv.ParseUint(text, 8, 32)
	return uint32(n)
}

// Change is the change that c was made of, as far as it can be shown again.
func (c DocChange) Change() Change {
	var origin Origin
	_ = origin.UnmarshalText([]byte(c.Origin)) // no place is fine
	return Change{
		Address: c.Path, Action: c.Action, Before: value(c.Before), After: value(c.After),
		Sensitive: c.Sensitive, Source: c.Source, BeforeVersion: c.BeforeVersion, AfterVersion: c.AfterVersion,
		BeforeID: c.BeforeID, BeforeStamp: c.BeforeStamp, Unknown: c.Unknown, Drift: c.Drift, Default: c.Default, GivesBack: c.GivesBack,
		Reason: c.Reason, Origin: origin,
	}
}
