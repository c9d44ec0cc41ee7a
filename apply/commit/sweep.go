package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// A power cut may keep a staged or a displaced file and lose the intent that knows of
// it: before the intent counted, or after the run was over. Either way the file is
// rubbish, and nothing but its name says whose.

func stray(name string) bool {
	name, ours := strings.CutPrefix(name, ".codexform-")
	id, rest, _ := strings.Cut(name, ".")
	return ours && isID(id) && slices.Contains([]string{"auth", "config", "auth.old", "config.old"}, rest)
}

// strays are such files of this home in a folder.
func (s *Session) strays(d *folder) ([]string, error) {
	names, err := d.names()
	var found []string
	ours := ".codexform-" + s.idPrefix()
	for _, name := range names {
		if strings.HasPrefix(name, ours) && stray(name) {
			found = append(found, name)
		}
	}
	return found, err
}

// beside are the folders in which this home's files may lie: itself, and where a link
// leads. What cannot be reached has nothing of ours.
func (s *Session) beside() []*folder {
	if s.home == nil {
		return nil
	}
	all := []*folder{s.home}
	for _, name := range []string{"config.toml", s.options.second()} {
		info, err := s.home.root.Lstat(name)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		p, err := follow(filepath.Join(s.home.path, name))
		if err != nil || s.leaves(p.path(), p.dir) != nil {
			continue
		}
		if d, err := s.pin(p.dir); err == nil && s.refusePlace(target{d, p.name}) == nil {
			all = append(all, d)
		}
	}
	return all
}

// sweepBeside removes the strays of this home.
func (s *Session) sweepBeside() (found bool, err error) {
	for _, d := range s.beside() {
		names, err := s.strays(d)
		if err != nil {
			return found, fmt.Errorf("reading %s: %w", d.path, err)
		}
		for _, name := range names {
			info, err := d.root.Lstat(name)
			if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
				continue
			}
			if err := d.remove(name); err != nil {
				return found, fmt.Errorf("removing what a run left in %s: %w", d.path, err)
			}
			found = true
		}
	}
	return found, nil
}
