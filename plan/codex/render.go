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
	// Root and After are both files as Codex would read them.
	Root  plan.Value
	After plan.Auth
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
	config, configNotes, err := s.renderConfig(&p)
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
			return configNotes[a.Key()]
		}
		return authNotes[a.Key()]
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

func (s Snapshot) renderConfig(p *plan.Plan) (File, map[string]plan.Note, error) {
	f := p.File(plan.ConfigFile)
	if len(f.GiveBack)+len(f.Set) == 0 {
		return s.Config, nil, nil
	}
	mode := cmp.Or(f.Mode, s.Config.Mode)
	if len(f.GiveBack) > 0 {
		if data, entries, ok := s.restack(*p); ok {
			p.Holds = append(entries, others(p.Holds)...)
			return File{Exists: true, Data: data, Mode: mode}, nil, nil
		}
	}
	given, err := s.edit(s.Config.Data, f.GiveBack, s.notes(plan.ConfigFile, nil))
	if err != nil {
		return File{}, nil, err
	}
	set, err := s.edit(given.Data, f.Set, s.notes(plan.ConfigFile, f.GiveBack))
	if err != nil {
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

// edit edits a config.toml, an empty one where there is none.
func (s Snapshot) edit(data []byte, steps []plan.Step, notes []plan.Note) (tomlfile.Result, error) {
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
			File: plan.ConfigFile, Place: bad.Place, Message: bad.Message,
			Fix: "list the key under absent, or change it there",
		}
	}
	if err != nil {
		return got, fmt.Errorf("editing %s: %w", plan.ConfigFile, err)
	}
	s.decoder.remember(got.Document)
	return got, nil
}

// notes are what the editor of a file noted about keys that we own, but for those that
// have been given back.
func (s Snapshot) notes(file string, given []plan.Step) []plan.Note {
	var all []plan.Note
	for _, e := range s.Observed.Ledger.Entries {
		gone := slices.ContainsFunc(given, func(s plan.Step) bool { return s.Address.Equal(e.Address) })
		if e.File == file && e.Note != "" && !gone {
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
