package commit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/codexform/codexform/plan/stall"
)

// Switch puts a change's files in place, as one transaction that Commit or Undo
// has to end. An error means that nothing of ours is in force, unless it
// is a *StateError that says otherwise; a *ConflictError means that somebody wrote
// in between, and that their edit is in place. It needs Lock.
func (s *Session) Switch(ctx context.Context, c Change) (*Switched, error) {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	stall.Halfway(true)
	t, err := s.begin(c)
	if err != nil {
		return nil, err
	}
	unlock, err := t.lockCodex(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err = t.stageAll(c.StateFiles); err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = t.syncIntent()
	}
	if err == nil {
		err = t.advance(switching)
	}
	if err == nil {
		err = t.switchAll()
	}
	if err != nil {
		return nil, t.abort(err)
	}
	return &Switched{t: t, ledger: c.Before.Ledger}, nil
}

// switchAll switches the targets in their order, each durable before the next where
// hosts differ. With one host, whatever a power cut makes of the two may meet: so one
// sync does for both.
func (t *transaction) switchAll() error {
	steps := t.steps()
	for i, step := range steps {
		run := step.run
		if step.part.Auth && i > 0 && i == len(steps)-1 {
			run = func() error { return t.besideHost(step.run) }
		}
		if err := run(); err != nil {
			return err
		}
		if t.intent.Order == SameOrigin {
			continue
		}
		if err := syncAll([]*folder{step.part.dir}); err != nil {
			return err
		}
	}
	if t.intent.Order == SameOrigin {
		if err := t.syncTargets(); err != nil {
			return err
		}
	}
	return t.hostStays()
}

// besideHost puts the new key in place once the new config.toml has settled: until
// then a Codex that has read the old one may still write it.
func (t *transaction) besideHost(place func() error) error {
	if t.moves() && !t.config().creates() {
		time.Sleep(t.s.options.Settle)
	}
	if err := t.hostStays(); err != nil {
		return err
	}
	if err := place(); err != nil {
		return err
	}
	return t.hostStays()
}

// moves reports whether config.toml leads to another host.
func (t *transaction) moves() bool { return t.intent.Origins[0] != t.intent.Origins[1] }

// hostStays checks that config.toml still leads to the new host, where hosts differ:
// Codex may have read the old file before the switch, and write it now.
func (t *transaction) hostStays() error {
	p := t.config()
	if p == nil || !t.moves() {
		return nil
	}
	m, err := p.look(p.Name)
	if err != nil || m == p.After {
		return err
	}
	host, err := t.host()
	if err == nil && host != t.intent.Origins[1] {
		err = &ConflictError{Path: p.path()}
	}
	return err
}

// keyStays checks that the new auth.json is still there, where hosts differ: an old
// Codex may bring back the old one.
func (t *transaction) keyStays() error {
	p := t.auth()
	if p == nil || !t.moves() {
		return nil
	}
	m, err := p.look(p.Name)
	if err == nil && m != p.After {
		err = &ConflictError{Path: p.path()}
	}
	return err
}

// host is where config.toml sends the key now, "" where that is not known.
func (t *transaction) host() (string, error) {
	p := t.config()
	data, _, err := p.dir.read(p.Name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading %s: %w", p.path(), err)
	}
	if t.s.options.Origin == nil {
		return "", nil
	}
	return t.s.options.Origin(data), nil
}

// step is one change of one name.
type step struct {
	part *part
	run  func() error
}

// steps is the order of a switch. With one host, the key goes first: the old URL
// with the new key works. With two, or with a host for the first time, the old key
// goes away before the URL changes and the new one comes after it.
func (t *transaction) steps() []step {
	auth, config := t.auth(), t.config()
	var all []step
	if auth != nil && auth.takenAway {
		all = append(all, step{auth, auth.takeAway})
	}
	last := auth != nil && (auth.takenAway || auth.creates() && t.intent.separates())
	if auth != nil && !last {
		all = append(all, step{auth, auth.place})
	}
	if config != nil {
		all = append(all, step{config, config.place})
	}
	if last {
		all = append(all, step{auth, auth.place})
	}
	return all
}

