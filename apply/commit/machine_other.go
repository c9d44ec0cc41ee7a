//go:build !windows

package commit

import (
	"os"
)

// What is said to somebody who does not rule the machine.
const (
	notRuler    = "is the machine's own layer, and root's to write"
	becomeRuler = "run it as root: sudo codexform …"
)

// rulesMachine reports whether this process may write what the whole machine obeys.
func rulesMachine() bool { return isRoot() }

// listed reports a folder in which a new file's access list is right as it is.
func (f *folder) listed() bool { return false }

// refuseMachine is why a file or folder that the whole machine obeys must not be written.
func (s *Session) refuseMachine(path string, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return bare(err)
	}
	uid, known := OwnerOf(info)
	switch {
	case known && uid != 0:
		return foreign(path)
	case s.home != nil && path == s.home.path && info.Mode().Perm()&0o022 != 0: // whoever is in root's group, too
		return &RefusedError{Path: path, Reason: ReasonWritable, Detail: "may be written by others", Fix: "chmod go-w " + path}
	case info.IsDir() && info.Mode().Perm()&0o555 != 0o555:
		return &RefusedError{Path: path, Reason: ReasonClosed, Detail: "is closed to users, and a Codex that cannot look into it does not start", Fix: "chmod 755 " + path}
	}
	return nil
}
