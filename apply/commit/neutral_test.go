package commit

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// underWine is Windows as Wine plays it: without access lists and links, and with locked
// files that stay until they are closed.
var underWine bool

func needUnlinkOfLocked(t *testing.T) {
	t.Helper()
	if underWine {
		t.Skip("Wine keeps a locked file until it is closed")
	}
}

// needModes skips what is about permission bits, where there are none.
func needModes(t *testing.T) {
	t.Helper()
	if !hasModes {
		t.Skip("files have access lists here, and no modes")
	}
}

// needLinks skips what is about symlinks, where this user cannot make them.
func needLinks(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "windows" {
		return
	}
	dir := t.TempDir()
	err := os.Symlink(dir, filepath.Join(dir, "link"))
	if err == nil {
		_, err = os.Readlink(filepath.Join(dir, "link"))
	}
	if err != nil {
		t.Skip("no symlinks can be made here: ", err)
	}
}

func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil && runtime.GOOS == "windows" {
		t.Skip("there is no git: ", err)
	}
}

// needSharedWriting skips what is about a program that goes on writing to a file that
// was moved away: Windows lets nobody move it.
func needSharedWriting(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a file that somebody has open for writing stays where it is")
	}
}
