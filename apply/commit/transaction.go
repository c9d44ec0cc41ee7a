package commit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// transaction is a change on its way. Its intent on disk says how far it came.
type transaction struct {
	s      *Session
	intent intent
	parts  []*part // auth.json and config.toml, whichever change
	at     phase   // "" before the intent is written
	kept   []string

	installed bool // the state files are in place for good
}

// begin works out what a change does to each file. It writes nothing.
func (s *Session) begin(c Change) (*transaction, error) {
	if err := s.tooLarge(c); err != nil {
		return nil, err
	}
	t := &transaction{s: s, intent: s.newIntent(c.Order)}
	t.intent.NoLedger = c.StateFiles.Ledger != nil && len(c.StateFiles.Ledger) == 0
	for _, x := range []struct {
		auth bool
		from FileState
		to   *File
	}{{true, c.Before.Auth, c.Auth}, {false, c.Before.Config, c.Config}} {
		p, err := t.newPart(x.auth, x.from, x.to)
		if err != nil {
			return nil, err
		}
		if p != nil {
			t.parts = append(t.parts, p)
			t.intent.Files = append(t.intent.Files, p.entry)
		}
	}
	t.mayTakeAway()
	t.setOrigins(c)
	return t, nil
}

// tooLarge refuses to write what no later run could read again.
func (s *Session) tooLarge(c Change) error {
	state := filepath.Join(s.statePath(), ledgerName)
	for path, size := range map[string]int{
		c.Before.Config.Path: c.Config.size(), c.Before.Auth.Path: c.Auth.size(), state: max(len(c.StateFiles.Ledger), len(c.StateFiles.History)),
	} {
		if size > maxFile {
			return &RefusedError{Path: path, Reason: ReasonTooLarge, Detail: fmt.Sprintf("would be larger than 4 MiB (%d bytes)", size), Fix: "manage fewer keys, or shorter values: no later run could read it"}
		}
	}
	return nil
}

// setOrigins notes which hosts the old and the new key are for, where both files
// change.
func (t *transaction) setOrigins(c Change) {
	if origin := t.s.options.Origin; origin != nil && c.Order != SameOrigin && t.auth() != nil && t.config() != nil {
		t.intent.Origins = [2]string{origin(c.Before.Config.Data), origin(c.Config.Data)}
	}
}

// newPart is what becomes of one file, nil when nothing does.
func (t *transaction) newPart(auth bool, from FileState, to *File) (*part, error) {
	if to == nil || to.Remove && !from.Exists {
		return nil, nil
	}
	file := *to
	file.Mode = t.s.tighten(auth, file.Mode)
	same := from.Exists && !file.Remove && bytes.Equal(from.Data, file.Data)
	if same && (file.Mode == from.Mode || !hasModes) {
		return nil, nil
	}
	if err := t.s.mayWrite(auth, from, file); err != nil {
		return nil, err
	}
	e := entry{Auth: auth, Dir: t.s.relative(from.at.dir), Name: from.at.name, Modes: same, Keep: file.Keep}
	if from.Exists {
		e.Before = t.intent.mark(e, from.Data, from.Mode)
	}
	if !file.Remove {
		e.After = t.intent.mark(e, file.Data, file.Mode)
	}
	return &part{entry: e, secret: t.s.secret(auth), intent: &t.intent, dir: from.at.dir, file: &file, from: &from}, nil
}

// tighten is the mode that a file gets: a key is for its owner alone, and nobody
// else writes to either file.
func (s *Session) tighten(auth bool, mode uint32) uint32 {
	if s.options.system() && hasModes {
		return publicFile
	}
	if auth || mode == 0 {
		return 0o600
	}
	return mode & 0o755
}

// mayWrite is why a file must not be written, nil when it may.
func (s *Session) mayWrite(auth bool, from FileState, to File) error {
	if from.at.dir == nil {
		return fmt.Errorf("%s: it was read before there was a home: read again after the lock", from.Path)
	}
	if from.Refusal != nil {
		return from.Refusal
	}
	if s.secret(auth) && !to.Remove && !s.options.AllowGitWorkTree {
		return refuseGit(from.Path)
	}
	return nil
}

// relative is how an intent names a folder: "" for the home, so that a home may be
// moved while a run waits for recovery.
func (s *Session) relative(d *folder) string {
	if d == s.home {
		return ""
	}
	return d.path
}

// mayTakeAway decides which file is taken away first.
func (t *transaction) mayTakeAway() {
	auth, config := t.auth(), t.config()
	if auth != nil && config != nil && t.intent.separates() {
		auth.takenAway = !auth.creates() && !auth.removes()
	}
}

// separates reports whether key and URL must never meet across the change.
func (r intent) separates() bool { return r.Order == NewOrigin || r.Order == FirstInstall }

