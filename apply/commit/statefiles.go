package commit

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/codexform/codexform/plan/stall"
)

// WriteStateFiles replaces the ledger, and adds to the history, where no file changes.
// It needs Lock.
func (s *Session) WriteStateFiles(ctx context.Context, r StateFiles) error {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	t, err := s.begin(Change{StateFiles: r})
	if err != nil {
		return err
	}
	if r.Ledger == nil && r.History == nil {
		return nil
	}
	t.expect(r)
	if err := t.stageStateFiles(r); err != nil {
		return t.abort(err)
	}
	if r.History == nil && len(r.Ledger) > 0 { // one file: its rename is the commit
		return t.installLedger()
	}
	if err := first(t.writeIntent(), t.syncIntent()); err != nil {
		return t.abort(err)
	}
	if err := t.putInForce(); err != nil {
		return err
	}
	if err := t.tidy(); err != nil {
		return &StateError{New, err}
	}
	return nil
}

// installLedger puts the staged ledger in place where nothing else changes: its rename is
// the commit. In a transaction of files installStateFiles does it.
func (t *transaction) installLedger() error {
	if err := t.s.state.replace(t.newLedger(), ledgerName); err != nil {
		return t.abort(fmt.Errorf("writing the ledger: %w", err))
	}
	t.s.wrote = true
	if err := t.s.state.sync(); err != nil {
		return &StateError{New, fmt.Errorf("syncing %s: %w", t.s.state.path, err)}
	}
	return nil
}

// Status is the bytes of status.json, nil when there is none.
func (s *Session) Status() ([]byte, error) { return s.readStateFile(statusName) }

// WriteStatus replaces status.json, in one step and without syncs; it needs no lock.
// Where there is no state folder it does nothing, unless that is to be created.
func (s *Session) WriteStatus(data []byte, create bool) error {
	defer stall.Enter(stall.Change, "", s.options.Home).Leave()
	if s.state == nil && !create {
		return nil
	}
	s.unsynced = true
	if err := first(s.makeHome(), s.makeState()); err != nil {
		return err
	}
	s.wrote = true
	tmp := "status." + s.newID()
	err := s.writeUnsynced(s.state, tmp, data)
	if err == nil {
		err = s.state.replace(tmp, statusName)
	}
	if err != nil {
		s.state.drop(tmp)
		return fmt.Errorf("writing %s: %w", filepath.Join(s.state.path, statusName), err)
	}
	return nil
}
