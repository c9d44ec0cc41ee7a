package codex

import "github.com/codexform/codexform/plan/access"

// ClosedToUsers is the path where its access list gives users nothing, "" where they may
// read it, or nobody can tell. Folders above do not count: users may pass them there.
func ClosedToUsers(path string, _ bool) string {
	if list, _, err := access.Of(path); err == nil && !access.Readable(list) {
		return path
	}
	return ""
}

// Foreign is "": nobody is root here, and who may change what is a matter of access lists.
func Foreign(string) string { return "" }

func reachable(dir string) string { return dir }
