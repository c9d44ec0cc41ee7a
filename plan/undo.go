package plan

// Undo plans to take an applied plan back out of a home that somebody has
// edited since: before is what was observed when p was made, now is what is there.
// Only keys that still have the value that p gave them go back. note has the
// editors' notes for p's edits.
func Undo(p Plan, before, now Observed, note NoteOf) Plan {
	var config, auth []Change
	for _, c := range p.File(ConfigFile).Changes {
		if c.Edits() {
			back := reverseChange(c, before.Config.Get(c.Address), now.Config.Get(c.Address))
			back.Note = note(ConfigFile, c.Address)
			config = append(config, back)
		}
	}
	d := Desired{Secret: &Wanted{Value: before.Auth.Key}}
	for _, c := range p.File(AuthFile).Changes {
		switch {
		case !c.Edits():
		case c.Sensitive:
			auth = append(auth, reverseKey(c, p.Desired.Secret, before, now))
		default:
			auth = append(auth, reverseChange(c, modeOf(before.Auth), modeOf(now.Auth)))
		}
	}
	return Plan{
		Home: now.Home, Desired: d,
		Files: []FileChange{configFile(now, config), authFile(d, now, auth)},
	}
}

func modeOf(a Auth) Value {
	if !a.HasMode {
		return Value{}
	}
	return Str(a.AuthMode)
}

func reverseChange(c Change, was, is Value) Change {
	out := Change{Address: c.Address, Before: is, After: was}
	switch {
	case is.Equal(was):
		out.Action = NoOp
	case !is.Equal(c.After):
		return released(out, "changed by someone since")
	case was.IsAbsent():
		out.Action = Delete
	case is.IsAbsent():
		out.Action = Create
	default:
		out.Action = Update
	}
	return out
}

func reverseKey(c Change, wrote *Wanted, before, now Observed) Change {
	out := Change{Address: c.Address, Sensitive: true}
	ours := wrote != nil && now.Auth.Key.Equal(wrote.Value) || c.Action == Delete && !now.Auth.Key.Known()
	switch {
	case now.Auth.Key.Equal(before.Auth.Key):
		out.Action = NoOp
	case !ours:
		out.Action = Release
	case !before.Auth.Key.Known():
		out.Action = Delete
	case !now.Auth.Key.Known():
		out.Action = Create
	default:
		out.Action = Update
	}
	return out
}
