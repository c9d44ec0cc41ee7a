package bounded

import (
	"os"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/stall"
)

// Watched is a file system whose calls end a run that they hold. Those that this package
// makes for a caller it gives up, and tells the caller.
func Watched(fsys afero.Fs) afero.Fs { return watched{fsys} }

type watched struct{ afero.Fs }

// Unwatched is a file system whose calls nobody watches: somebody else waits for them.
func Unwatched(fsys afero.Fs) afero.Fs {
	if w, ok := fsys.(watched); ok {
		return w.Fs
	}
	return fsys
}

func (w watched) Open(name string) (afero.File, error) {
	defer stall.Enter(stall.Look, "", name).Leave()
	return guard(w.Fs.Open(name))
}

func (w watched) OpenFile(name string, flag int, perm os.FileMode) (afero.File, error) {
	defer stall.Enter(stall.Look, "", name).Leave()
	return guard(w.Fs.OpenFile(name, flag, perm))
}

func (w watched) Stat(name string) (os.FileInfo, error) {
	defer stall.Enter(stall.Look, "", name).Leave()
	return w.Fs.Stat(name)
}

// LstatIfPossible looks at a link itself, where there are links.
func (w watched) LstatIfPossible(name string) (os.FileInfo, bool, error) {
	l, ok := w.Fs.(afero.Lstater)
	if !ok {
		info, err := w.Stat(name)
		return info, false, err
	}
	defer stall.Enter(stall.Look, "", name).Leave()
	return l.LstatIfPossible(name)
}

// ReadlinkIfPossible reads a link, where there are links.
func (w watched) ReadlinkIfPossible(name string) (string, error) {
	l, ok := w.Fs.(afero.LinkReader)
	if !ok {
		return "", &os.PathError{Op: "readlink", Path: name, Err: afero.ErrNoReadlink}
	}
	defer stall.Enter(stall.Look, "", name).Leave()
	return l.ReadlinkIfPossible(name)
}

// guardedFile is an open file of a watched file system.
type guardedFile struct{ afero.File }

func guard(file afero.File, err error) (afero.File, error) {
	if err != nil {
		return nil, err
	}
	return guardedFile{file}, nil
}

func (f guardedFile) look() stall.Call { return stall.Enter(stall.Look, "", f.Name()) }

func (f guardedFile) Read(p []byte) (int, error) {
	defer f.look().Leave()
	return f.File.Read(p)
}

func (f guardedFile) Stat() (os.FileInfo, error) {
	defer f.look().Leave()
	return f.File.Stat()
}

func (f guardedFile) Readdir(count int) ([]os.FileInfo, error) {
	defer f.look().Leave()
	return f.File.Readdir(count)
}

func (f guardedFile) Readdirnames(count int) ([]string, error) {
	defer f.look().Leave()
	return f.File.Readdirnames(count)
}

func (f guardedFile) Close() error {
	defer f.look().Leave()
	return f.File.Close()
}