// Switched is a change whose files are in place but not yet committed.
type Switched struct {
	t      *transaction
	ledger []byte // before the change
}

// Read reads both files back as Codex would, following links anew.
func (t *Switched) Read() (State, error) { return t.t.s.Read() }

// WeakCAS reports that the file system has no exchange, so that an edit made in
// one gap of a single call could have been lost.
func (t *Switched) WeakCAS() bool {
	for _, p := range t.t.parts {
		if p.weak {
			return true
		}
	}
	return false
}

// Notes are sentences for people about what else came of the change.
func (t *Switched) Notes() []string {
	var notes []string
	for _, p := range t.t.parts {
		if p.secret && p.from.Links > 1 {
			notes = append(notes, fmt.Sprintf("%s had %d other names (hard links); they keep the old content, the old key included", p.path(), p.from.Links-1))
		}
	}
	for _, path := range t.t.kept {
		notes = append(notes, "the old file is kept as "+path)
	}
	return notes
}

// Commit puts the new state in force for good, ledger and history included, and
// removes the old files. On a *StateError with New, only tidying is left.
func (t *Switched) Commit() error {
	defer stall.Enter(stall.Change, "", t.t.s.options.Home).Leave()
	tx := t.t
	for _, p := range tx.parts {
		if err := p.unchangedSince(); err != nil {
			return tx.abort(err)
		}
	}
	for _, stays := range []func() error{tx.hostStays, tx.keyStays} {
		if err := stays(); err != nil {
			return tx.abort(err)
		}
	}
	if err := tx.putInForce(); err != nil {
		return err
	}
	if err := tx.tidy(); err != nil {
		return &StateError{New, err}
	}
	return nil
}

// unchangedSince checks that nobody has written into the displaced file, as an old
// Codex does that had it open.
func (p *part) unchangedSince() error {
	if p.creates() {
		return nil
	}
	for _, name := range []string{p.stage(), p.aside()} {
		if m, err := p.look(name); err != nil || m == p.Before {
			return err
		}
	}
	return &ConflictError{Path: p.path()}
}

// maxUndo bounds how often Undo tries to take our keys out of files that
// somebody else keeps writing.
const maxUndo = 5

// Undo brings the old state again: the exact old files when nobody wrote meanwhile.
// Otherwise it asks for the change that takes only our keys out of what is there
// now, a bounded number of times; its Before is filled
// in, and its ledger where it has none: the one from before. A cancelled ctx does
// not stop it.
func (t *Switched) Undo(ctx context.Context, ask func(now State) (Change, error)) error {
	defer stall.Enter(stall.Change, "", t.t.s.options.Home).Leave()
	ctx = context.WithoutCancel(ctx)
	unlock, err := t.t.lockCodex(ctx)
	if err != nil {
		return &StateError{HalfWay, err}
	}
	result, err := t.t.conclude()
	unlock()
	switch {
	case err != nil:
		return &StateError{result, err}
	case result == Old:
		return nil
	}
	t.t.s.wrote = true
	for range maxUndo {
		if err = t.undoKeys(ctx, ask); !errors.As(err, new(*ConflictError)) {
			break
		}
	}
	var state *StateError
	if err == nil || errors.As(err, &state) && state.InForce != Old {
		return err
	}
	return &StateError{New, err}
}

// undoKeys carries out one attempt to take our keys out.
func (t *Switched) undoKeys(ctx context.Context, ask func(State) (Change, error)) error {
	now, err := t.t.s.Read()
	if err != nil {
		return err
	}
	c, err := ask(now)
	if err != nil {
		return err
	}
	c.Before = now
	if c.StateFiles.Ledger == nil {
		c.StateFiles.Ledger = append([]byte{}, t.ledger...)
	}
	undone, err := t.t.s.Switch(ctx, c)
	if err != nil {
		return err
	}
	return undone.Commit()
}
