package plan

import "time"

// After is what would be observed once a plan was applied: both files as Codex
// would read them, and the ledger. It plays an apply through without a disk.
func After(o Observed, p Plan, now time.Time) Observed {
	out := o
	out.Ledger = Remember(p, o, func(string, Address) Note { return "" }, now)
	if f := p.File(ConfigFile); f.Changed() {
		out.Config = Config{Exists: true, Mode: f.Mode, Root: f.Edited(o.Config.Root)}
	}
	if f := p.File(PinsFile); f.Changed() {
		out.Pins = Config{Exists: true, Mode: f.Mode, Root: f.Edited(o.Pins.Root)}
	}
	if f := p.File(AuthFile); f.Changed() {
		out.Auth = editedAuth(o.Auth, f, p.Desired.Secret)
	}
	return out
}

func editedAuth(a Auth, f FileChange, secret *Wanted) Auth {
	if f.Action == Delete {
		return Auth{}
	}
	a.Exists, a.Mode = true, f.Mode
	for _, c := range f.Changes {
		switch {
		case !c.Edits():
		case c.Sensitive && c.Action == Delete:
			a.Key = Secret{}
		case c.Sensitive:
			a.Key = Secret{}
			if secret != nil {
				a.Key = secret.Value
			}
		default:
			a.HasMode, a.AuthMode = c.Action != Delete, c.After.Text()
		}
	}
	return a
}
