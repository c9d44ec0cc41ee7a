package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
)

// RefusesRun is why no run could keep its own files in the home, nil when one may: it
// is what Lock would meet. It only looks.
func (s *Session) RefusesRun() error {
	defer stall.Enter(stall.Look, "", s.options.Home).Leave()
	if s.options.system() {
		return s.refusesSystemRun()
	}
	if s.home == nil {
		if err := s.leaves(s.options.Home, s.homePlace.dir); err != nil {
			return err
		}
		return readOnly(s.homePlace.dir)
	}
	if err := s.refusePlace(target{s.home, stateName}); err != nil {
		return err
	}
	if s.state == nil {
		return readOnly(s.home.path)
	}
	info, err := s.state.self.Stat()
	if err == nil && othersOwn(info) {
		err = refuseInfo(s.state.path, info)
	}
	if err != nil {
		return err
	}
	return readOnly(s.state.path)
}

// readOnly refuses a folder in which this user cannot create anything: by its mode or
// access list, as immutable, or on a read-only file system. The nearest folder that
// is there counts.
func readOnly(dir string) error {
	for {
		err := mayCreate(dir)
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return refuseReadOnly(dir, err)
		}
		dir = filepath.Dir(dir)
	}
}

func refuseReadOnly(dir string, err error) error {
	if err == nil {
		return nil
	}
	if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
		return &RefusedError{Path: dir, Reason: ReasonNotRegular, Detail: "is not a folder", Fix: "move it away: Codex needs a folder there"}
	}
	return &RefusedError{Path: dir, Reason: ReasonReadOnly, Detail: "cannot be written to: " + bare(err).Error(), Fix: "give this user the right to write there"}
}
