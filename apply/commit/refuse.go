package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/codexform/codexform/plan/stall"
)

// refuseFolder is why nothing may be written in a folder, nil when it may.
func refuseFolder(d *folder) error {
	info, err := d.self.Stat()
	if err != nil {
		return fmt.Errorf("looking at %s: %w", d.path, bare(err))
	}
	return refuseInfo(d.path, info)
}

func refuseInfo(path string, info fs.FileInfo) error {
	if nixStore(path) {
		return &RefusedError{Path: path, Reason: ReasonNixStore, Detail: "belongs to the Nix store", Fix: "change it where it is declared, in home-manager or the system configuration"}
	}
	if mark, fix := readOnlyMark(info); mark != "" {
		return &RefusedError{Path: path, Reason: ReasonReadOnly, Detail: mark, Fix: fix + " " + path}
	}
	switch {
	case othersOwn(info):
		return &RefusedError{Path: path, Reason: ReasonOwner, Detail: "belongs to another user", Fix: fmt.Sprintf("see whose it is; to take it over: sudo chown -R %d %s", os.Geteuid(), path)}
	case othersWrite(info):
		return &RefusedError{Path: path, Reason: ReasonWritable, Detail: "may be written by others", Fix: "chmod go-w " + path}
	}
	return nil
}

func nixStore(path string) bool { return strings.HasPrefix(path, "/nix/store/") }

// refuseConfig is why config.toml must not be replaced.
func refuseConfig(path string, info fs.FileInfo) error {
	if hardLinks(info) > 1 && !nixStore(path) {
		return &RefusedError{Path: path, Reason: ReasonHardLink, Detail: "has a second name (a hard link), which would keep the old content", Fix: "remove the other name, or make one a symlink to the other"}
	}
	return refuseInfo(path, info)
}

// refuseAuth is why auth.json must not be replaced. A mode that is too wide is no
// reason: the new file gets the right one.
func refuseAuth(path string, info fs.FileInfo) error {
	err := refuseInfo(path, info)
	var refused *RefusedError
	if errors.As(err, &refused) && refused.Reason == ReasonWritable {
		return nil
	}
	return err
}

// refuseGit is why no key may be put into a folder: it would be on its way into a
// repository. A file that git ignores is not.
func refuseGit(path string) error {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil && !gitIgnores(dir, path) {
			fix := "list it in .gitignore, move auth.json elsewhere, or use delivery: env_key or command"
			if gitTracks(dir, path) {
				fix = "git tracks it: git rm --cached auth.json, and " + fix
			}
			return &RefusedError{Path: path, Reason: ReasonGit, Detail: "lies in the git work tree " + dir, Fix: fix}
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// refuseMount is why a file cannot be replaced at all: it is a mount of its own, as
// containers make them of single files.
func refuseMount(d *folder, path string, file *os.File) error {
	if !mountPoint(d.self, file) {
		return nil
	}
	return errMounted(path)
}

func errMounted(path string) error {
	return &RefusedError{Path: path, Reason: ReasonBindMount, Detail: "is a bind mount of a single file, which cannot be replaced", Fix: "mount its folder instead"}
}

// RefusesKey is why no key may be put into the auth.json of a state, nil when one
// may be. Switch asks the same.
func (s *Session) RefusesKey(st State) error {
	defer stall.Enter(stall.Look, "", s.options.Home).Leave()
	if s.options.AllowGitWorkTree || s.options.system() {
		return nil
	}
	return refuseGit(st.Auth.Path)
}
