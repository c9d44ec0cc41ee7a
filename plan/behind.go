package plan

import "slices"

// Behind reports whether a ledger may be one from before a later apply, which came back from
// a backup: it says something else of a key than config.toml does.
func (o Observed) Behind() bool {
	return slices.ContainsFunc(o.Ledger.Entries, func(e Entry) bool { return e.File == ConfigFile && !e.stands(o.Config.Root) })
}

// CaughtUp is the ledger with what history knows better: where a key is as the newest
// record left it, and the ledger is not from after that record, it is as we wrote it,
// and nobody else did.
func (o Observed) CaughtUp(history []Record) Ledger {
	l := o.Ledger
	l.Entries = slices.Clone(l.Entries)
	for i, e := range l.Entries {
		if e.File != ConfigFile || e.stands(o.Config.Root) {
			continue
		}
		if m, found := l.newest(history, e); found && m.Held && m.Left.Same(o.Config.Get(e.Address)) {
			l.Entries[i].Last = m.Left
		}
	}
	return l
}

// newest is what the newest record did to a key, if the ledger is not from after it.
func (l Ledger) newest(history []Record, e Entry) (Move, bool) {
	for _, r := range slices.Backward(history) {
		for _, m := range r.Moves {
			if m.File == e.File && m.Path.Equal(e.Address) {
				return m, !r.Time.Before(l.Policy.Time)
			}
		}
	}
	return Move{}, false
}
