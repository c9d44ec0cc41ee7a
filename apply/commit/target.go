package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/codexform/codexform/plan/bounded"
)

// target is one of the two files: a name in a pinned folder.
type target struct {
	dir  *folder
	name string
}

func (t target) path() string { return filepath.Join(t.dir.path, t.name) }

// readTarget reads config.toml or auth.json as Codex would, and finds out whether
// it may be written.
func (s *Session) readTarget(name string, refuse func(string, fs.FileInfo) error) (FileState, error) {
	if s.home == nil {
		return FileState{Path: filepath.Join(s.options.Home, name)}, nil
	}
	p, err := follow(filepath.Join(s.home.path, name))
	if err != nil {
		return FileState{}, err
	}
	if err := s.leaves(p.path(), p.dir); err != nil {
		return FileState{}, err
	}
	dir, err := s.pin(p.dir)
	if err != nil {
		return FileState{}, dirError(p.path(), err)
	}
	if err := dir.isThere(); err != nil {
		return FileState{}, err
	}
	st := FileState{Path: p.path(), Linked: p.linked, at: target{dir, p.name}}
	err = s.fill(&st, refuse)
	var refused *RefusedError
	if p.linked && s.options.system() && errors.As(st.Refusal, &refused) && refused.Reason == ReasonOwner {
		refused.Fix = "remove the link " + filepath.Join(s.options.Home, name) + ", and apply again"
	}
	if p.linked && errors.As(err, &refused) {
		refused.Detail += ", and " + name + " is a link to it"
	}
	return st, err
}

// fill reads the file behind st, if there is one.
func (s *Session) fill(st *FileState, refuse func(string, fs.FileInfo) error) error {
	st.Refusal = s.refusePlace(st.at)
	var mounted, system error
	data, info, err := st.at.dir.readAnd(st.at.name, func(file *os.File) {
		mounted, system = refuseMount(st.at.dir, st.Path, file), s.refuseSystem(st.Path, file)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(st.Path, err)
	}
	st.Exists, st.Data, st.Mode = true, data, permissions(info)
	st.Links, st.info, st.Stamp = hardLinks(info), info, stamp(info)
	if st.Refusal == nil {
		st.Refusal = refuse(st.Path, info)
	}
	if st.Refusal == nil {
		st.Refusal = mounted
	}
	if st.Refusal == nil || s.options.system() && !rulesMachine() {
		st.Refusal = first(system, st.Refusal)
	}
	return nil
}

// stamp tells a file from the same one after somebody wrote it, without a word of what
// is in it.
func stamp(info fs.FileInfo) string {
	return fmt.Sprintf("%d bytes, file %d, %s", info.Size(), inode(info), info.ModTime().UTC().Format(time.RFC3339Nano))
}

// permissions are the permission bits of a file; where there are none, those of a
// file that nobody else may read.
func permissions(info fs.FileInfo) uint32 {
	if !hasModes {
		return 0o600
	}
	return uint32(info.Mode().Perm())
}

// refusePlace is why nothing may be written where the target lies.
func (s *Session) refusePlace(t target) error {
	if err := s.leaves(t.path(), t.dir.path); err != nil {
		return err
	}
	if nixStore(t.path()) {
		return refuseInfo(t.path(), nil)
	}
	return first(s.refuseSystem(t.dir.path, t.dir.self), refuseFolder(t.dir))
}

// leaves is why a path must neither be read nor written: a link has led out of the
// home that this run is confined to.
func (s *Session) leaves(path, dir string) error {
	inside := below
	if s.ground != "" { // its owner may make any name another folder's, for a moment
		inside = lexically
	}
	if !s.options.Confine || inside(dir, s.userHome) {
		return nil
	}
	return &RefusedError{Path: path, Reason: ReasonLeavesHome, Detail: "lies outside " + s.options.UserHome, Fix: "remove the symlink, or let that user run codexform"}
}

func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, errIrregular):
		return &RefusedError{Path: path, Reason: ReasonNotRegular, Detail: "is not a regular file", Fix: "move it away: Codex needs a file there"}
	case errors.Is(err, errTooLarge):
		return &RefusedError{Path: path, Reason: ReasonTooLarge, Detail: errTooLarge.Error(), Fix: "look at what fills it: Codex reads it at every start"}
	case errors.Is(err, fs.ErrPermission):
		return &RefusedError{Path: path, Reason: ReasonUnreadable, Detail: "could not be read", Fix: "give this user the right to read it"}
	}
	return fmt.Errorf("reading %s: %w", path, err)
}

// pin opens a folder once per session, so that a session never sees two folders
// under one path.
func (s *Session) pin(path string) (*folder, error) {
	if d := s.pinned[path]; d != nil {
		return d, nil
	}
	d, err := s.openFolder(path)
	if err != nil {
		return nil, err
	}
	s.pinned[path] = d
	return d, nil
}

// isThere checks that the folder's path still leads to it, as Codex would follow it.
func (f *folder) isThere() error {
	there, err := os.Stat(f.path)
	if err != nil {
		return &ConflictError{Path: f.path}
	}
	here, err := f.self.Stat()
	if err == nil && !os.SameFile(there, here) {
		err = &ConflictError{Path: f.path}
	}
	return err
}

// stillHome checks that the Codex home has not been led elsewhere.
func (s *Session) stillHome() error {
	if s.home == nil {
		return nil
	}
	p, err := follow(s.options.Home)
	if err == nil && p.path() != s.home.path {
		err = &ConflictError{Path: s.options.Home}
	}
	return err
}

// findHome pins the Codex home if it is there.
func (s *Session) findHome() error {
	p, err := follow(s.options.Home)
	if refused := (*RefusedError)(nil); s.options.system() && errors.As(err, &refused) && refused.Reason == ReasonNoFolder {
		p, err = place{dir: filepath.Dir(s.options.Home), name: filepath.Base(s.options.Home)}, nil // makeHome makes both
	}
	if err != nil {
		return named(s.options.Home, err)
	}
	s.homePlace = p
	info, err := os.Lstat(p.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.IsDir() {
		return named(s.options.Home, &RefusedError{Path: s.options.Home, Reason: ReasonNotRegular, Detail: "is not a folder", Fix: "move it away: Codex needs a folder there"})
	}
	if err == nil {
		s.home, err = s.pin(p.path())
	}
	if err != nil {
		return first(s.leaves(p.path(), p.dir), named(s.options.Home, dirError(s.options.Home, err)))
	}
	return nil
}

// named is what is wrong with a home that has the name of a device, whatever went wrong
// with it.
func named(home string, err error) error {
	if !bounded.Device(home) {
		return err
	}
	return &RefusedError{Path: home, Reason: ReasonNotRegular, Detail: "is the name of a device on Windows", Fix: "name another folder"}
}