func (t *transaction) auth() *part   { return t.find(true) }
func (t *transaction) config() *part { return t.find(false) }

func (t *transaction) find(auth bool) *part {
	for _, p := range t.parts {
		if p.Auth == auth {
			return p
		}
	}
	return nil
}

// load rebuilds a transaction from its intent.
func (s *Session) load(at phase) (*transaction, error) {
	path := filepath.Join(s.state.path, string(at))
	data, _, err := s.state.read(string(at))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	in, err := decodeIntent(data)
	switch {
	case errors.Is(err, errNewerIntent):
		return nil, &RefusedError{Path: path, Reason: ReasonNewer, Detail: err.Error(), Fix: "finish with that version, or update this one"}
	case err != nil:
		return nil, &RefusedError{Path: path, Reason: ReasonDamaged, Detail: err.Error(), Fix: "look whether config.toml and auth.json are as you want them, then remove " + path}
	}
	t := &transaction{s: s, intent: in, at: at}
	for _, e := range in.Files {
		p, err := t.openPart(e)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, p)
	}
	t.mayTakeAway()
	return t, nil
}

func (t *transaction) openPart(e entry) (*part, error) {
	dir := t.s.home
	if e.Dir != "" {
		var err error
		if dir, err = t.s.pin(e.Dir); err != nil {
			return nil, dirError(filepath.Join(e.Dir, e.Name), err)
		}
	}
	if err := t.s.refusePlace(target{dir, e.Name}); err != nil {
		return nil, err
	}
	return &part{entry: e, secret: t.s.secret(e.Auth), intent: &t.intent, dir: dir}, nil
}

// Names of ours in the state folder.
func (t *transaction) newIntent() string  { return "intent." + t.intent.ID }
func (t *transaction) newLedger() string  { return "ledger." + t.intent.ID }
func (t *transaction) newHistory() string { return "history." + t.intent.ID }

// mark renames the intent: from here on the transaction stands at that phase, unless
// the power goes before the state folder is synced.
func (t *transaction) mark(to phase) error {
	if err := t.s.state.replace(t.intentName(), string(to)); err != nil {
		return fmt.Errorf("marking %s in %s: %w", to, t.s.state.path, err)
	}
	t.at = to
	return nil
}

// intentName is what the intent is called now.
func (t *transaction) intentName() string {
	if t.at == "" {
		return t.newIntent()
	}
	return string(t.at)
}

// advance marks a phase for good.
func (t *transaction) advance(to phase) error {
	if err := t.mark(to); err != nil {
		return err
	}
	return t.syncState()
}

func (t *transaction) syncState() error {
	if err := t.s.state.sync(); err != nil {
		return fmt.Errorf("syncing %s: %w", t.s.state.path, err)
	}
	return nil
}

// putInForce marks the new state as done and installs its state files, all with one
// sync: should a power cut keep some of it and lose the rest, any of it will do.
func (t *transaction) putInForce() error {
	if err := t.mark(done); err != nil {
		return t.abort(err)
	}
	if err := t.installStateFiles(); err != nil {
		if t.installs() {
			return &StateError{HalfWay, err}
		}
		return t.abort(err)
	}
	t.s.wrote = true
	return nil
}

// inForce reports that the new state counts although its mark is lost: a state file of it
// has been installed, which happens only once the targets are in place for good. Before
// they are switched, a state file that is gone has never reached the disk.
func (t *transaction) inForce() (bool, error) {
	if !t.installs() {
		return false, nil
	}
	for _, p := range t.parts {
		if l, err := p.looks(); err != nil || !p.switched(l) {
			return false, err
		}
	}
	return true, nil
}

// installs reports that a state file has left the place where it waited.
func (t *transaction) installs() bool {
	for _, name := range t.intent.Comes {
		if !t.s.state.has(name + "." + t.intent.ID) {
			return true
		}
	}
	return t.intent.Goes && !t.s.state.has(ledgerName)
}

// abort ends a transaction that met an error, and says what is in force now.
func (t *transaction) abort(cause error) error {
	result, err := Old, error(nil)
	switch t.at {
	case done: // it is marked as done but may not last: take it back first
		if err = t.advance(switching); err != nil {
			result = HalfWay
			break
		}
		fallthrough
	case switching:
		result, err = t.conclude()
	default:
		err = t.tidy()
	}
	switch result {
	case HalfWay:
		return &StateError{HalfWay, fmt.Errorf("%w; and undoing it: %w", cause, err)}
	case New:
		return &StateError{New, cause}
	}
	if err != nil {
		return fmt.Errorf("%w; staged files stay until the next run: %w", cause, err)
	}
	return cause
}
