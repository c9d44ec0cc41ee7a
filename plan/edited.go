package plan

// Edited is a file's content once its edits are made.
func (f FileChange) Edited(root Value) Value {
	if root.IsAbsent() {
		root = Table()
	}
	after := draft{value: root}
	for _, steps := range [][]Step{f.GiveBack, f.Set} {
		for _, s := range steps {
			after.put(s.Address, s.Value)
		}
	}
	return after.Value()
}
