package codex

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/editor"
	"github.com/codexform/codexform/plan/jsonfile"
	"github.com/codexform/codexform/plan/tomlfile"
)

// Rendered is what a plan makes of a snapshot's files. A file that the plan does
// not change has the bytes that it had.
type Rendered struct {
	Config, Auth File
	Pins         File // requirements.toml, where the machine's own layer is written
	// Root, After and Pinned are the files as Codex would read them.
	Root   plan.Value
	Pinned plan.Value
	After  plan.Auth
	// Ledger is what we own once this is on disk.
	Ledger plan.Ledger
	// Note has the editors' notes that take the plan's edits back byte for byte.
	Note plan.NoteOf
}

// Render carries a plan out on bytes: the snapshot's files with the plan's changes,
// proven by their editors. The key goes into auth.json where the plan says so;
// without a known one that member is left out (a plan that is not Complete can be
// rendered to be checked, not to be applied). A plan that does not fit the file, a
// table where a value is wanted, is a *FileError with its place.
func (s Snapshot) Render(p plan.Plan, now time.Time) (Rendered, error) {
	if s.Observed.System {
		return s.renderSystem(p, now)
	}
	config, configNotes, err := s.renderTOML(&p, plan.ConfigFile)
	if err != nil {
		return Rendered{}, err
	}
	auth, authNotes, err := s.renderAuth(p)
	if err != nil {
		return Rendered{}, err
	}
	after, err := s.decoder.Decode(s.Home, config, auth, nil)
	if err != nil {
		return Rendered{}, fmt.Errorf("reading back what was rendered: %w", err)
	}
	note := func(file string, a plan.Address) plan.Note {
		if file == plan.ConfigFile {
			return noted(configNotes, a)
		}
		return noted(authNotes, a)
	}
	r := Rendered{
		Config: config, Auth: auth, Root: after.Observed.Config.Root, After: after.Observed.Auth,
		Ledger: plan.Remember(p, s.Observed, note, now), Note: note,
	}
	if len(s.Config.Data)+len(config.Data)+len(s.Ledger) < smallFiles || r.Ledger.Equal(s.Observed.Ledger) {
		return r, nil
	}
	return r, r.remembers()
}

func noted(notes map[string]plan.Note, a plan.Address) plan.Note {
	n, _ := plan.In(notes, a)
	return n
}

// smallFiles are too small for a ledger that could not be read again.
const smallFiles = 128 << 10

// remembers refuses what the ledger would have no room for: a value that cannot be
// remembered could not be given back.
func (r Rendered) remembers() error {
	data, err := EncodeLedger(r.Ledger)
	if err == nil && len(data) > maxLedger {
		err = &FileError{
			File: LedgerFile, Message: fmt.Sprintf("would be %d MB large, to remember what was there before codexform; it cannot be read above %d", len(data)>>20, maxLedger>>20),
			Fix: "take large tables out of the policy's absent list and remove them by hand",
		}
	}
	return err
}

// renderSystem is Render for the machine's own layer.
func (s Snapshot) renderSystem(p plan.Plan, now time.Time) (Rendered, error) {
	config, configNotes, err := s.renderTOML(&p, plan.ConfigFile)
	if err != nil {
		return Rendered{}, err
	}
	pins, pinNotes, err := s.renderTOML(&p, plan.PinsFile)
	if err != nil {
		return Rendered{}, err
	}
	after, err := s.decoder.DecodeSystem(s.Home, config, pins, nil)
	if err != nil {
		return Rendered{}, fmt.Errorf("reading back what was rendered: %w", err)
	}
	note := func(file string, a plan.Address) plan.Note {
		if file == plan.PinsFile {
			return noted(pinNotes, a)
		}
		return noted(configNotes, a)
	}
	r := Rendered{
		Config: config, Pins: pins, Root: after.Observed.Config.Root, Pinned: after.Observed.Pins.Root,
		Ledger: plan.Remember(p, s.Observed, note, now), Note: note,
	}
	return r, r.remembers()
}

// side is one of the two files in TOML.
func (s Snapshot) side(name string) (File, plan.Value) {
	if name == plan.PinsFile {
		return s.Pins, s.Observed.Pins.Root
	}
	return s.Config, s.Observed.Config.Root
}

