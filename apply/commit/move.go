package commit

import (
	"errors"
	"io/fs"
	"os"
)

// errNoExchange is a file system or kernel that cannot do what was asked in one step.
var errNoExchange = errors.New("the file system cannot exchange two files")

// errChanged is a file that is not as it was read.
var errChanged = errors.New("was changed since it was read")

// move gives a file another name in the same folder and never replaces anything:
// fs.ErrExist when the name is taken, fs.ErrNotExist when there is no such file. A move
// by link that was cut in two is completed, by whichever way it was begun.
func (f *folder) move(from, to string) error {
	err := moveExclusive(f.self, from, to)
	if errors.Is(err, fs.ErrExist) && f.sameFile(from, to) {
		return f.remove(from)
	}
	if errors.Is(err, errNoExchange) {
		err = f.moveByLink(from, to)
	}
	return err
}

// moveByLink is move for file systems that cannot rename exclusively: a link never
// replaces anything either.
func (f *folder) moveByLink(from, to string) error {
	err := f.root.Link(from, to)
	if err != nil && f.sameFile(from, to) {
		err = nil
	}
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return bare(err)
	}
	if err == nil {
		return f.remove(from)
	}
	if f.has(to) { // no links here either: look, then rename
		return fs.ErrExist
	}
	return f.replace(from, to)
}

// sameFile reports whether two names are one file.
func (f *folder) sameFile(a, b string) bool {
	x, err := f.root.Lstat(a)
	if err != nil {
		return false
	}
	y, err := f.root.Lstat(b)
	return err == nil && os.SameFile(x, y)
}

// moveIf is move for a file whose content is as before, else errChanged; errNoExchange
// where nobody can be kept out of a file in the meantime.
func (f *folder) moveIf(from, to string, before func([]byte) bool) error {
	return compareAndMove(f.self, from, to, before)
}

// exchange lets two files of the folder change places in one step. It is
// errNoExchange where that cannot be done.
func (f *folder) exchange(a, b string) error {
	return exchange(f.self, a, b)
}
