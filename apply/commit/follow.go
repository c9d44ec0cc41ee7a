package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxHops is how many symlinks Codex follows, one after the other.
const maxHops = 40

// place is where a path leads in the end: a name in a real folder. There may be
// nothing of that name.
type place struct {
	dir, name string
	linked    bool // by way of a symlink
}

func (p place) path() string { return filepath.Join(p.dir, p.name) }

// follow finds where a path leads, as Codex does: link after link, relative or
// absolute, up to a name that is no link or does not exist.
func follow(path string) (place, error) {
	asked, linked := path, false
	for range maxHops + 1 {
		dir, name := cut(path)
		if name == "" || name == "." || name == ".." {
			return place{}, &RefusedError{Path: asked, Reason: ReasonNotRegular, Detail: "leads to the folder " + path, Fix: "let it lead to a file"}
		}
		dir, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return place{}, linkError(asked, linked, err)
		}
		p := place{dir: dir, name: name, linked: linked}
		target, err := os.Readlink(p.path())
		if err != nil {
			return p, nil // no link, or nothing there
		}
		target = strings.TrimRight(target, string(filepath.Separator))
		if linked = true; filepath.IsAbs(target) {
			path = target
		} else {
			// not Join: it would cut ".." out before links are followed
			path = dir + string(filepath.Separator) + target
		}
	}
	return place{}, &RefusedError{Path: asked, Reason: ReasonLoop, Detail: "is a loop of symlinks", Fix: "remove the link"}
}

// cut splits off the last component without tidying the rest.
func cut(path string) (dir, name string) {
	i := len(path)
	for i > 0 && !os.IsPathSeparator(path[i-1]) {
		i--
	}
	return path[:i], path[i:]
}

// linkError is dirError of a path on whose way there may have been a link, which is then
// what to mend: nobody is to open a folder because a link points into it.
func linkError(path string, linked bool, err error) error {
	if linked && errors.Is(err, fs.ErrPermission) {
		return &RefusedError{Path: path, Reason: ReasonUnreadable, Detail: "is a symlink into a folder that this user cannot enter", Fix: "remove the symlink"}
	}
	return dirError(path, err)
}

func dirError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &RefusedError{Path: path, Reason: ReasonNoFolder, Detail: "lies in a folder that does not exist", Fix: "create the folder first, or remove the link"}
	case errors.Is(err, fs.ErrPermission):
		return &RefusedError{Path: path, Reason: ReasonUnreadable, Detail: "cannot be reached: " + bare(err).Error(), Fix: "give this user the right to enter its folder"}
	case strings.Contains(err.Error(), "too many"):
		return &RefusedError{Path: path, Reason: ReasonLoop, Detail: "is a loop of symlinks", Fix: "remove the link"}
	}
	return &RefusedError{Path: path, Reason: ReasonUnreadable, Detail: "cannot be reached: " + bare(err).Error(), Fix: "mend its folder"}
}

// lexically is below by the letters alone.
func lexically(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// below reports whether a real path is dir or lies in it. A name that is spelt in another
// way, in capitals or with its accents apart, is one file where the file system says so.
func below(path, dir string) bool {
	if lexically(path, dir) {
		return true
	}
	top, err := os.Stat(dir)
	if err != nil {
		return false
	}
	for above := ""; path != above; path, above = filepath.Dir(path), path {
		if info, err := os.Lstat(path); err == nil && os.SameFile(info, top) {
			return true
		}
	}
	return false
}
