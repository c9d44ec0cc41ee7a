package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/apply/gateway"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// decode reads what the disk said. With Repair a damaged file counts as one that
// is not there; of config.toml the bytes are kept under another name.
func (r *run) decode(st commit.State) (codex.Snapshot, string, error) {
	config, auth, keep := file(st.Config), file(st.Auth), ""
	for {
		s, err := codex.Decode(r.Home, config, auth, st.Ledger)
		var bad *codex.FileError
		if !r.Repair || !errors.As(err, &bad) || !bad.Damaged {
			return s, keep, err
		}
		switch {
		case bad.File == plan.ConfigFile && config.Exists:
			config, keep = codex.File{}, plan.ConfigFile+".damaged-"+r.Now().UTC().Format("20060102T150405Z")
		case bad.File == plan.AuthFile && auth.Exists:
			auth = codex.File{}
		default:
			return s, keep, err
		}
	}
}

func file(f commit.FileState) codex.File {
	return codex.File{Exists: f.Exists, Data: f.Data, Mode: f.Mode}
}

// change is what the commit layer has to do.
func (r *run) change(s sight) (commit.Change, error) {
	c := commit.Change{Before: s.state, Order: r.order(s)}
	if f := s.plan.File(plan.ConfigFile); f.Changed() {
		c.Config = written(s.rendered.Config)
		c.Config.Keep = s.keep
	}
	if f := s.plan.File(plan.AuthFile); f.Changed() {
		c.Auth = written(s.rendered.Auth)
	}
	var err error
	if c.Records.Ledger, err = codex.EncodeLedger(s.rendered.Ledger); err != nil {
		return c, err
	}
	c.Records.History, err = r.record(s)
	return c, err
}

func written(f codex.File) *commit.File {
	return &commit.File{Data: f.Data, Mode: f.Mode, Remove: !f.Exists}
}

// record is the line of history for this apply.
func (r *run) record(s sight) ([]byte, error) {
	data, err := r.session.History()
	if err != nil {
		return nil, err
	}
	past, err := plan.ParseHistory(data)
	if err != nil {
		return nil, &codex.FileError{
			File: codex.StateDir + "/history.jsonl", Damaged: true, Message: err.Error(),
			Fix: "move it away: a new one is begun, and rollback then knows nothing of the applies before",
		}
	}
	rec := s.plan.Record(plan.NextN(past), r.Command, r.Tool, r.Now())
	if r.result.Confirm != nil {
		rec.Confirm = string(r.result.Confirm.Class)
	}
	return json.Marshal(rec)
}

// order keeps every key away from hosts that it is not for, at each moment of the
// switch.
func (r *run) order(s sight) commit.Order {
	before := s.snapshot.Observed.Auth
	switch {
	case !before.Exists:
		return commit.FirstInstall
	case before.Key.Known() && !s.rendered.After.Key.Known():
		return commit.Removal
	case !before.Key.Known() || !r.sameOrigin(s):
		return commit.NewOrigin
	}
	return commit.SameOrigin
}

func (r *run) sameOrigin(s sight) bool {
	was := r.Access(s.snapshot.Observed.Config.Root, s.snapshot.Observed.Auth).Origin()
	is := r.Access(s.rendered.Root, s.rendered.After).Origin()
	return was != "" && was == is
}

// originIn is where a config.toml sends the key, "" when it cannot be read.
func (r *run) originIn(config []byte) string {
	s, err := codex.Decode(r.Home, codex.File{Exists: true, Data: config}, codex.File{}, nil)
	if err != nil {
		return ""
	}
	return r.Access(s.Observed.Config.Root, s.Observed.Auth).Origin()
}

// readBack reads both files as Codex would, and wants exactly what was planned.
func (r *run) readBack(s sight, t *commit.Switched) error {
	st, err := t.Read()
	if err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	got, err := codex.Decode(r.Home, file(st.Config), file(st.Auth), nil)
	if err != nil {
		return fmt.Errorf("reading back: %w", err)
	}
	for _, c := range s.plan.File(plan.ConfigFile).Changes {
		if c.Edits() && !got.Observed.Config.Get(c.Address).Equal(c.After) {
			return &StaleError{Addresses: []plan.Address{c.Address}, Reason: "somebody changed it while it was being written"}
		}
	}
	if s.plan.File(plan.AuthFile).Changed() && !got.Observed.Auth.Key.Equal(s.rendered.After.Key) {
		return &StaleError{Addresses: []plan.Address{plan.KeyMember}, Reason: "somebody changed it while it was being written"}
	}
	return nil
}

// confirmWritten asks the gateway with what is on disk now.
func (r *run) confirmWritten(ctx context.Context, s sight, t *commit.Switched) (*gateway.Answer, error) {
	st, err := t.Read()
	if err != nil {
		return nil, fmt.Errorf("reading back: %w", err)
	}
	got, err := codex.Decode(r.Home, file(st.Config), file(st.Auth), nil)
	if err != nil {
		return nil, fmt.Errorf("reading back: %w", err)
	}
	return r.confirm(ctx, s.plan, got.Observed.Config.Root, got.Observed.Auth)
}

// undo gives our keys their values from before this run back. The error is why it
// had to, or an *UndoError when it could not.
func (r *run) undo(ctx context.Context, s sight, t *commit.Switched, refused *ConfirmError, why error) error {
	r.Progress("undoing")
	err := t.Rollback(context.WithoutCancel(ctx), func(now commit.State) (commit.Change, error) {
		return r.reverse(s, now)
	})
	if err != nil {
		return &UndoError{Confirm: refused, Cause: err}
	}
	r.result.Outcome = RolledBack
	return why
}

// reverse is the change that takes our keys back out of files that somebody else
// has edited since.
func (r *run) reverse(s sight, now commit.State) (commit.Change, error) {
	snap, err := codex.Decode(r.Home, file(now.Config), file(now.Auth), nil)
	if err != nil {
		return commit.Change{}, err
	}
	p := plan.Undo(s.plan, s.snapshot.Observed, snap.Observed, s.rendered.Note)
	rendered, err := snap.Render(p, r.Now())
	if err != nil {
		return commit.Change{}, err
	}
	c := commit.Change{Before: now, Order: commit.NewOrigin}
	if p.File(plan.ConfigFile).Changed() {
		c.Config = written(rendered.Config)
	}
	if p.File(plan.AuthFile).Changed() {
		c.Auth = written(rendered.Auth)
	}
	return c, nil
}
