package commit

import (
	"context"
	"errors"
	"time"
)

// Options say where the Codex home is and what a session may do there.
type Options struct {
	Home     string // the Codex home: absolute; may be a symlink, may be missing
	UserHome string // the user's home folder, for messages and for Confine
	// Confine refuses every symlink that leaves UserHome: for work that another
	// user (root) has ordered.
	Confine bool
	// AllowGitWorkTree permits a key in an auth.json that lies in a git work tree.
	AllowGitWorkTree bool
	LockTimeout      time.Duration // how long Lock waits; 0: not at all
	Now              func() time.Time
}

// Session is one run's hold on a Codex home. It is not for concurrent use.
type Session struct{ options Options }

// Open looks at a Codex home and pins its folder: whatever happens to the path
// afterwards, the session works in the folder that it has seen. It writes nothing
// and takes no lock. A home that must not be touched is a *RefusedError; a missing
// one is fine.
func Open(o Options) (*Session, error) { return &Session{options: o}, nil }

// Interrupted reports that an earlier run waits for Recover. It only looks.
func (s *Session) Interrupted() bool { return false }

// Lock makes this the only codexform that writes to the home, and creates what is
// missing of home and state folder. A lock held for longer than LockTimeout is a
// *LockedError. What Lock creates, Close removes again unless something was written.
func (s *Session) Lock(ctx context.Context) error { return errNotYet }

// Recovered says what Recover found and did.
type Recovered struct {
	Found  bool     // an earlier run was interrupted
	Result InForce  // what is in force now: Old or New of that run
	Kept   []string // files kept aside because two people's edits met there
}

// Recover ends what an earlier run left: it finishes that run or undoes it, and
// may itself be interrupted. It needs Lock.
func (s *Session) Recover(ctx context.Context) (Recovered, error) { return Recovered{}, errNotYet }

// Read reads both files and the ledger. A missing home or file is no error; what
// cannot be read as a file is a *RefusedError.
func (s *Session) Read() (State, error) { return State{}, errNotYet }

// History is the bytes of history.jsonl, nil when there is none.
func (s *Session) History() ([]byte, error) { return nil, errNotYet }

// Switch puts a change's files in place, as one transaction that Commit or
// Rollback has to end. An error means that nothing of ours is in force, unless it
// is a *StateError that says otherwise; a *ConflictError means that somebody wrote
// in between, and that their edit is in place. It needs Lock.
func (s *Session) Switch(ctx context.Context, c Change) (*Switched, error) { return nil, errNotYet }

// WriteRecords replaces ledger and history where no file changes. It needs Lock.
func (s *Session) WriteRecords(ctx context.Context, r Records) error { return errNotYet }

// WriteStatus replaces status.json; it needs no lock.
func (s *Session) WriteStatus(data []byte) error { return errNotYet }

// Close lets go of locks and folders, and removes what Lock created if nothing
// was written. Closing twice is fine.
func (s *Session) Close() error { return nil }

// Switched is a change whose files are in place but not yet committed.
type Switched struct{ session *Session }

// Read reads both files back as Codex would, following links anew.
func (t *Switched) Read() (State, error) { return t.session.Read() }

// WeakCAS reports that the file system has no exchange, so that an edit made in
// one gap of a single call could have been lost.
func (t *Switched) WeakCAS() bool { return false }

// Notes are sentences for people about what else came of the change, such as a
// hard link that was broken.
func (t *Switched) Notes() []string { return nil }

// Commit puts the new state in force for good, ledger and history included, and
// removes the old files. On a *StateError with New, only tidying is left.
func (t *Switched) Commit() error { return errNotYet }

// Rollback gives the old state back: the exact old files when nobody wrote
// meanwhile. Otherwise restore is asked for the change that takes only our keys
// back out of what is there now, a bounded number of times; its Before is filled
// in. A cancelled ctx does not stop it.
func (t *Switched) Rollback(ctx context.Context, restore func(now State) (Change, error)) error {
	return errNotYet
}

var errNotYet = errors.New("not built yet")
