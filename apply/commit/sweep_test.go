package commit

import (
	"os"
	"path/filepath"
	"testing"
)

// What a power cut keeps without its intent is removed by the next run, wherever a link
// leads, and nobody else's.
func TestSweepBeside(t *testing.T) {
	needLinks(t)
	home := oldHome(t)
	dotfiles := t.TempDir()
	must(t, os.Rename(filepath.Join(home, "config.toml"), filepath.Join(dotfiles, "config.toml")))
	must(t, os.Symlink(filepath.Join(dotfiles, "config.toml"), filepath.Join(home, "config.toml")))
	s := open(t, home)
	own, other := s.newID(), "00000000"+s.newID()[8:]
	if s.Interrupted() {
		t.Fatal("a home at rest is interrupted")
	}
	for dir, names := range map[string][]string{
		home:     {".codexform-" + own + ".auth", ".codexform-" + own + ".auth.old", ".codexform-" + own + ".config"},
		dotfiles: {".codexform-" + own + ".config", ".codexform-" + own + ".config.old"},
	} {
		for _, name := range names {
			must(t, os.WriteFile(filepath.Join(dir, name), []byte("sk-stray"), 0o600))
			if !s.Interrupted() {
				t.Errorf("%s in %s is not seen", name, dir)
			}
			run, r := locked(t, home)
			must(t, run.Close())
			if !r.Found || r.Result != "" {
				t.Errorf("%s: recovered %+v, want to have found it", name, r)
			}
			if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
				t.Errorf("%s in %s is still there", name, dir)
			}
		}
	}
	for _, name := range []string{".codexform-" + other + ".auth", ".codexform-" + own, ".codexform-" + own + ".auth.txt"} {
		path := filepath.Join(dotfiles, name)
		must(t, os.WriteFile(path, nil, 0o600))
		if s.Interrupted() {
			t.Errorf("%s is nobody's of this home", name)
		}
		run, _ := locked(t, home)
		must(t, run.Close())
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s is gone", name)
		}
	}
}

// An intent that a power cut has torn before it counted stands for nothing.
func TestTornStaging(t *testing.T) {
	for _, text := range []string{"", `{"format":2,"id":"0011`, "\x00\x00\x00\x00"} {
		home := oldHome(t)
		plant(t, home, tree{".codexform/staging": text})
		_, r := locked(t, home)
		if !r.Found {
			t.Errorf("staging %q was not found", text)
		}
		wantTree(t, home, oldTree)
	}
}

// The mark of a commit may be lost while what came with it was kept.
func TestCommitWithoutItsMark(t *testing.T) {
	for _, installed := range []string{historyName, ledgerName} {
		home, tx := killedAfter(t, NewOrigin, 3)
		state := filepath.Join(home, stateName)
		waits := map[string]string{historyName: tx.newHistory(), ledgerName: tx.newLedger()}
		must(t, os.Rename(filepath.Join(state, waits[installed]), filepath.Join(state, installed)))
		_, r := locked(t, home)
		if r.Result != New {
			t.Errorf("%s installed: recovered %+v, want %s", installed, r, New)
		}
		wantTree(t, home, newTree)
	}
}

// A state file that never reached the disk is no commit.
func TestStateFileThatNeverWas(t *testing.T) {
	for _, steps := range []int{0, 1, 2} {
		home, tx := killedAfter(t, NewOrigin, steps)
		must(t, os.Remove(filepath.Join(home, stateName, tx.newHistory())))
		_, r := locked(t, home)
		if r.Result != Old {
			t.Errorf("after %d steps: recovered %+v, want %s", steps, r, Old)
		}
		wantTree(t, home, oldTree)
	}
}
