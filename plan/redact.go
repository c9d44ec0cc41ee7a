package plan

// redacted masks what is the user's in changes of a TOML file: what was there
// before, unless it is what a policy asks for or asked for last. A policy's own
// value stays: it has been refused where it was a secret, and a reviewer has to see it.
func redacted(file string, changes []Change, l Ledger) []Change {
	for i, c := range changes {
		e, _ := l.Find(file, c.Address)
		ours := func(v Value) bool {
			return !c.Yours && (c.Action == NoOp && v.Equal(c.After) || !e.Last.IsAbsent() && v.Equal(e.Last))
		}
		before := c.Before
		if !ours(before) {
			changes[i].Before = Redact(c.Address, before)
		}
		if c.Yours || c.Action == Release {
			changes[i].After = changes[i].Before
		}
	}
	return changes
}
