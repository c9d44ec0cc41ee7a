package plan

// Exception is a key that cannot be given back, because Codex would not start with
// what that leaves.
type Exception struct {
	Address Address
	Gone    bool // it goes, and its value from before us with it; else it stays as it is
	Reason  string
}

// exception is what speaks against giving a key back.
func (h *holding) exception(a Address) (Exception, bool) {
	for _, x := range h.except {
		if x.Address.Equal(a) {
			return x, true
		}
	}
	return Exception{}, false
}
