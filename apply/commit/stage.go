package commit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxHistory bounds history.jsonl; beyond it the oldest lines go.
const maxHistory = 1 << 20

// stageAll writes everything that the transaction needs, beside where it will be
// used. The intent comes first: what lies about is known from then on.
func (t *transaction) stageAll(r StateFiles) error {
	if err := t.write(t.s.state, t.newIntent(), t.intent.encode()); err != nil {
		return fmt.Errorf("writing the intent in %s: %w", t.s.state.path, err)
	}
	if err := t.advance(staging); err != nil {
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

// stageStateFiles stages the new ledger and history.
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
	old, err := t.oldHistory()
	if err == nil {
		err = t.write(t.s.state, t.newHistory(), extend(old, r.History))
	}
	if err != nil {
		return fmt.Errorf("writing the history: %w", err)
	}
	return nil
}

// oldHistory is the history so far. What is no readable file goes aside: nobody loses
// the way out of a home to a damaged memory of it.
func (t *transaction) oldHistory() ([]byte, error) {
	old, err := t.s.History()
	if !errors.As(err, new(*RefusedError)) {
		return old, err
	}
	name := historyName + ".damaged-" + t.s.options.Now().UTC().Format("20060102T150405Z")
	if err := t.s.state.move(historyName, name); err != nil {
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
	return writeFile(d, name, data, s.own)
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
			copyAttributes(old, file, p.Auth)
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

// clearAll removes what is left beside the targets, for good: the intent that knows
// of it goes next.
func (t *transaction) clearAll() error {
	var dirs []*folder
	for _, p := range t.parts {
		cleared, err := t.clear(p)
		if err != nil {
			return fmt.Errorf("removing what is left beside %s: %w", p.path(), err)
		}
		if cleared && !slices.Contains(dirs, p.dir) {
			dirs = append(dirs, p.dir)
		}
	}
	return syncAll(dirs)
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
// consequence, so it is repeated until it has been done.
func (t *transaction) installStateFiles() error {
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
	if err == nil && (history || ledger || t.intent.NoLedger) {
		err = state.sync()
	}
	return err
}

// clear removes a part's staged and displaced files. A displaced config.toml stays
// under another name when that was asked for, or when it holds an edit that found
// no place: two people wrote at once, and one of them after us.
func (t *transaction) clear(p *part) (cleared bool, err error) {
	for _, name := range []string{p.stage(), p.aside()} {
		m, err := p.look(name)
		if err == nil && m != "" {
			cleared, err = true, t.clearOne(p, name, m)
		}
		if err != nil {
			return cleared, err
		}
	}
	return cleared, nil
}

func (t *transaction) clearOne(p *part, name string, m mark) error {
	switch {
	case t.at != done || p.Auth:
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
