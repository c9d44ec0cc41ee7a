package commit

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/plan/way"
)

// judgeOwner looks whose home root works on. One of another account is refused before
// anything in it is read: its owner could lead root anywhere. An owner without an
// account, as in a container with a mounted home, is root's own business, but no link
// leads out of what is that owner's.
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
		break
	}
	return s.confine()
}

// findGround finds where what is not root's begins. It is asked before anything there is
// opened: from then on a name may lead anywhere else at the next look.
func (s *Session) findGround() error {
	if isRoot() && !s.options.Confine && !s.options.system() {
		s.ground = foreignGround(s.options.Home)
	}
	return nil
}

// confine keeps a session of root's on the ground of somebody else: in the home, or where
// links within that ground have led from it.
func (s *Session) confine() error {
	if s.ground == "" {
		return nil
	}
	s.options.Confine, s.options.UserHome, s.userHome = true, s.ground, s.ground
	if s.home == nil {
		return nil
	}
	if err := s.leaves(s.options.Home, s.home.path); err != nil {
		return err
	}
	if !s.homePlace.linked {
		s.options.UserHome, s.userHome = s.options.Home, s.home.path
	}
	return nil
}

// foreignGround is the first folder on the way to a path that is not root's, or that holds
// a link which is not, "" where all is root's. Nobody else can change the way to it.
func foreignGround(path string) string {
	for step, err := range way.To(path) {
		if err != nil {
			return ""
		}
		if uid, known := OwnerOf(step.Info); known && uid != 0 {
			if step.Info.IsDir() {
				return step.Path
			}
			return step.In
		}
	}
	return ""
}

// OtherAccount is why root must not look into a Codex home, nil when it may: it belongs to
// another account of this machine. It opens nothing there.
// state is the folder of our state where the home is the machine's own layer, which nobody
// but root may own.
func OtherAccount(home, state string) error {
	defer stall.Enter(stall.Look, "", home).Leave()
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

// nearestFolder is the folder itself, or the first above it that is there.
func nearestFolder(dir string) string {
	for {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}
