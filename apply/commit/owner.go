package commit

import (
	"fmt"
	"os"
	"path/filepath"
)

// judgeOwner looks whose home root works on. One of another account is refused before
// anything in it is read: its owner could lead root anywhere. An owner without an
// account, as in a container with a mounted home, is root's own business, but no link
// leads out of that home.
func (s *Session) judgeOwner() error {
	if !isRoot() || s.options.Confine {
		return nil
	}
	for _, path := range s.ownedPaths() {
		info, err := os.Lstat(path)
		if err != nil {
			continue
		}
		uid, known := OwnerOf(info)
		if !known || uid == 0 {
			continue
		}
		if s.options.system() {
			return foreign(path)
		}
		if name := account(uid); name != "" {
			return &RefusedError{
				Path: s.options.Home, Reason: ReasonAccount, Detail: fmt.Sprintf("is the home of %s, and this is root", name),
				Fix: fmt.Sprintf("add --user %s, which works there as that user; a command without it is run by that user: sudo -u %s -H codexform …", name, name),
			}
		}
		s.options.Confine = true
		s.options.UserHome, s.userHome = s.confines()
		return nil
	}
	return nil
}

// OtherAccount is why root must not look into a Codex home, nil when it may: it belongs to
// another account of this machine. It opens nothing there.
// state is the folder of our state where the home is the machine's own layer, which nobody
// but root may own.
func OtherAccount(home, state string) error {
	if !isRoot() {
		return nil
	}
	s := &Session{options: Options{Home: filepath.Clean(home), State: state}}
	if p, err := follow(s.options.Home); err == nil {
		s.homePlace = p
	} else {
		s.homePlace = place{dir: filepath.Dir(s.options.Home), name: filepath.Base(s.options.Home)}
	}
	return s.judgeOwner()
}

// ownedPaths are what decides whose a home is: the folder that it lies in, the link to
// it, if it is one, and where that leads.
func (s *Session) ownedPaths() []string {
	parent, err := filepath.EvalSymlinks(nearestFolder(filepath.Dir(s.options.Home)))
	if err != nil {
		parent = filepath.Dir(s.options.Home)
	}
	return []string{s.homePlace.path(), s.options.Home, parent}
}

// confines is the folder that no link may lead out of, as named and without symlinks:
// the home, or what it lies in where that is its owner's too or the home is missing.
func (s *Session) confines() (named, real string) {
	named = s.options.Home
	if s.home != nil && !s.linkedHome() {
		return named, s.home.path
	}
	named = nearestFolder(filepath.Dir(named))
	real, err := filepath.EvalSymlinks(named)
	if err != nil {
		real = named
	}
	return named, real
}

func (s *Session) linkedHome() bool {
	info, err := os.Lstat(s.options.Home)
	return err == nil && info.Mode()&os.ModeSymlink != 0
}

// nearestFolder is the folder itself, or the first above it that is there.
func nearestFolder(dir string) string {
	for {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
