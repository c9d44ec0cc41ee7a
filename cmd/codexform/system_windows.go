package main

import (
	"io/fs"
	"os"

	"github.com/spf13/afero"
	"golang.org/x/sys/windows"
)

// fileSystem is the real one, read in a way that keeps nobody from saving: a Codex that
// renames its new config.toml over one that we are reading would fail otherwise.
func fileSystem() afero.Fs { return sharing{afero.NewOsFs()} }

type sharing struct{ afero.Fs }

func (s sharing) Open(name string) (afero.File, error) { return s.OpenFile(name, os.O_RDONLY, 0) }

func (s sharing) OpenFile(name string, flag int, mode fs.FileMode) (afero.File, error) {
	path, err := windows.UTF16PtrFromString(name)
	if flag != os.O_RDONLY || err != nil {
		return s.Fs.OpenFile(name, flag, mode)
	}
	h, err := windows.CreateFile(path, windows.GENERIC_READ,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil,
		windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil { // a folder, a name that needs help, or a reason that os tells better
		return s.Fs.OpenFile(name, flag, mode)
	}
	return os.NewFile(uintptr(h), name), nil
}

// understandColours lets an older console read the sequences that colours are made of.
func understandColours(out *os.File) {
	var mode uint32
	h := windows.Handle(out.Fd())
	if windows.GetConsoleMode(h, &mode) == nil {
		_ = windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) // else they show
	}
}