func (s Snapshot) renderTOML(p *plan.Plan, name string) (File, map[string]plan.Note, error) {
	f := p.File(name)
	was, _ := s.side(name)
	if len(f.GiveBack)+len(f.Set) == 0 {
		if f.Changed() && s.Observed.System {
			was.Mode = cmp.Or(f.Mode, was.Mode)
		}
		p.Holds = s.asWritten(p.Holds)
		return was, nil, nil
	}
	mode := cmp.Or(f.Mode, was.Mode)
	if len(f.GiveBack) > 0 || p.Undoes {
		if data, entries, ok := s.restack(*p, name); ok {
			if p.Holds = append(entries, others(p.Holds, name)...); name == plan.PinsFile {
				p.Holds = append(others(p.Holds, name), entries...)
			}
			return File{Exists: true, Data: data, Mode: mode}, nil, nil
		}
	}
	p.Holds = s.asWritten(p.Holds)
	given, err := s.edit(name, was.Data, f.GiveBack, s.notes(name, nil))
	if err != nil {
		return File{}, nil, err
	}
	set, err := s.edit(name, given.Data, f.Set, s.notes(name, f.GiveBack))
	if err != nil {
		return File{}, nil, s.unplaced(err, name, f.Set)
	}
	if set.Data, err = s.emptied(name, set.Data, slices.Concat(f.GiveBack, f.Set)); err != nil {
		return File{}, nil, err
	}
	notes := map[string]plan.Note{}
	for i, step := range f.Set {
		notes[step.Address.Key()] = set.Notes[i]
	}
	if f.Action == plan.Delete && len(bytes.TrimSpace(set.Data)) == 0 {
		return File{}, nil, nil
	}
	return File{Exists: true, Data: set.Data, Mode: mode}, notes, nil
}

// edit edits a file in TOML, an empty one where there is none.
func (s Snapshot) edit(name string, data []byte, steps []plan.Step, notes []plan.Note) (tomlfile.Result, error) {
	if len(steps) == 0 {
		return tomlfile.Result{Data: data}, nil
	}
	var edits []tomlfile.Edit
	for _, s := range steps {
		edits = append(edits, tomlfile.Edit{Address: s.Address, Value: s.Value, TakeBack: s.Note})
	}
	doc, err := s.decoder.document(data)
	if err != nil {
		return tomlfile.Result{}, err
	}
	got, err := doc.Apply(edits, notes...)
	var bad *editor.Error
	if errors.As(err, &bad) {
		return got, &FileError{
			File: name, Place: bad.Place, Message: bad.Message,
			Fix: "take the key out of the policy, or what is in its place out of " + name,
		}
	}
	if err != nil {
		return got, fmt.Errorf("editing %s: %w", name, err)
	}
	s.decoder.remember(got.Document)
	return got, nil
}

// notes are what the editor of a file noted about keys that we own, but for those that
// have been given back.
func (s Snapshot) notes(file string, given []plan.Step) []plan.Note {
	gone := map[string]bool{}
	for _, step := range given {
		gone[step.Address.Key()] = true
	}
	var all []plan.Note
	for _, e := range s.Observed.Ledger.Entries {
		if _, given := plan.In(gone, e.Address); e.File == file && e.Note != "" && !given {
			all = append(all, e.Note)
		}
	}
	return all
}

func (s Snapshot) renderAuth(p plan.Plan) (File, map[string]plan.Note, error) {
	f := p.File(plan.AuthFile)
	if f.Action == plan.Delete {
		return File{}, nil, nil
	}
	var edits []jsonfile.Edit
	for _, c := range f.Changes {
		if e, wanted := authEdit(f, c, p.Desired.Secret); wanted {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 {
		after := s.Auth
		if after.Exists {
			after.Mode = f.Mode
		}
		return after, nil, nil
	}
	var before []byte
	if s.Auth.Exists {
		before = s.Auth.Data
	}
	got, err := jsonfile.Apply(before, edits, s.notes(plan.AuthFile, nil)...)
	if err != nil {
		return File{}, nil, damagedAuth(err)
	}
	notes := map[string]plan.Note{}
	for i, e := range edits {
		notes[plan.Address{e.Name}.Key()] = got.Notes[i]
	}
	return File{Exists: true, Data: got.Data, Mode: f.Mode}, notes, nil
}

func authEdit(f plan.FileChange, c plan.Change, secret *plan.Wanted) (jsonfile.Edit, bool) {
	e := jsonfile.Edit{Name: c.Address[0], TakeBack: c.Note}
	for _, s := range slices.Concat(f.GiveBack, f.Set) {
		if s.Address.Equal(c.Address) {
			e.TakeBack = s.Note
		}
	}
	switch {
	case !c.Edits():
		return e, false
	case c.Action == plan.Delete:
		e.Remove = true
	case c.Sensitive:
		if secret == nil || !secret.Value.Known() {
			return e, false
		}
		e.Value = string(secret.Value.Reveal())
	default:
		e.Value = c.After.Text()
	}
	return e, true
}
