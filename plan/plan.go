package plan

import (
	"slices"
	"time"
)

// Plan is all changes, in order: config.toml first, then auth.json or requirements.toml; inside a file
// the settings in the order of the desired state, then what it wants absent, then
// what it no longer names, by address. It is data: it can be printed, compared and
// stored, and there is nothing in it to run.
type Plan struct {
	Home        string // the Codex home
	Desired     Desired
	Files       []FileChange
	Holds       []Entry // what we hold of config.toml and auth_mode once it is applied
	Moves       []Move  // how that differs from what we hold now
	Unmanaged   int     // keys in both files that are the user's and stay
	Diagnostics []Diagnostic
	Rollback    bool // it goes back in history: a key that has its value from before us again is given up
	Undoes      bool // it takes back out what an apply has just written
	// Policy is what else differs from the policy that was applied last, or that this
	// one is compared with. By itself it changes no file.
	Policy      []PolicyChange
	Compared    bool  // it compares two policies: there is no home behind it
	Held        *Held // why an apply would wait, nil where it would not
	Interrupted bool  // an earlier run was cut off; the next apply repairs what it left
}

// Held says that a policy is not for this machine yet: a plan shows what an apply
// would change, and an apply changes nothing.
type Held struct {
	Reason string    `json:"reason"`
	Opens  time.Time `json:"opens,omitzero"` // zero where nobody can know
	Ring   string    `json:"ring,omitempty"`
}

// Empty reports whether there is nothing to do: no byte and no mode would change.
func (p Plan) Empty() bool {
	return !slices.ContainsFunc(p.Files, FileChange.Changed)
}

// Complete reports whether everything is known: no secret is left to be looked
// up at apply.
func (p Plan) Complete() bool {
	for _, f := range p.Files {
		for _, c := range f.Changes {
			if c.Unknown {
				return false
			}
		}
	}
	return true
}

// File is the change of one file, the zero FileChange when the plan has none.
func (p Plan) File(path string) FileChange {
	for _, f := range p.Files {
		if f.Path == path {
			return f
		}
	}
	return FileChange{}
}

// PutsKey reports whether the plan writes a key into auth.json.
func (p Plan) PutsKey() bool {
	return slices.ContainsFunc(p.File(AuthFile).Changes, func(c Change) bool {
		return c.Sensitive && (c.Action == Create || c.Action == Update)
	})
}

// Errors are the diagnostics that stop plan and apply.
func (p Plan) Errors() []Diagnostic {
	var out []Diagnostic
	for _, d := range p.Diagnostics {
		if d.Severity == Error {
			out = append(out, d)
		}
	}
	return out
}

// Summary counts changes by action.
type Summary struct {
	Create   int `json:"create"`
	Update   int `json:"update"`
	Delete   int `json:"delete"`
	NoOp     int `json:"noop"`
	Drift    int `json:"drift"`
	Released int `json:"released"`
}

// Summary counts the changes of all files.
func (p Plan) Summary() Summary {
	var s Summary
	for _, f := range p.Files {
		for _, c := range f.Changes {
			s.count(c)
		}
		if f.ModeOnly() {
			s.Update++
		}
	}
	return s
}

func (s *Summary) count(c Change) {
	if c.Drift {
		s.Drift++
	}
	switch c.Action {
	case Create:
		s.Create++
	case Update:
		s.Update++
	case Delete:
		s.Delete++
	case NoOp:
		s.NoOp++
	case Release:
		s.Released++
	}
}
