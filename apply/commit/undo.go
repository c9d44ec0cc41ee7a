package commit

import (
	"errors"
	"fmt"
	"io/fs"
)

// errEdited says that a target cannot be given back, because somebody has written
// to it since.
var errEdited = errors.New("was edited after the switch")

// Each of these undoes one step of a part. They look at what is on disk, so they
// can be run again at any point, and twice.

// undoPlace moves a new file off the target's name, back to where it was staged.
func (p *part) undoPlace() error {
	l, err := p.looks()
	if err == nil && p.edited(l) {
		err = errEdited
	}
	if err != nil || l.target != p.After {
		return err
	}
	if err := p.dir.move(p.Name, p.stage()); err != nil {
		return p.explainUndo(err)
	}
	if m, err := p.look(p.stage()); err != nil || m == p.After {
		return err
	}
	return first(p.explainUndo(p.dir.move(p.stage(), p.Name)), errEdited)
}

// undoTakeAway moves the old file back to the target's name. A file that somebody put
// there meanwhile stays: it is the newer one.
func (p *part) undoTakeAway() error {
	if !p.dir.has(p.aside()) {
		return nil
	}
	err := p.dir.move(p.aside(), p.Name)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return p.explainUndo(err)
}

// undoExchange undoes an exchange.
func (p *part) undoExchange() error {
	l, err := p.looks()
	switch {
	case err != nil:
		return err
	case l.target == "" && l.aside != "":
		return p.explainUndo(p.dir.move(p.aside(), p.Name))
	case p.edited(l):
		return errEdited
	case l.stage == p.After, l.target == p.Before:
		return nil // never switched, or back already
	case l.stage == "":
		return p.explainUndo(p.dir.replace(p.aside(), p.Name))
	}
	err = p.dir.exchange(p.stage(), p.Name)
	if errors.Is(err, errNoExchange) {
		return p.explainUndo(p.dir.replace(p.stage(), p.Name))
	}
	if err != nil {
		return p.explainUndo(err)
	}
	if m, err := p.look(p.stage()); err != nil || m == p.After {
		return err
	}
	return first(p.explainUndo(p.dir.exchange(p.stage(), p.Name)), errEdited)
}

// explainUndo says what an error of an undo means.
func (p *part) explainUndo(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist):
		return errEdited // someone was faster: look again
	}
	return fmt.Errorf("putting %s back: %w", p.path(), err)
}

// first is the first error of several.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
