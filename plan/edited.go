package plan

// Edited is a file's content once its edits are made.
func (f FileChange) Edited(root Value) Value {
	if root.IsAbsent() {
		root = Table()
	}
	for _, steps := range [][]Step{f.GiveBack, f.Set} {
		for _, s := range steps {
			root = root.With(s.Address, s.Value)
		}
	}
	return root
}
