package codex

// ClosedToUsers is "": there access lists say who may read a file.
func ClosedToUsers(string, bool) string { return "" }
