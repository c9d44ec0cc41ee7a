package main

import (
	"os"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/plan/stall"
)

// buggy is the program where the first look at a file is a bug.
func buggy() {
	env := environment()
	env.Fs = buggyFs{env.Fs}
	os.Exit(runIn(func() cli.Env { return env }))
}

type buggyFs struct{ afero.Fs }

func (buggyFs) Open(string) (afero.File, error)                       { panic("no file system") }
func (buggyFs) OpenFile(string, int, os.FileMode) (afero.File, error) { panic("no file system") }
func (buggyFs) Stat(string) (os.FileInfo, error)                      { panic("no file system") }

// hasty is the program for which a second is long.
func hasty() {
	stall.Patience = time.Second
	main()
}

// managed is the program on a machine whose administrator has the last word.
func managed() {
	env := environment()
	env.Fs = managedFs{env.Fs}
	os.Exit(runIn(func() cli.Env { return env }))
}

type managedFs struct{ afero.Fs }

const managedFile = "/etc/codex/managed_config.toml"

func (f managedFs) of(name string) afero.Fs {
	if name != managedFile {
		return f.Fs
	}
	m := afero.NewMemMapFs()
	if err := afero.WriteFile(m, name, []byte("approval_policy = \"on-request\"\n"), 0o644); err != nil {
		panic(err)
	}
	return m
}

func (f managedFs) Open(name string) (afero.File, error)  { return f.of(name).Open(name) }
func (f managedFs) Stat(name string) (os.FileInfo, error) { return f.of(name).Stat(name) }
func (f managedFs) OpenFile(name string, flag int, mode os.FileMode) (afero.File, error) {
	return f.of(name).OpenFile(name, flag, mode)
}
