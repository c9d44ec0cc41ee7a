package plan

// A default is written where its key is absent, and is ours, as any other setting, until
// somebody changes it. Of a key that is not ours yet defaultGivesWay decides, of one that
// is defaultStays. Which settings are defaults says the
// desired state: Setting.Default, made in package sources.

// defaultGivesWay reports a default, or what is implied, whose key somebody has set:
// it gives way to that.
func (h *holding) defaultGivesWay(w wish, owned bool) bool {
	return (w.Default || w.Implied) && !owned && h.occupied(w.Address)
}

// defaultStays reports whether a key that is ours may stay under a default: it gives way
// to what the user had, and to what the user chose since.
func (e Entry) defaultStays(root Value) bool {
	return e.stands(root) && (e.Default || e.Prior.IsAbsent() && !e.PriorLost)
}
