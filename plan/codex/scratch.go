package codex

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/plan/stall"
	"github.com/codexform/codexform/plan/tomlfile"
)

// scratch is a Codex home for one run of a program: private, outside every real
// home, with a config.toml and no secret. Paths in the file lead where they lead in
// the real home. It is the one place in this package that writes; remove takes all
// of it away again, and the next run does where this one was killed.
type scratch struct {
	dir  string // the home
	root string // what is removed
	lock *os.File
}

const (
	scratchPrefix = "codexform-load-"
	lockName      = ".lock"
)

// scratch makes the copy of a home that would hold a config.toml; home may be ""
// for none. A file that is no TOML is a *LoadError: no Codex starts with it.
func (b Binary) scratch(home string, config []byte) (scratch, error) {
	defer stall.Enter(stall.Look, "", os.TempDir()).Leave()
	masked, doc, err := withoutSecrets(config)
	if err != nil {
		return scratch{}, err
	}
	if err := endless(home, nil, doc); err != nil {
		return scratch{}, err
	}
	temp := os.TempDir()
	if b.demoted() {
		temp = reachable(temp)
	}
	sweep(temp)
	root, err := os.MkdirTemp(temp, scratchPrefix) // 0700
	if err != nil {
		return scratch{}, fmt.Errorf("making a private folder for Codex: %w", err)
	}
	s := scratch{root: root}
	if err := s.fill(home, masked, doc); err != nil {
		s.remove()
		return scratch{}, fmt.Errorf("making a private folder for Codex: %w", err)
	}
	return s, nil
}

// fill puts the home as deep below the root as the real one lies, so that ".." in a
// path stays below the root.
func (s *scratch) fill(home string, config []byte, root plan.Value) error {
	var err error
	if s.lock, err = lockFolder(s.root); err != nil {
		return err
	}
	s.dir = filepath.Join(s.root, strings.TrimPrefix(home, filepath.VolumeName(home)), "home")
	if home != "" {
		s.dir = filepath.Dir(s.dir)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if home != "" {
		s.linkNamed(home, root)
	}
	return os.WriteFile(filepath.Join(s.dir, plan.ConfigFile), config, 0o600)
}

// linkNamed makes what relative paths in a file name findable in the copy: a link
// for a file, an empty folder for a folder. What cannot be linked is missing, and
// then Codex says so.
func (s *scratch) linkNamed(home string, v plan.Value) {
	for _, item := range v.Items() {
		s.linkNamed(home, item)
	}
	for _, m := range v.Members() {
		s.linkNamed(home, m.Value)
	}
	path := v.Text()
	if v.Kind() != plan.KindString || path == "" || len(path) > 1024 || strings.ContainsAny(path, "\x00\n") || filepath.IsAbs(path) || keepsSecrets(path) {
		return
	}
	from, to := filepath.Join(home, path), filepath.Join(s.dir, path)
	look := stall.Enter(stall.Look, "", from)
	info, err := os.Stat(from)
	look.Leave()
	if err != nil || !strings.HasPrefix(to, s.root+string(filepath.Separator)) {
		return
	}
	switch {
	case info.IsDir():
		_ = os.MkdirAll(to, 0o700)
	case info.Mode().IsRegular() && os.MkdirAll(filepath.Dir(to), 0o700) == nil:
		_ = linkOrCopy(from, to)
	}
}

// keepsSecrets reports a file of the home that is nobody's instructions.
func keepsSecrets(path string) bool {
	switch filepath.Base(path) {
	case plan.AuthFile, plan.ConfigFile, ".env", "gateway_oauth.json":
		return true
	}
	return strings.HasPrefix(filepath.Clean(path), StateDir)
}

// linkOrCopy links, and copies a file of moderate size where links are not to be had.
func linkOrCopy(from, to string) error {
	if os.Symlink(from, to) == nil {
		return nil
	}
	data, _, err := bounded.File(afero.NewOsFs(), from, maxFile)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// gone reports that somebody took the copy away while Codex was reading it.
func (s scratch) gone() bool {
	_, err := os.Lstat(filepath.Join(s.dir, plan.ConfigFile))
	return errors.Is(err, fs.ErrNotExist)
}

// remove deletes the folder.
func (s scratch) remove() {
	defer stall.Enter(stall.Change, "", s.root).Leave()
	if s.lock != nil {
		s.lock.Close()
	}
	_ = os.RemoveAll(s.root)
}

// sweep removes the folders of runs that were killed: those of this user that
// nobody holds any more. One that has no lock yet is just being made, unless it is old.
func sweep(temp string) {
	left, _ := filepath.Glob(filepath.Join(temp, scratchPrefix+"*"))
	for _, root := range left {
		info, err := os.Lstat(root)
		if err != nil || !info.IsDir() || !ownedByUs(info) {
			continue
		}
		// Between the making of a lock and its taking lies a moment, long on a busy machine.
		switch lock, err := os.Lstat(filepath.Join(root, lockName)); {
		case err != nil && time.Since(info.ModTime()) < time.Minute, err == nil && time.Since(lock.ModTime()) < 2*time.Second:
			continue
		}
		if lock, err := lockFolder(root); err == nil {
			lock.Close()
			_ = os.RemoveAll(root)
		}
	}
}

// withoutSecrets is a config.toml with a placeholder for each secret, and its data.
func withoutSecrets(config []byte) ([]byte, plan.Value, error) {
	doc, err := tomlfile.Parse(config)
	if err != nil {
		return nil, plan.Value{}, notTOML(err)
	}
	masked, err := tomlfile.Mask(config, tomlfile.Without{Value: maySecret, Key: func(name string) bool { return plan.KeySecrecy(name) > plan.Harmless }})
	return masked, doc.Root, err
}
