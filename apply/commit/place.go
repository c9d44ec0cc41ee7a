package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// place brings the new file to the target's name and checks that what it displaced
// is what had been read.
func (p *part) place() error {
	switch {
	case p.removes():
		return p.takeAway()
	case p.creates() || p.takenAway:
		return p.explain(p.dir.move(p.stage(), p.Name))
	}
	err := p.dir.exchange(p.stage(), p.Name)
	if errors.Is(err, errNoExchange) && p.secret {
		err = p.placeExactly()
	}
	if errors.Is(err, errNoExchange) {
		return p.placeWeakly()
	}
	if err != nil || !systemExchanges {
		return p.explain(err)
	}
	return p.displaced(p.stage())
}

// placeExactly is place where a file can be compared and moved away as one. For a moment
// there is no file, so it is for auth.json alone: without a config.toml a Codex would
// send its key to the default host.
func (p *part) placeExactly() error {
	if err := p.dir.moveIf(p.Name, p.aside(), p.isBefore); err != nil {
		return err
	}
	return p.dir.move(p.stage(), p.Name)
}

// isBefore reports content as it was read.
func (p *part) isBefore(data []byte) bool {
	return p.intent.mark(p.entry, data, p.from.Mode) == p.Before
}

// takeAway moves the old file aside.
func (p *part) takeAway() error {
	if err := p.dir.moveIf(p.Name, p.aside(), p.isBefore); !errors.Is(err, errNoExchange) {
		return p.explain(err)
	}
	if err := p.dir.move(p.Name, p.aside()); err != nil {
		return p.explain(err)
	}
	return p.displaced(p.aside())
}

// placeWeakly is place without an exchange: between the comparison and the rename
// lies a gap of one call in which an edit would be lost.
func (p *part) placeWeakly() error {
	p.weak = systemExchanges // elsewhere it is so by nature, and docs/figures/systems.md says it
	if err := isFree(p.dir.self, p.Name); err != nil {
		return p.explain(err)
	}
	err := p.dir.root.Link(p.Name, p.aside())
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist):
		return p.explain(bare(err))
	case err != nil: // no links either: there is no file for a moment
		if err := p.takeAway(); err != nil {
			return err
		}
		return p.explain(p.dir.move(p.stage(), p.Name))
	}
	if err := p.displaced(p.aside()); err != nil {
		return err
	}
	// The target is looked at last: an edit between that and the rename is lost.
	if !p.dir.sameFile(p.aside(), p.Name) {
		return &ConflictError{Path: p.path()}
	}
	if err := p.dir.replace(p.stage(), p.Name); err != nil {
		return p.explain(err)
	}
	return p.displaced(p.aside())
}

// displaced checks that the file which made room is the one that had been read.
func (p *part) displaced(name string) error {
	m, err := p.look(name)
	if err == nil && m != p.Before {
		return &ConflictError{Path: p.path()}
	}
	return err
}

// explain says what an error of a switch means.
func (p *part) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist), errors.Is(err, errChanged):
		return &ConflictError{Path: p.path()}
	case errors.Is(err, syscall.EBUSY):
		return errMounted(p.path())
	}
	return fmt.Errorf("replacing %s: %w", p.path(), err)
}
