package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// part is one file of a transaction together with its folder. Three names matter:
// the target's own, stage, where the new file waits and where an exchange leaves
// the old one, and aside, where the old file goes when it is taken away.
type part struct {
	entry
	secret    bool // it may hold a key
	intent    *intent
	dir       *folder
	takenAway bool // the old file is taken away before the other file changes
	weak      bool // replaced without an exchange
	file      *File
	from      *FileState // as it was read; nil in recovery, like file
}

func (p *part) stage() string { return ".codexform-" + p.intent.ID + "." + p.role() }
func (p *part) aside() string { return p.stage() + ".old" }

func (p *part) role() string {
	if p.Auth {
		return "auth"
	}
	return "config"
}

func (p *part) path() string  { return filepath.Join(p.dir.path, p.Name) }
func (p *part) creates() bool { return p.Before == "" }
func (p *part) removes() bool { return p.After == "" }

// looks is what lies under the three names of a part.
type looks struct{ target, stage, aside mark }

func (p *part) looks() (l looks, err error) {
	for _, n := range []struct {
		name string
		to   *mark
	}{{p.Name, &l.target}, {p.stage(), &l.stage}, {p.aside(), &l.aside}} {
		if *n.to, err = p.look(n.name); err != nil {
			return l, err
		}
	}
	return l, nil
}

// look is the mark of what has a name in the part's folder.
func (p *part) look(name string) (mark, error) {
	data, info, err := p.dir.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case errors.Is(err, errIrregular), errors.Is(err, errTooLarge), errors.Is(err, errMoved):
		return other, nil
	case err != nil:
		return "", fmt.Errorf("reading %s: %w", p.path(), err)
	}
	switch m := p.intent.mark(p.entry, data, permissions(info)); m {
	case p.Before, p.After:
		return m, nil
	}
	return other, nil
}

// lost reports that nothing of ours is left beside the target: it never reached the
// disk, or somebody has tidied up.
func (l looks) lost() bool { return l.stage == "" && l.aside == "" }

// switched reports whether the target has been changed: for a part that is taken
// away first, whether the new file is in place.
func (p *part) switched(l looks) bool {
	switch {
	case l.lost():
		return l.target != p.Before
	case p.removes():
		return l.aside != ""
	case p.creates() || p.takenAway:
		return l.stage == "" || l.target == p.After
	}
	return l.stage != p.After
}

// edited reports that somebody wrote to the target after we did, so that their
// file, which builds on ours, must stay. Without the old file there is no way back
// either.
func (p *part) edited(l looks) bool {
	switch {
	case l.lost() && !p.creates():
		return l.target != p.Before
	case p.removes():
		return l.aside != "" && l.target == other
	case p.takenAway:
		// While the run is alive nobody means the new host yet. What recovery finds may be
		// a login that somebody has made there since.
		recovery := p.from == nil
		return (l.stage == "" || recovery && l.aside != "") && l.target == other
	case p.creates():
		return l.stage == "" && l.target == other
	}
	return p.switched(l) && l.target != p.After && l.target != p.Before
}
