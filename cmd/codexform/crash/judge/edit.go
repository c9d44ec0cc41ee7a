//go:build linux

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// What an edit adds: a line to config.toml, a member to auth.json.
const (
	addedLine   = "# an edit\n"
	addedMember = `"last_refresh":"an edit"`
)

// edit plays Codex, or a person: one change of one file, in a manner of Codex 0.169 or
// of older ones. Where Codex would give up because its lock is held, so does this.
//
//	config         reads, writes beside, renames: no lock
//	config-stale   the same, but it has read before the run began
//	auth           the same under Codex's locks
//	auth-in-place  reads and writes in place: older versions
//	auth-stale     the same, but it has read before the run began
//
// The file mark says which file was edited, or that it was made.
func edit(manner, dir, home, mark string) error {
	config, auth := filepath.Join(home, "config.toml"), filepath.Join(home, "auth.json")
	if _, err := os.Stat(home); err != nil {
		return ignoreMissing(err)
	}
	_, err := os.Stat(auth)
	what, made := "auth", true
	if err != nil && manner != "auth-stale" {
		what = "auth-made"
	}
	switch manner {
	case "config":
		what, made, err = "config", true, editConfig(config, config)
	case "config-stale":
		what, made, err = "config", true, editConfig(filepath.Join(dir, "old", "config.toml"), config)
	case "auth":
		made, err = editAuthLocked(home)
	case "auth-in-place":
		err = editAuthInPlace(auth, auth)
	case "auth-stale":
		err = editAuthInPlace(filepath.Join(dir, "old", "auth.json"), auth)
	}
	if errors.Is(err, fs.ErrNotExist) || !made {
		return nil
	}
	return errors.Join(err, os.WriteFile(mark, []byte(what), 0o600))
}

// editConfig reads, appends, writes beside and renames; no lock, no sync.
func editConfig(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return replace(to, append(b, addedLine...))
}

func editAuthLocked(home string) (bool, error) {
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

func editAuthInPlace(from, to string) error {
	b, err := withMember(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
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
