package apply

import (
	"encoding/json"
	"errors"

	"github.com/codexform/codexform/apply/commit"
	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// decode reads what the disk said. With ReplaceDamaged a damaged file counts as one that
// is not there; of config.toml the bytes are kept under another name.
func (l *looker) decode(st commit.State) (codex.Snapshot, string, error) {
	config, auth, keep := file(st.Config), file(st.Auth), ""
	if l.Large != nil {
		l.Large(len(config.Data))
	}
	for {
		s, err := l.read(config, auth, st.Ledger)
		var bad *codex.FileError
		if !l.ReplaceDamaged || !errors.As(err, &bad) || !bad.Damaged {
			return s, keep, err
		}
		switch {
		case bad.File == plan.ConfigFile && config.Exists:
			config, keep = codex.File{}, plan.ConfigFile+".damaged-"+l.Now().UTC().Format("20060102T150405Z")
		case bad.File != plan.ConfigFile && l.State == "" && auth.Exists:
			auth = codex.File{}
		default:
			return s, keep, err
		}
	}
}

// read reads the bytes of both files, the second of which is requirements.toml in the
// machine's own layer.
func (l *looker) read(config, second codex.File, ledger []byte) (codex.Snapshot, error) {
	if l.State != "" {
		return l.files.DecodeSystem(l.Home, config, second, ledger)
	}
	return l.files.Decode(l.Home, config, second, ledger)
}

// accessBefore and accessAfter are how Codex reaches the provider with the files as they
// are, and as they would be.
func (l *looker) accessBefore(s codex.Snapshot) codex.Access {
	return l.Access(codex.Pinned(s.Observed.Config.Root, s.Observed.Pins.Root), s.Observed.Auth)
}

func (l *looker) accessAfter(r codex.Rendered) codex.Access {
	return l.Access(codex.Pinned(r.Root, r.Pinned), r.After)
}

func file(f commit.FileState) codex.File {
	return codex.File{Exists: f.Exists, Data: f.Data, Mode: f.Mode, Stamp: f.Stamp}
}

// change is what the commit layer has to do.
func (r *run) change(s Sight) (commit.Change, error) {
	c := commit.Change{Before: s.state, Order: r.order(s)}
	if f := s.Plan.File(plan.ConfigFile); f.Changed() {
		c.Config = written(s.Rendered.Config)
		c.Config.Keep = s.keep
	}
	if f := s.Plan.File(plan.AuthFile); f.Changed() {
		c.Auth = written(s.Rendered.Auth)
	}
	if f := s.Plan.File(plan.PinsFile); f.Changed() {
		c.Auth = written(s.Rendered.Pins)
	}
	var err error
	if c.StateFiles.Ledger, err = codex.EncodeLedger(s.Rendered.Ledger); err != nil {
		return c, err
	}
	c.StateFiles.Afresh = s.afresh
	c.StateFiles.History, err = r.record(s)
	return c, err
}

func written(f codex.File) *commit.File {
	return &commit.File{Data: f.Data, Mode: f.Mode, Remove: !f.Exists}
}

// record is the line of history for this apply.
func (r *run) record(s Sight) ([]byte, error) {
	rec := s.Plan.Record(s.next, r.Command, r.Tool, r.Now())
	if r.result.Confirm != nil {
		rec.Confirm = string(r.result.Confirm.Class)
	}
	return json.Marshal(rec)
}

// order keeps every key away from hosts that it is not for, at each moment of the
// switch.
func (r *run) order(s Sight) commit.Order {
	before := s.Snapshot.Observed.Auth
	switch {
	case r.State != "": // no key of ours is in either
		return commit.SameOrigin
	case !before.Exists:
		return commit.FirstInstall
	case before.Key.Known() && !s.Rendered.After.Key.Known():
		return commit.Removal
	case !before.Key.Known() || !r.sameOrigin(s):
		return commit.NewOrigin
	}
	return commit.SameOrigin
}

func (r *run) sameOrigin(s Sight) bool {
	was := r.accessBefore(s.Snapshot).Origin()
	is := r.accessAfter(s.Rendered).Origin()
	return was != "" && was == is
}

// originIn is where a config.toml sends the key, "" when it cannot be read.
func (l *looker) originIn(config []byte) string {
	s, err := l.files.Decode(l.Home, codex.File{Exists: true, Data: config}, codex.File{}, nil)
	if err != nil {
		return ""
	}
	return l.Access(s.Observed.Config.Root, s.Observed.Auth).Origin()
}
