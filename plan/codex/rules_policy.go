package codex

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan"
)

// anotherPolicy finds that keys would go because another policy was here last. Where
// nobody knows where a policy lies, as with one from stdin, nothing is said.
func anotherPolicy(f *finder) {
	last := f.Before.Ledger.Policy
	if len(last.Paths) == 0 || len(f.Desired.Paths) == 0 || slices.Equal(last.Paths, f.Desired.Paths) {
		return
	}
	gone := goneAddresses(f.Before.Ledger, f.Desired)
	if len(gone) == 0 {
		return
	}
	f.addAt(plan.Origin{}, plan.Warning, fmt.Sprintf("last applied from %s on %s: %s would be given back",
		strings.Join(last.Paths, ", "), last.Time.Format(time.DateOnly), counted(gone)),
		"apply both together, or give each its own codex_home: they undo each other")
}

// goneAddresses are the keys of config.toml that we hold and a desired state does not
// name.
func goneAddresses(l plan.Ledger, d plan.Desired) []plan.Address {
	named := make(map[string]bool, len(d.Settings))
	for _, s := range d.Settings {
		named[s.Address.Key()] = true
	}
	for _, r := range d.Absent {
		named[r.Address.Key()] = true
	}
	for _, r := range d.Repairs {
		named[r.Address.Key()] = true
	}
	var out []plan.Address
	for _, e := range l.Entries {
		if e.File != plan.ConfigFile {
			continue
		}
		if _, there := plan.In(named, e.Address); !there {
			out = append(out, e.Address)
		}
	}
	return out
}

func counted(all []plan.Address) string {
	if len(all) == 1 {
		return all[0].String()
	}
	return fmt.Sprintf("%s and %d more", all[0], len(all)-1)
}
