package plan

const (
	privateMode = 0o600
	publicMode  = 0o644
	groupWrite  = 0o022
)

func configFile(o Observed, h *holding, changes []Change) FileChange {
	f := FileChange{Path: ConfigFile, Action: NoOp, Mode: privateMode, Changes: changes, GiveBack: h.giveBack, Set: h.set}
	if o.Config.Exists {
		f.OldMode = o.Config.Mode
		f.Mode = o.Config.Mode &^ groupWrite
	}
	switch {
	case !h.edits():
		f.Mode = f.OldMode
	case o.Config.Exists && h.newFile && leaves(nil, h.now.Value(), nil) == 0:
		// Comments that somebody wrote into it keep it alive all the same: whoever
		// renders the file sees them.
		f.Action, f.Mode = Delete, 0
	case o.Config.Exists:
		f.Action = Update
	default:
		f.Action = Create
	}
	return f
}

// systemFile is a file of the machine's own layer. A Codex that cannot read one does not
// start, whoever runs it; so where we hold something of it, everybody may read it.
func systemFile(c Config, h *holding, changes []Change) FileChange {
	f := configFile(Observed{Config: c}, h, changes)
	f.Path = h.file
	switch {
	case f.Changed() && f.Action != Delete:
		f.Mode = publicMode
	case f.Action == NoOp && c.Exists && c.Mode != publicMode && len(h.entries) > 0:
		f.Action, f.Mode = Update, publicMode
	}
	return f
}

// modeless takes the modes out of changes where files have none.
func (o Observed) modeless(files ...FileChange) []FileChange {
	for i := range files {
		if o.NoModes {
			files[i].Mode, files[i].OldMode = 0, 0
		}
	}
	return files
}

func (h *holding) edits() bool { return len(h.giveBack)+len(h.set) > 0 }

func authFile(d Desired, o Observed, h *holding, changes []Change) FileChange {
	f := FileChange{Path: AuthFile, Action: NoOp, Mode: privateMode, Changes: changes, GiveBack: h.giveBack, Set: h.set}
	if o.Auth.Exists {
		f.OldMode = o.Auth.Mode
	}
	switch {
	case !edits(changes) && !(d.ManagesKey() && o.Auth.Exists && o.Auth.Mode != privateMode && !o.NoModes):
		f.Mode = f.OldMode
	case !o.Auth.Exists:
		f.Action = Create
	case leavesNothing(o, h, changes):
		f.Action, f.Mode = Delete, 0
	default:
		f.Action = Update
	}
	return f
}

// leavesNothing reports whether auth.json would be an empty object. Codex takes {} for
// a login, a missing file for none: so the file goes, unless the user had it so.
func leavesNothing(o Observed, h *holding, changes []Change) bool {
	e, _ := o.Ledger.Find(AuthFile, KeyMember)
	if !h.newFile && !e.Displaced || o.Auth.Members > 0 || len(h.now.Value().Members()) > 0 {
		return false
	}
	for _, c := range changes {
		if c.Sensitive && c.Edits() {
			return c.Action == Delete
		}
	}
	return !o.Auth.Key.Known()
}

// edits reports whether a list of changes changes bytes.
func edits(changes []Change) bool {
	for _, c := range changes {
		if c.Edits() {
			return true
		}
	}
	return false
}

// Edits reports whether the change changes bytes of its file.
func (c Change) Edits() bool {
	return c.Action == Create || c.Action == Update || c.Action == Delete
}

// unmanaged counts the keys of both files that are the user's and stay.
func unmanaged(o Observed, config, auth []Change) int {
	n := o.Auth.Members + others(o.Config.Root, config)
	if o.Auth.Key.Known() && !mentions(auth, KeyMember) {
		n++
	}
	if o.Auth.HasMode && !mentions(auth, ModeMember) {
		n++
	}
	return n
}

// others counts the values of a file that changes are not about.
func others(root Value, changes []Change) (n int) {
	ours := mine(changes)
	for _, m := range root.Members() {
		n += leaves(appendSegment(nil, m.Key), m.Value, ours[m.Key])
	}
	return n
}

// mine are the keys that changes are about and that are ours, by their first segments.
func mine(changes []Change) map[string]map[string]bool {
	ours := map[string]map[string]bool{}
	for _, c := range changes {
		if c.Action == Release || c.Yours {
			continue
		}
		top := c.Address[0]
		if ours[top] == nil {
			ours[top] = map[string]bool{}
		}
		ours[top][c.Address.Key()] = true
	}
	return ours
}

func mentions(changes []Change, a Address) bool {
	for _, c := range changes {
		if c.Action != Release && c.Address.Equal(a) {
			return true
		}
	}
	return false
}

// leaves counts the values at and below a place that are not ours.
func leaves(key []byte, v Value, ours map[string]bool) int {
	if len(key) > 0 && ours[string(key)] {
		return 0
	}
	if v.Kind() != KindTable {
		if v.IsAbsent() {
			return 0
		}
		return 1
	}
	n := 0
	for _, m := range v.Members() {
		below := key
		if len(ours) > 0 {
			below = appendSegment(key, m.Key)
		}
		n += leaves(below, m.Value, ours)
	}
	return n
}
