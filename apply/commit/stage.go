package commit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// maxHistory bounds history.jsonl; beyond it the oldest lines go.
const maxHistory = 1 << 20

// stageAll writes everything that the transaction needs, beside where it will be
// used. The intent comes first: what lies about is known from then on. It is not synced
// before it counts; what a power cut leaves without it, sweep finds by its name.
func (t *transaction) stageAll(r StateFiles) error {
	t.expect(r)
	if err := t.writeIntent(); err != nil {
		return err
	}
	if err := t.mark(staging); err != nil {
		return err
	}
	for _, p := range t.parts {
		if p.removes() {
			continue
		}
		if err := p.write(); err != nil {
			return fmt.Errorf("writing beside %s: %w", p.path(), err)
		}
	}
	return t.stageStateFiles(r)
}

// expect notes which state files come and go.
func (t *transaction) expect(r StateFiles) {
	if len(r.Ledger) > 0 {
		t.intent.Comes = append(t.intent.Comes, "ledger")
	}
	if r.History != nil {
		t.intent.Comes = append(t.intent.Comes, "history")
	}
	t.intent.Goes = t.intent.NoLedger && t.s.state.has(ledgerName)
}

func (t *transaction) writeIntent() error {
	if err := t.s.writeUnsynced(t.s.state, t.newIntent(), t.intent.encode()); err != nil {
		return fmt.Errorf("writing the intent in %s: %w", t.s.state.path, err)
	}
	return nil
}

// writeUnsynced writes a new file that nobody waits for.
func (s *Session) writeUnsynced(d *folder, name string, data []byte) error {
	file, err := d.create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return bare(first(err, s.dressOwn(file), file.Close()))
}

// syncIntent makes the content of the intent durable, before its name is.
func (t *transaction) syncIntent() error {
	file, err := t.s.state.root.OpenFile(t.intentName(), os.O_RDWR|openNoBlock, 0)
	if err == nil {
		err = first(file.Sync(), file.Close())
	}
	if err != nil {
		return fmt.Errorf("syncing the intent in %s: %w", t.s.state.path, bare(err))
	}
	return nil
}

// stageStateFiles writes the new ledger and history beside the old ones, where
// installStateFiles and installLedger find them.
func (t *transaction) stageStateFiles(r StateFiles) error {
	if err := t.s.ignoreState(); err != nil {
		return err
	}
	if len(r.Ledger) > 0 {
		if err := t.write(t.s.state, t.newLedger(), r.Ledger); err != nil {
			return fmt.Errorf("writing the ledger: %w", err)
		}
	}
	if r.History == nil {
		return nil
	}
	old, err := t.oldHistory(r.Afresh)
	if err == nil {
		err = t.write(t.s.state, t.newHistory(), extend(old, r.History))
	}
	if err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}

// oldHistory is the history so far. What is no readable file, or damaged, goes aside:
// nobody loses the way out of a home to a damaged memory of it.
func (t *transaction) oldHistory(damaged bool) ([]byte, error) {
	old, err := t.s.History()
	damaged = damaged && old != nil
	if !damaged && !errors.As(err, new(*RefusedError)) {
		return old, err
	}
	name := historyName + ".damaged-" + t.s.options.Now().UTC().Format("20060102T150405Z")
	err = t.s.state.move(historyName, name)
	if errors.Is(err, fs.ErrExist) {
		name += "." + t.intent.ID
		err = t.s.state.move(historyName, name)
	}
	if err != nil {
		return nil, err
	}
	t.kept = append(t.kept, filepath.Join(t.s.state.path, name))
	return nil, nil
}

// extend adds a line to the history, and lets the oldest lines go when it is full.
func extend(old, line []byte) []byte {
	if len(old) > 0 && old[len(old)-1] != '\n' {
		old = append(old, '\n')
	}
	all := append(append(bytes.Clone(old), line...), '\n')
	if cut := len(all) - maxHistory; cut > 0 {
		if i := bytes.IndexByte(all[cut:len(all)-1], '\n'); i >= 0 {
			all = all[cut+i+1:]
		}
	}
	return all
}

// write writes one of our own files, owned by whom the home belongs to.
func (t *transaction) write(d *folder, name string, data []byte) error {
	return t.s.writeNew(d, name, data)
}

func (s *Session) writeNew(d *folder, name string, data []byte) error {
	return writeFile(d, name, data, s.dressOwn)
}

// dressOwn gives a file of our own its owner and its mode.
func (s *Session) dressOwn(file *os.File) error {
	return first(s.own(file), setMode(file, s.options.fileMode()))
}

