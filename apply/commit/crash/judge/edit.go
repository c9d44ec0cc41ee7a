//go:build linux

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// What an edit adds: a line to config.toml, a member to auth.json.
const (
	addedLine   = "# an edit\n"
	addedMember = `"last_refresh":"an edit"`
)

// edit plays Codex, or a person: one change of one file, in the manner of Codex
// 0.169 or, in place, of older ones. Where Codex would give up because its lock is
// held, so does this. The file mark says that an edit was made.
func edit(what, home, mark string) error {
	made, err := false, error(nil)
	switch what {
	case "config":
		made, err = editConfig(filepath.Join(home, "config.toml"))
	case "auth":
		made, err = editAuthLocked(home)
	case "auth-in-place":
		made, err = editAuthInPlace(filepath.Join(home, "auth.json"))
	}
	if !made || err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(strings.TrimSuffix(what, "-in-place")), 0o600)
}

// editConfig reads, appends, writes beside and renames; no lock, no sync.
func editConfig(path string) (bool, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return false, ignoreMissing(err)
	}
	return true, replace(path, append(b, addedLine...))
}

func editAuthLocked(home string) (bool, error) {
	if _, err := os.Stat(home); err != nil {
		return false, nil
	}
	for _, name := range []string{"auth.lock", "auth.json.lock"} {
		f, err := os.OpenFile(filepath.Join(home, name), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return false, err
		}
		defer f.Close()
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			return false, nil
		}
	}
	path := filepath.Join(home, "auth.json")
	b, err := withMember(path)
	if err != nil {
		return false, err
	}
	return true, replace(path, b)
}

func editAuthInPlace(path string) (bool, error) {
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return false, nil
	}
	b, err := withMember(path)
	if err != nil {
		return false, err
	}
	return true, os.WriteFile(path, b, 0o600)
}

func withMember(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return []byte("{" + addedMember + "}\n"), nil
	}
	return bytes.Replace(b, []byte("{"), []byte("{"+addedMember+","), 1), err
}

func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close(), os.Rename(f.Name(), path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
