package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// maxTurns bounds how often conclude starts over because somebody else writes.
const maxTurns = 10

// course is where a transaction goes from here.
type course int

const (
	undone course = iota // to the old files
	around               // to the old key, around an edited config.toml with the old host
	apart                // to no key: config.toml was led to a third host
	onward               // to the new files, around what was edited
)

// conclude ends a transaction whose targets are being switched. It goes back to the
// old files, unless somebody has edited a new one since: then their edit stays and
// the rest of the new state joins it. It works from what is on disk alone, and can
// be interrupted and run again at any point.
func (t *transaction) conclude() (InForce, error) {
	for range maxTurns {
		to, err := t.course()
		if err != nil {
			return HalfWay, err
		}
		if to == onward {
			return t.finish(t.goForward(), done, New)
		}
		if err := t.undo(to); !errors.Is(err, errEdited) {
			return t.finish(err, staging, Old)
		}
	}
	return HalfWay, fmt.Errorf("%s: someone else keeps writing to it", t.parts[0].path())
}

// finish names the end that a transaction has come to, and tidies up.
func (t *transaction) finish(err error, end phase, result InForce) (InForce, error) {
	mark := t.advance
	if end == done { // tidy syncs
		mark = t.mark
	}
	if err == nil {
		err = mark(end)
	}
	if err != nil {
		return HalfWay, err
	}
	return result, t.tidy()
}

// course looks at the files and decides.
func (t *transaction) course() (course, error) {
	edited, ready, configEdited := false, true, false
	for _, p := range t.parts {
		l, err := p.looks()
		if err != nil {
			return undone, err
		}
		edited = edited || p.edited(l)
		if !p.Auth {
			ready, configEdited = p.switched(l), p.edited(l)
		}
	}
	switch {
	case !edited || !ready:
		return undone, nil
	case !configEdited || !t.moves():
		return onward, nil
	}
	return t.courseOf()
}

// courseOf decides by the host that an edited config.toml leads to.
func (t *transaction) courseOf() (course, error) {
	host, err := t.host()
	switch {
	case err != nil:
		return undone, err
	case host == t.intent.Origins[1]:
		return onward, nil
	case host == t.intent.Origins[0]:
		return around, nil
	}
	return apart, nil
}

// goForward puts the new key where the old one was taken away. Everything else is
// in place when this is called.
func (t *transaction) goForward() error {
	if p := t.auth(); p != nil && (p.creates() || p.takenAway) {
		l, err := p.looks()
		if err == nil && l.target == "" && l.stage == p.After {
			err = p.dir.move(p.stage(), p.Name)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return p.explainUndo(err)
		}
	}
	return t.syncTargets()
}

// undo undoes the steps of a switch, last one first.
func (t *transaction) undo(to course) error {
	auth, config := t.auth(), t.config()
	if auth != nil && !auth.removes() && (auth.creates() || auth.takenAway) {
		if err := t.leaveEdited(auth.undoPlace()); err != nil {
			return err
		}
		if err := auth.dir.sync(); err != nil {
			return err
		}
	}
	if config != nil && to == undone {
		if err := first(config.undo(), config.dir.sync()); err != nil {
			return err
		}
	}
	if to != undone {
		if err := t.rescue(config); err != nil {
			return err
		}
	}
	if auth == nil || auth.creates() || to == apart {
		return nil
	}
	return first(t.leaveEdited(auth.undo()), auth.dir.sync())
}

// undo undoes the last step of a part.
func (p *part) undo() error {
	switch {
	case p.removes() || p.takenAway:
		return p.undoTakeAway()
	case p.creates():
		return p.undoPlace()
	}
	return p.undoExchange()
}

// leaveEdited lets an auth.json that was edited since stay, if config.toml is the
// old one: then nothing else has to follow it.
func (t *transaction) leaveEdited(err error) error {
	if !errors.Is(err, errEdited) {
		return err
	}
	if to, e := t.course(); e != nil || to == onward {
		return first(e, err)
	}
	return nil
}

// syncTargets makes durable what has become of the targets.
func (t *transaction) syncTargets() error {
	var dirs []*folder
	for _, p := range t.parts {
		if !slices.Contains(dirs, p.dir) {
			dirs = append(dirs, p.dir)
		}
	}
	return syncAll(dirs)
}

func syncAll(dirs []*folder) error {
	for _, d := range dirs {
		if err := d.sync(); err != nil {
			return fmt.Errorf("syncing %s: %w", d.path, err)
		}
	}
	return nil
}
