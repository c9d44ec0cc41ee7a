package plan

import "slices"

// wish is one key of a file that is to be ours.
type wish struct {
	Setting
	absent bool    // it must not be there
	repair bool    // a rule repairs what is the user's
	to     Address // where it goes instead, nil for nowhere
	reason string
	// as is set where a rollback takes a key up again: as it was ours then. Value is
	// what the file said.
	as      *Entry
	left    Value // what the newest record left there
	touched bool  // somebody else wrote there meanwhile
}

// wishes are what the desired state wants of config.toml, in order. One below another
// is part of it.
func (d Desired) wishes(o Observed) []wish {
	out := make([]wish, 0, len(d.Settings)+len(d.Absent))
	removed := map[string]bool{}
	for _, r := range d.Absent {
		removed[r.Address.Key()] = true
	}
	for _, s := range d.Settings {
		out = append(out, wish{Setting: s})
	}
	for _, r := range d.Absent {
		if !r.Address.below(removed) {
			out = append(out, wish{Setting: Setting{Address: r.Address, Origin: r.Origin}, absent: true, reason: "listed under absent"})
		}
	}
	for _, r := range takeOver(d, o) {
		if !removed[r.Address.Key()] && !r.Address.below(removed) {
			out = append(out, wish{Setting: Setting{Address: r.Address, Origin: r.Origin}, absent: true, reason: "a credential from before goes with its host"})
		}
	}
	return append(out, d.repairs(out)...)
}

// pinWishes are what the desired state wants of requirements.toml.
func (d Desired) pinWishes(o Observed) []wish {
	if len(d.Pins) == 0 {
		return nil
	}
	d.Settings = d.Pins
	d.Absent = slices.DeleteFunc(slices.Clone(d.Absent), func(r Removal) bool {
		return d.Provider == nil || !r.Address.HasPrefix(Address{"model_providers", d.Provider.ID})
	})
	o.Config, o.Ledger = o.Pins, o.Ledger.asConfig(PinsFile)
	return d.wishes(o)
}

// keeps reports whether an entry goes on as it is under a wish for the same address:
// the value may change in its place, and what was there before us stays known.
func (w wish) keeps(e Entry, root Value) bool {
	switch {
	case w.absent != e.removed(), w.repair && !e.stands(root): // what somebody wrote there is the user's
		return false
	case w.absent && !root.At(e.Address).IsAbsent():
		return false // somebody wrote there anew: that goes as well, and all of it can come back
	case w.isTheirs(e, root):
		return false
	case !w.Default:
		return true
	}
	return e.defaultStays(root)
}

// isTheirs reports a wish for what somebody wrote over a key of ours: we write nothing
// there, so it is theirs from then on, as it would have been before us.
func (w wish) isTheirs(e Entry, root Value) bool {
	now := root.At(e.Address)
	return w.as == nil && !w.absent && !e.stands(root) && now.Same(w.Value) && !e.Last.Same(now)
}

// step is the edit of a wish. Where it wants what was there before us, the very bytes of
// that come back.
func (w wish) step(e Entry, owned bool) Step {
	if !owned || w.Value.IsAbsent() || !w.Value.Same(e.Prior) {
		return Step{Address: w.Address, Value: w.Value}
	}
	return Step{Address: w.Address, Value: e.Prior, Note: e.Note}
}

// removed reports an entry of a key that must not be there.
func (e Entry) removed() bool { return e.Last.IsAbsent() && !e.Secret }
