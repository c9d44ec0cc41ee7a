package commit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/codexform/codexform/plan/stall"
)

// Names in the state folder.
const (
	stateName   = ".codexform"
	lockName    = "lock"
	ledgerName  = "ledger.json"
	historyName = "history.jsonl"
	statusName  = "status.json"
	// gitIgnoreName keeps the state out of a repository that the home lies in.
	gitIgnoreName = ".gitignore"
)

// pollEvery is the pause between two looks at a lock that is held.
const pollEvery = 20 * time.Millisecond

// Lock makes this the only codexform that writes to the home, and creates what is
// missing of home and state folder. A lock held for longer than LockTimeout is a
// *LockedError. What Lock creates, Close removes again unless something was written.
func (s *Session) Lock(ctx context.Context) error {
	if s.lock != nil {
		return nil
	}
	if err := s.makeHome(); err != nil {
		return err
	}
	in, name, err := s.stateIn()
	if err == nil {
		err = s.refusePlace(target{in, name})
	}
	if err != nil {
		return err
	}
	deadline := time.Now().Add(s.options.LockTimeout)
	for {
		if err := s.makeState(); err != nil {
			return err
		}
		file, err := s.openLock(s.state, lockName)
		if errors.Is(err, fs.ErrNotExist) { // the folder went while we looked
			s.dropState()
			continue
		}
		if err != nil {
			return unopened(filepath.Join(s.state.path, lockName), err)
		}
		if err := waitForLock(ctx, file, deadline); err != nil {
			file.Close()
			return lockError(err, filepath.Join(s.state.path, lockName), false)
		}
		// Whoever held it may have removed file and folder with it.
		if s.state.isStill(lockName, file) == nil && in.isStill(name, s.state.self) == nil {
			s.lock = file
			return nil
		}
		file.Close()
		s.dropState()
	}
}

// makeHome creates the Codex home if it is missing.
func (s *Session) makeHome() error {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	if s.home != nil {
		return nil
	}
	if err := s.leaves(s.options.Home, s.homePlace.dir); err != nil {
		return err
	}
	if err := s.makeAbove(s.homePlace.dir); err != nil {
		return fmt.Errorf("creating %s: %w", s.homePlace.dir, err)
	}
	parent, err := s.openFolder(s.homePlace.dir)
	if err != nil {
		return dirError(s.options.Home, err)
	}
	defer parent.close()
	s.home, s.madeHome, err = s.makeFolder(parent, s.homePlace.name)
	if err != nil {
		return fmt.Errorf("creating %s: %w", s.options.Home, err)
	}
	s.pinned[s.home.path] = s.home
	return nil
}

// makeState creates the state folder if it is missing.
func (s *Session) makeState() error {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	if s.state != nil {
		return s.closeState()
	}
	in, name, err := s.stateIn()
	if err == nil {
		s.state, _, err = s.makeFolder(in, name)
	}
	if err != nil {
		return fmt.Errorf("creating %s: %w", s.statePath(), err)
	}
	return s.closeState()
}

// closeState makes sure that nobody else can look into the state folder, or that
// everybody can where it is the machine's.
func (s *Session) closeState() error {
	path := s.state.path
	info, err := s.state.self.Stat()
	if err != nil {
		return fmt.Errorf("looking at %s: %w", path, bare(err))
	}
	if othersOwn(info) {
		return refuseInfo(path, info)
	}
	if err := setMode(s.state.self, s.options.folderMode()); err != nil {
		return fmt.Errorf("closing %s to others: %w", path, bare(err))
	}
	return nil
}

// makeFolder creates a folder, for the owner alone where it is not the machine's, and
// opens it. It reports whether
// it was missing.
func (s *Session) makeFolder(parent *folder, name string) (*folder, bool, error) {
	err := makeDir(parent, name)
	made := err == nil
	if made {
		if err = openUp(parent, name, s.options.folderMode()); err != nil {
			parent.remove(name)
		}
	} else if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err != nil {
		return nil, false, bare(err)
	}
	d, err := parent.sub(name)
	if err != nil {
		if made {
			parent.remove(name)
		}
		return nil, false, err
	}
	if !made {
		return d, false, nil
	}
	if err := s.ownFolder(parent, d); err != nil {
		d.close()
		parent.remove(name)
		return nil, false, err
	}
	return d, true, nil
}

// ignoreState has git leave the state folder alone. It is no part of what a run
// promises, so nothing is synced: an empty file of a power cut is written anew.
func (s *Session) ignoreState() error {
	if s.options.system() {
		return nil // in no repository
	}
	info, err := s.state.root.Lstat(gitIgnoreName)
	if err == nil && info.Size() > 0 {
		return nil
	}
	if err = s.state.drop(gitIgnoreName); err == nil {
		err = s.writeUnsynced(s.state, gitIgnoreName, []byte("*\n"))
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(s.state.path, gitIgnoreName), bare(err))
	}
	return nil
}

// openUp gives a new folder the rights that the umask has taken from its owner.
func openUp(parent *folder, name string, mode fs.FileMode) error {
	info, err := parent.root.Lstat(name)
	if err != nil || !hasModes || info.Mode().Perm() == mode {
		return err
	}
	return parent.root.Chmod(name, mode)
}

// ownFolder gives a new folder its owner, and makes it durable.
func (s *Session) ownFolder(parent, d *folder) error {
	model, err := parent.self.Stat()
	if err == nil {
		err = setOwner(d.self, model)
	}
	if err != nil {
		return bare(err)
	}
	if s.unsynced {
		return nil
	}
	return parent.sync()
}

// openLock opens a lock file, or creates it: for its owner alone and readable to them,
// whatever the umask says. Codex has to be able to open its own.
func (s *Session) openLock(d *folder, name string) (*os.File, error) {
	fresh := false
	info, err := d.root.Lstat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, errIrregular
	case errors.Is(err, fs.ErrNotExist):
		fresh = true
	case err != nil:
		return nil, bare(err)
	}
	file, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|openNoBlock, 0o600)
	if err != nil {
		return nil, bare(err)
	}
	if err = d.isStill(name, file); err == nil && fresh {
		err = first(setMode(file, 0o600), s.own(file))
	}
	if err != nil {
		file.Close()
		return nil, bare(err)
	}
	return file, nil
}

// unopened is a lock file that was not opened, and what to do about it.
func unopened(path string, err error) error {
	if errors.Is(err, errIrregular) {
		return &RefusedError{Path: path, Reason: ReasonNotRegular, Detail: "is not a regular file", Fix: "move it away: a lock file is made in its place"}
	}
	return fmt.Errorf("opening %s: %w", path, err)
}

var errHeld = errors.New("held by another process")

// waitForLock takes the lock, or gives up with errHeld.
func waitForLock(ctx context.Context, file *os.File, deadline time.Time) error {
	for {
		held, err := tryLock(file)
		if err != nil || !held {
			return bare(err)
		}
		if !time.Now().Before(deadline) {
			return errHeld
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pollEvery):
		}
	}
}

func lockError(err error, path string, codex bool) error {
	if errors.Is(err, errHeld) {
		return &LockedError{Path: path, Codex: codex}
	}
	return fmt.Errorf("locking %s: %w", path, err)
}
