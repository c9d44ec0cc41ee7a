package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/codexform/codexform/plan/stall"
)

// Options say where the Codex home is and what a session may do there.
type Options struct {
	Home string // the Codex home: absolute; may be a symlink, may be missing
	// State is set where Home is the folder of the machine's own layer: it is the folder
	// for our own state, absolute. Then requirements.toml is in the place of auth.json,
	// no file holds a key, everybody may read all of them, and only root writes.
	State    string
	UserHome string // the user's home folder; needed for Confine only
	// Confine refuses every symlink that leaves UserHome: for work that another
	// user (root) has ordered.
	Confine bool
	// AllowGitWorkTree permits a key in an auth.json that lies in a git work tree.
	AllowGitWorkTree bool
	// Origin tells which host a config.toml sends the key to; nil: it is not known.
	// Codex writes config.toml without looking again, so it may bring an old host back
	// in the middle of a switch; with Origin, no key is put beside it.
	Origin func(config []byte) string
	// Settle is how long a config.toml with another host has to stay in place before
	// its key comes: longer than Codex takes from reading the old one to writing it.
	Settle      time.Duration
	LockTimeout time.Duration // how long Lock waits; 0: not at all
	Now         func() time.Time
}

// Session is one run's hold on a Codex home. It is not for concurrent use.
type Session struct {
	options   Options
	userHome  string // without symlinks
	ground    string // where what is not root's begins, for root alone; "" where all is
	homePlace place
	home      *folder // nil while it is missing
	state     *folder // nil while it is missing
	pinned    map[string]*folder
	lock      *os.File

	unsynced bool // what is made is a memory: a power cut may take it
	madeHome bool
	// madeAbove are folders above the home that were missing, the highest first.
	madeAbove []string
	wrote     bool // something was put in force, or tidied up after
}

// Open looks at a Codex home and pins its folder: whatever happens to the path
// afterwards, the session works in the folder that it has seen. It writes nothing
// and takes no lock. A missing home is fine; one that is not a folder, or that cannot
// be looked into, is a *RefusedError.
func Open(o Options) (*Session, error) {
	defer stall.Enter(stall.Look, "", o.Home).Leave()
	if !filepath.IsAbs(o.Home) {
		return nil, fmt.Errorf("%s: the Codex home must be an absolute path", o.Home)
	}
	o.Home = filepath.Clean(o.Home)
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Session{options: o, pinned: map[string]*folder{}}
	if o.Confine {
		var err error
		if s.userHome, err = filepath.EvalSymlinks(o.UserHome); err != nil {
			return nil, dirError(o.UserHome, err)
		}
	}
	if err := s.find(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// find pins the home and the state folder.
func (s *Session) find() error {
	for _, step := range []func() error{s.findGround, s.findHome, s.judgeOwner, s.findState} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// findState pins the state folder if it is there.
func (s *Session) findState() error {
	in, name, err := s.stateIn()
	if refused := (*RefusedError)(nil); in == nil && (err == nil || errors.As(err, &refused) && refused.Reason == ReasonNoFolder) {
		return nil // neither is the state
	}
	if err != nil {
		return err
	}
	d, err := in.sub(name)
	switch {
	case err == nil:
		s.state = d
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, errIrregular):
		return &RefusedError{Path: s.statePath(), Reason: ReasonNotRegular, Detail: "is not a folder", Fix: "move it away, or remove the link: it must be a folder of its own"}
	default:
		return unreadable(s.statePath(), err)
	}
	return nil
}

// dropState forgets a state folder that somebody has removed.
func (s *Session) dropState() {
	s.state.close()
	s.state = nil
}

// Interrupted reports that an earlier run waits for Recover. It only looks.
func (s *Session) Interrupted() bool {
	defer stall.Enter(stall.Look, "", s.options.Home).Leave()
	names, err := s.names()
	if err != nil || slices.ContainsFunc(names, ours) {
		return true
	}
	for _, d := range s.beside() {
		if strays, err := s.strays(d); err != nil || len(strays) > 0 {
			return true
		}
	}
	return false
}

// names are the names in the state folder.
func (s *Session) names() ([]string, error) {
	if s.state == nil {
		return nil, nil
	}
	return s.state.names()
}

// loose is a file of a run that was killed before its intent was in place.
func loose(name string) bool {
	name, id, _ := strings.Cut(name, ".")
	return isID(id) && slices.Contains([]string{"intent", "ledger", "history", "status"}, name)
}

// ours reports whether a name in the state folder belongs to a run that has not ended.
func ours(name string) bool {
	return name == string(staging) || name == string(switching) || name == string(done) || loose(name)
}

// Read reads both files and the ledger. A missing home or file is no error; what
// cannot be read as a file is a *RefusedError.
func (s *Session) Read() (State, error) {
	defer stall.Enter(stall.Look, "", s.options.Home).Leave()
	var st State
	err := s.stillHome()
	if err != nil {
		return State{}, err
	}
	if st.Config, err = s.readTarget("config.toml", refuseConfig); err != nil {
		return State{}, err
	}
	refuse := refuseAuth
	if s.options.system() {
		refuse = refuseConfig
	}
	if st.Auth, err = s.readTarget(s.options.second(), refuse); err != nil {
		return State{}, err
	}
	st.Ledger, err = s.readStateFile(ledgerName)
	return st, err
}

// History is the bytes of history.jsonl, nil when there is none.
func (s *Session) History() ([]byte, error) { return s.readStateFile(historyName) }

func (s *Session) readStateFile(name string) ([]byte, error) {
	if s.state == nil {
		return nil, nil
	}
	data, _, err := s.state.read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(filepath.Join(s.state.path, name), err)
	}
	return data, nil
}

// Close lets go of locks and folders, and removes what Lock created if nothing was
// written. Closing twice is fine.
func (s *Session) Close() error {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	defer stall.Halfway(false)
	if s.lock != nil {
		s.leaveNothing()
		s.lock.Close()
		s.lock = nil
	}
	for path, d := range s.pinned {
		d.close()
		delete(s.pinned, path)
	}
	if s.state != nil {
		s.state.close()
	}
	s.home, s.state = nil, nil
	return nil
}

// leaveNothing removes a state folder with nothing that lasts in it, and a home
// that this session has made for nothing. What cannot be removed does no harm.
func (s *Session) leaveNothing() {
	names, _ := s.names()
	lasting := func(name string) bool { return name != lockName && name != gitIgnoreName }
	if s.wrote || len(names) == 0 || slices.ContainsFunc(names, lasting) {
		return
	}
	s.state.remove(gitIgnoreName)
	s.state.remove(lockName)
	if in, name, _ := s.stateIn(); in != nil {
		in.remove(name)
	}
	if !s.madeHome {
		return
	}
	if parent, err := s.openFolder(s.homePlace.dir); err == nil {
		parent.root.Remove(s.homePlace.name)
		parent.close()
	}
	for _, dir := range slices.Backward(s.madeAbove) {
		os.Remove(dir) // an empty folder alone
	}
}