// own gives a file of root's to the owner of the home.
func (s *Session) own(file *os.File) error {
	info, err := s.home.self.Stat()
	if err != nil {
		return err
	}
	return setOwner(file, info)
}

// write stages the part's new file.
func (p *part) write() error {
	return writeFile(p.dir, p.stage(), p.file.Data, p.dress)
}

// dress gives the staged file what the old one had: owner, label, mode. A new
// file belongs to the folder's owner.
func (p *part) dress(file *os.File) error {
	model := p.from.info
	if model == nil {
		var err error
		if model, err = p.dir.self.Stat(); err != nil {
			return err
		}
	}
	if err := setOwner(file, model); err != nil {
		return err
	}
	if p.from.Exists {
		if old, _, err := p.dir.open(p.Name); err == nil {
			copyAttributes(old, file, p.secret || p.dir.listed())
			old.Close()
		}
	}
	return setMode(file, os.FileMode(p.file.Mode))
}

// writeFile writes a new file into a folder, so that it is whole and durable when
// this returns. finish works on it before the sync.
func writeFile(d *folder, name string, data []byte, finish func(*os.File) error) error {
	file, err := d.create(name)
	if err != nil {
		return err
	}
	if _, err = file.Write(data); err == nil {
		err = finish(file)
	}
	if err == nil {
		err = file.Sync()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	return bare(err)
}

// tidy removes what is left of a transaction, once it stands at staging or done.
func (t *transaction) tidy() error {
	tidyState := t.dropStateFiles
	if t.at == done {
		tidyState = t.installStateFiles
	}
	if err := tidyState(); err != nil {
		return fmt.Errorf("tidying up %s: %w", t.s.state.path, err)
	}
	if err := t.clearAll(); err != nil {
		return err
	}
	if t.at == "" {
		return nil
	}
	return t.s.state.drop(string(t.at))
}

// clearAll removes what is left beside the targets. Should a power cut bring some of
// it back without the intent, it is rubbish, and sweep knows it by its name.
func (t *transaction) clearAll() error {
	for _, p := range t.parts {
		if err := t.clear(p); err != nil {
			return fmt.Errorf("removing what is left beside %s: %w", p.path(), err)
		}
	}
	return nil
}

// dropStateFiles removes what was staged in the state folder.
func (t *transaction) dropStateFiles() error {
	for _, name := range []string{t.newIntent(), t.newLedger(), t.newHistory()} {
		if err := t.s.state.drop(name); err != nil {
			return err
		}
	}
	return nil
}

// installStateFiles puts ledger and history in place. The rename is the commit's
// consequence, so it is repeated until it has been done. A ledger that changes alone is
// put in place by installLedger, and there the rename is the commit.
func (t *transaction) installStateFiles() error {
	if t.installed {
		return nil
	}
	state := t.s.state
	history, ledger := state.has(t.newHistory()), state.has(t.newLedger())
	var err error
	if history {
		err = state.replace(t.newHistory(), historyName)
	}
	if err == nil && ledger {
		err = state.replace(t.newLedger(), ledgerName)
	}
	if err == nil && t.intent.NoLedger {
		err = state.drop(ledgerName)
	}
	if err == nil {
		err = t.syncState()
	}
	t.installed = err == nil
	return err
}

// clear removes a part's staged and displaced files. A displaced config.toml stays
// under another name when that was asked for, or when it holds an edit that found
// no place: two people wrote at once, and one of them after us.
func (t *transaction) clear(p *part) error {
	for _, name := range []string{p.stage(), p.aside()} {
		m, err := p.look(name)
		if err == nil && m != "" {
			err = t.clearOne(p, name, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) clearOne(p *part, name string, m mark) error {
	switch {
	case t.at != done || p.secret:
	case m == p.Before && p.Keep != "":
		return t.keep(p, name, p.Keep)
	case m == other:
		return t.keepEdit(p, name)
	}
	return p.dir.remove(name)
}

// rescue keeps an edit that was displaced and finds no place any more.
func (t *transaction) rescue(p *part) error {
	for _, name := range []string{p.stage(), p.aside()} {
		m, err := p.look(name)
		if err == nil && m == other {
			err = t.keepEdit(p, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) keepEdit(p *part, name string) error {
	return t.keep(p, name, p.Name+".edited-"+t.s.options.Now().UTC().Format("20060102T150405Z"))
}

// keep gives a displaced file a name of its own.
func (t *transaction) keep(p *part, from, to string) error {
	err := p.dir.move(from, to)
	if errors.Is(err, fs.ErrExist) {
		to += "." + t.intent.ID
		err = p.dir.move(from, to)
	}
	t.kept = append(t.kept, filepath.Join(p.dir.path, to))
	return err
}
