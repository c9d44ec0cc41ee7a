package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Modes of what everybody has to be able to read: a Codex that cannot read a file of the
// machine's own layer does not start, whoever runs it.
const (
	publicFile   = 0o644
	publicFolder = 0o755
)

// system reports a session on the machine's own layer.
func (o Options) system() bool { return o.State != "" }

// second is the file beside config.toml.
func (o Options) second() string {
	if o.system() {
		return "requirements.toml"
	}
	return "auth.json"
}

// folderMode is the mode of a folder of ours, fileMode that of our own files in it.
func (o Options) folderMode() fs.FileMode {
	if o.system() {
		return publicFolder
	}
	return 0o700
}

func (o Options) fileMode() fs.FileMode {
	if o.system() {
		return publicFile
	}
	return 0o600
}

// secret reports whether a part may hold a key.
func (s *Session) secret(auth bool) bool { return auth && !s.options.system() }

// stateIn is the folder in which the state folder lies, nil where it is missing, and the
// name that it has there.
func (s *Session) stateIn() (*folder, string, error) {
	if !s.options.system() {
		return s.home, stateName, nil
	}
	dir, name := filepath.Split(s.options.State)
	d, err := s.pin(filepath.Clean(dir))
	if err != nil {
		return nil, name, dirError(s.options.State, err)
	}
	return d, name, nil
}

// statePath is where the state folder is.
func (s *Session) statePath() string {
	switch {
	case s.options.system():
		return s.options.State
	case s.home == nil:
		return filepath.Join(s.options.Home, stateName)
	}
	return filepath.Join(s.home.path, stateName)
}

// refuseSystem is why a folder or a file of the machine's layer must not be replaced: it
// belongs to somebody who does not rule the machine, and could change it at any moment.
func (s *Session) refuseSystem(path string, file *os.File) error {
	switch {
	case !s.options.system():
		return nil
	case !rulesMachine():
		return &RefusedError{Path: path, Reason: ReasonOwner, Detail: notRuler, Fix: becomeRuler}
	}
	return s.refuseMachine(path, file)
}

// foreign refuses what somebody else than root owns.
func foreign(path string) error {
	return &RefusedError{
		Path: path, Reason: ReasonOwner, Detail: "belongs to another user than root, who could change it for everybody",
		Fix: "look at what is in it, then: chown root:root " + path,
	}
}

// refusesSystemRun is RefusesRun on the machine's own layer.
func (s *Session) refusesSystemRun() error {
	in, name, err := s.stateIn()
	if err == nil {
		err = s.refusePlace(target{in, name})
	}
	if err == nil && s.home != nil {
		err = s.refusePlace(target{s.home, ""})
	}
	if err == nil && s.state != nil {
		err = s.refusePlace(target{s.state, ""})
	}
	if err != nil {
		return err
	}
	for _, dir := range []string{s.options.State, s.options.Home} {
		if err := readOnly(dir); err != nil {
			return err
		}
	}
	return nil
}

// RefusesLayer is why everybody's Codex must not obey the machine's own layer as it is, or
// cannot read it: a file or folder is somebody's who does not rule the machine, or is open
// to be written, or closed. It counts whether there is anything to write or not, because
// Codex itself does not ask. nil in other sessions, and for whoever could not mend it.
func (s *Session) RefusesLayer(st State) error {
	if !s.options.system() || !rulesMachine() {
		return nil
	}
	var found []error
	for _, err := range []error{st.Config.Refusal, st.Auth.Refusal, s.RefusesRun()} {
		var refused *RefusedError
		if errors.As(err, &refused) && slices.Contains([]Reason{ReasonOwner, ReasonWritable, ReasonClosed}, refused.Reason) {
			found = append(found, err)
		}
	}
	return first(found...)
}

// openFolder opens a folder of the session's, whose path is without symlinks.
func (s *Session) openFolder(path string) (*folder, error) {
	open := openFolder
	if s.ground != "" { // where its owner may have put one meanwhile
		open = openStraight
	}
	d, err := open(path)
	if err == nil {
		d.public = s.options.system()
	}
	return d, err
}

// makeAbove makes what is missing above a folder of the machine's: Codex's own folder on
// Windows lies in one of OpenAI's. Close removes it again with the folder.
func (s *Session) makeAbove(dir string) error {
	if _, err := os.Lstat(dir); !s.options.system() || !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
		return nil // what is wrong with it is found by whoever opens it
	}
	if err := s.makeAbove(filepath.Dir(dir)); err != nil {
		return err
	}
	parent, err := s.openFolder(filepath.Dir(dir))
	if err != nil {
		return dirError(dir, err)
	}
	defer parent.close()
	if err := s.refusePlace(target{parent, ""}); err != nil {
		return err
	}
	made, fresh, err := s.makeFolder(parent, filepath.Base(dir))
	if err != nil {
		return err
	}
	made.close()
	if fresh {
		s.madeAbove = append(s.madeAbove, dir)
	}
	return nil
}
