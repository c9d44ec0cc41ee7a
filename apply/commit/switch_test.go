package commit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestCommit(t *testing.T) {
	for _, order := range []Order{SameOrigin, NewOrigin, FirstInstall, Removal} {
		t.Run(string(order), func(t *testing.T) {
			home := oldHome(t)
			s, r := locked(t, home)
			if r.Found {
				t.Errorf("Recover found %+v in a home at rest", r)
			}
			sw := switched(t, s, order)
			wantTree(t, home, harvest(t, home).with(tree{"config.toml": newConfig, "auth.json": newAuth, ".codexform/ledger.json": "{0}"}))
			st, err := sw.Read()
			must(t, err)
			if string(st.Config.Data) != newConfig || string(st.Auth.Data) != newAuth {
				t.Errorf("read back %v, want the new files", st)
			}
			must(t, sw.Commit())
			wantTree(t, home, newTree)
		})
	}
}

func TestCommitRemoves(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	c := change(t, s, Removal)
	c.Auth = &File{Remove: true}
	c.StateFiles = StateFiles{Ledger: []byte{}}
	sw, err := s.Switch(t.Context(), c)
	must(t, err)
	must(t, sw.Commit())
	wantTree(t, home, tree{"config.toml": newConfig, ".codexform/history.jsonl": "{}\n"})
}

func TestUndoBringsTheOldFiles(t *testing.T) {
	for _, order := range []Order{SameOrigin, NewOrigin} {
		home := oldHome(t)
		before, err := os.Stat(filepath.Join(home, "config.toml"))
		must(t, err)
		s, _ := locked(t, home)
		must(t, switched(t, s, order).Undo(t.Context(), nil))
		wantTree(t, home, oldTree)
		after, err := os.Stat(filepath.Join(home, "config.toml"))
		must(t, err)
		if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
			t.Errorf("%s: config.toml is another file after a undo", order)
		}
	}
}

// A Codex that edits the new config.toml while the gateway is being asked keeps its
// edit when the gateway says no.
func TestUndoAroundAnEdit(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	sw := switched(t, s, NewOrigin)
	appendTo(t, filepath.Join(home, "config.toml"), edit)
	asked := 0
	must(t, sw.Undo(t.Context(), func(now State) (Change, error) {
		if asked++; asked == 1 { // and another one, between reading and writing
			appendTo(t, filepath.Join(home, "config.toml"), edit)
		}
		data := oldConfig + string(now.Config.Data)[len(newConfig):]
		return Change{Config: &File{Data: []byte(data)}, Auth: &File{Data: []byte(oldAuth)}, Order: NewOrigin}, nil
	}))
	if asked != 2 {
		t.Errorf("it was asked %d times, want 2", asked)
	}
	wantTree(t, home, oldTree.with(tree{"config.toml": oldConfig + edit + edit, ".codexform/history.jsonl": newTree[".codexform/history.jsonl"]}))
}

func TestUndoThatCannot(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	sw := switched(t, s, NewOrigin)
	appendTo(t, filepath.Join(home, "config.toml"), edit)
	err := sw.Undo(t.Context(), func(State) (Change, error) { return Change{}, errors.New("no idea") })
	if e := wantError[*StateError](t, err); e.InForce != New {
		t.Errorf("in force: %s, want new", e.InForce)
	}
	wantTree(t, home, newTree.with(tree{"config.toml": newConfig + edit}))
}

func TestConflict(t *testing.T) {
	for name, theirs := range map[string]tree{
		"config edited":   {"config.toml": oldConfig + edit},
		"auth rewritten":  {"auth.json": login},
		"both":            {"config.toml": oldConfig + edit, "auth.json": login},
		"config removed":  {"config.toml": ""},
		"auth logged out": {"auth.json": ""},
	} {
		for _, order := range []Order{SameOrigin, NewOrigin} {
			t.Run(name+" "+string(order), func(t *testing.T) {
				home := oldHome(t)
				s, _ := locked(t, home)
				c := change(t, s, order)
				for path, content := range theirs {
					must(t, os.Remove(filepath.Join(home, path)))
					if content != "" {
						plant(t, home, tree{path: content})
					}
				}
				_, err := s.Switch(t.Context(), c)
				wantError[*ConflictError](t, err)
				wantTree(t, home, oldTree.with(theirs))
			})
		}
	}
}

// The old host comes back in the middle of a switch, from a Codex that had read it
// before: no key is put beside it.
func TestHostComesBack(t *testing.T) {
	for name, steps := range map[string]int{"before the key": 2, "after it": 3} {
		for _, stale := range []string{oldConfig + edit, oldConfig} {
			home, tx := stoppedAfter(t, NewOrigin, steps)
			must(t, os.WriteFile(filepath.Join(home, "config.toml"), []byte(stale), 0o600))
			err := tx.hostStays()
			wantError[*ConflictError](t, err)
			wantError[*ConflictError](t, tx.abort(err))
			if t.Failed() {
				t.Log(name)
			}
			wantTree(t, home, oldTree.with(tree{"config.toml": stale}))
		}
	}
}

// TestKeyComesBack has an old Codex write the auth.json that it had read a moment ago,
// while the old key is out of the way: it goes with the old host.
func TestKeyComesBack(t *testing.T) {
	for name, theirs := range map[string]string{"the old key": oldAuth + "\n", "no key": `{"last_refresh":null}`} {
		t.Run(name, func(t *testing.T) {
			home, tx := stoppedAfter(t, NewOrigin, 2)
			must(t, os.WriteFile(filepath.Join(home, "auth.json"), []byte(theirs), 0o600))
			err := tx.besideHost(tx.steps()[2].run)
			wantError[*ConflictError](t, err)
			wantError[*ConflictError](t, tx.abort(err))
			wantTree(t, home, oldTree.with(tree{"auth.json": theirs}))
		})
	}
}

// TestCommitLooksAgain has Codex bring the old host, or the old key, back between the
// switch and the commit: nothing is committed, and what Codex wrote stays.
func TestCommitLooksAgain(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       tree
	}{
		"the old host":           {"config.toml", oldConfig + edit, oldTree},
		"the old key":            {"auth.json", oldAuth, oldTree},
		"the old key, edited":    {"auth.json", oldAuth + "\n", newTree},
		"the old host, unedited": {"config.toml", oldConfig, oldTree},
	} {
		t.Run(name, func(t *testing.T) {
			home := oldHome(t)
			s, _ := locked(t, home)
			tx, err := s.Switch(t.Context(), change(t, s, NewOrigin))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(home, c.file), []byte(c.text), 0o600))
			wantError[*ConflictError](t, tx.Commit())
			wantTree(t, home, c.want.with(tree{c.file: c.text}))
		})
	}
}

// TestEditAtTheNewHost has Codex edit the new config.toml before the key is there: the
// host is the new one, so the switch goes on, and the edit stays.
func TestEditAtTheNewHost(t *testing.T) {
	home, tx := stoppedAfter(t, NewOrigin, 2)
	must(t, os.WriteFile(filepath.Join(home, "config.toml"), []byte(newConfig+edit), 0o600))
	must(t, tx.besideHost(tx.steps()[2].run))
	must(t, (&Switched{t: tx}).Commit())
	wantTree(t, home, newTree.with(tree{"config.toml": newConfig + edit}))
}

// TestSettle wants a pause before the key of another host, and none elsewhere.
func TestSettle(t *testing.T) {
	settle := 300 * time.Millisecond
	if runtime.GOOS == "windows" { // Wine takes its time
		settle = 3 * time.Second
	}
	for order, waits := range map[Order]bool{NewOrigin: true, FirstInstall: true, SameOrigin: false, Removal: false} {
		t.Run(string(order), func(t *testing.T) {
			home := oldHome(t)
			if order == FirstInstall {
				must(t, os.Remove(filepath.Join(home, "auth.json")))
			}
			s, _ := locked(t, home)
			s.options.Settle = settle
			c := change(t, s, order)
			if order == Removal {
				c.Auth = &File{Remove: true}
			}
			start := time.Now()
			tx, err := s.Switch(t.Context(), c)
			if took := time.Since(start); err != nil || (took >= settle) != waits {
				t.Errorf("took %s (%v)", took, err)
			}
			must(t, tx.Commit())
		})
	}
}

// An old Codex that had the file open writes into what we have displaced.
func TestConflictInTheDisplacedFile(t *testing.T) {
	needSharedWriting(t)
	for name, theirs := range map[string]string{"config.toml": oldConfig + edit, "auth.json": login} {
		home := oldHome(t)
		f, err := os.OpenFile(filepath.Join(home, name), os.O_WRONLY|os.O_TRUNC|os.O_APPEND, 0)
		must(t, err)
		_, err = f.WriteString(oldTree[name])
		must(t, err)
		s, _ := locked(t, home)
		sw := switched(t, s, NewOrigin)
		must(t, f.Truncate(0))
		_, err = f.WriteString(theirs)
		must(t, errors.Join(err, f.Close()))
		wantError[*ConflictError](t, sw.Commit())
		wantTree(t, home, oldTree.with(tree{name: theirs}))
	}
}

// A file of which only the mode is wrong is replaced too: other names of it, and
// whoever has it open, keep the old one.
func TestModeAlone(t *testing.T) {
	needModes(t)
	home := oldHome(t)
	must(t, os.Chmod(filepath.Join(home, "auth.json"), 0o644))
	s, _ := locked(t, home)
	c := change(t, s, SameOrigin)
	c.Config, c.Auth = nil, &File{Data: []byte(oldAuth)}
	sw, err := s.Switch(t.Context(), c)
	must(t, err)
	must(t, sw.Undo(t.Context(), nil))
	wantMode(t, filepath.Join(home, "auth.json"), 0o644)
	c = change(t, s, SameOrigin)
	c.Config, c.Auth = nil, &File{Data: []byte(oldAuth)}
	sw, err = s.Switch(t.Context(), c)
	must(t, err)
	must(t, sw.Commit())
	wantMode(t, filepath.Join(home, "auth.json"), 0o600)
}

func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	if !hasModes {
		return // its access list: TestAccessLists
	}
	info, err := os.Stat(path)
	must(t, err)
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %04o, want %04o", path, got, want)
	}
}

func TestConfigKeepsItsMode(t *testing.T) {
	needModes(t)
	for have, want := range map[os.FileMode]os.FileMode{0o600: 0o600, 0o640: 0o640, 0o644: 0o644, 0o444: 0o444} {
		home := oldHome(t)
		must(t, os.Chmod(filepath.Join(home, "config.toml"), have))
		s, _ := locked(t, home)
		must(t, switched(t, s, SameOrigin).Commit())
		wantMode(t, filepath.Join(home, "config.toml"), want)
		s.Close()
	}
}

func TestKeepDisplaced(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	c := change(t, s, SameOrigin)
	c.Config.Keep = "config.toml.damaged"
	sw, err := s.Switch(t.Context(), c)
	must(t, err)
	must(t, sw.Commit())
	wantTree(t, home, newTree.with(tree{"config.toml.damaged": oldConfig}))
	if notes := sw.Notes(); len(notes) != 1 {
		t.Errorf("notes: %q, want one about the kept file", notes)
	}
}

func TestMissingHome(t *testing.T) {
	home := filepath.Join(t.TempDir(), "codex")
	s := open(t, home)
	st, err := s.Read()
	must(t, err)
	if st.Config.Exists || st.Auth.Exists || s.Interrupted() {
		t.Errorf("a missing home reads as %v", st)
	}
	if _, err := os.Lstat(home); err == nil {
		t.Error("looking at a missing home created it")
	}
	must(t, s.Lock(t.Context()))
	must(t, switched(t, s, FirstInstall).Commit())
	wantTree(t, home, newTree.with(tree{".codexform/history.jsonl": "{\"n\":1}\n"}))
	for _, dir := range []string{home, filepath.Join(home, ".codexform")} {
		wantMode(t, dir, 0o700)
	}
}

func TestMissingHomeGoesAgain(t *testing.T) {
	needUnlinkOfLocked(t)
	dir := t.TempDir()
	home := filepath.Join(dir, "codex")
	s := open(t, home)
	must(t, s.Lock(t.Context()))
	must(t, s.Close())
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("a run that came to nothing left %v in place of a missing home", harvest(t, dir))
	}
}

func TestCancelled(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	c := change(t, s, SameOrigin)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Switch(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	wantTree(t, home, oldTree)
}

func TestLockIsHeld(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	other := open(t, home)
	if e := wantError[*LockedError](t, other.Lock(t.Context())); e.Codex {
		t.Error("the lock is ours, not Codex's")
	}
	must(t, s.Close())
	must(t, other.Lock(t.Context()))
}

func TestCodexLockIsHeld(t *testing.T) {
	for _, name := range []string{"auth.lock", "auth.json.lock"} {
		home := oldHome(t)
		f, err := os.Create(filepath.Join(home, name))
		must(t, err)
		held, err := tryLock(f)
		if held || err != nil {
			t.Fatal(held, err)
		}
		s, _ := locked(t, home)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err = s.Switch(ctx, change(t, s, SameOrigin))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s held: got %v, want to wait until the deadline", name, err)
		}
		c := change(t, s, SameOrigin)
		c.Auth = nil
		_, err = s.Switch(t.Context(), c)
		must(t, err) // config.toml alone needs none of Codex's locks
		f.Close()
	}
}

func TestWeakly(t *testing.T) {
	if !withoutExchange(t) {
		return
	}
	for _, order := range []Order{SameOrigin, NewOrigin} {
		home := oldHome(t)
		s, _ := locked(t, home)
		sw := switched(t, s, order)
		if sw.WeakCAS() != systemExchanges {
			t.Errorf("weak-cas is %v: to be said where files can be exchanged but for this file system", sw.WeakCAS())
		}
		must(t, sw.Undo(t.Context(), nil))
		wantTree(t, home, oldTree)
		must(t, switched(t, s, order).Commit())
		wantTree(t, home, newTree)
	}
}

func TestWriteStateFiles(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	must(t, s.WriteStateFiles(t.Context(), StateFiles{Ledger: []byte("{2}")}))
	wantTree(t, home, oldTree.with(tree{".codexform/ledger.json": "{2}"}))
	must(t, s.WriteStateFiles(t.Context(), StateFiles{Ledger: []byte("{3}"), History: []byte("{}")}))
	wantTree(t, home, oldTree.with(tree{".codexform/ledger.json": "{3}", ".codexform/history.jsonl": "{}\n{}\n"}))
	must(t, s.WriteStateFiles(t.Context(), StateFiles{Ledger: []byte{}}))
	wantTree(t, home, oldTree.with(tree{".codexform/ledger.json": "", ".codexform/history.jsonl": "{}\n{}\n"}))
	must(t, s.WriteStatus([]byte("{}"), false))
	wantTree(t, home, oldTree.with(tree{".codexform/ledger.json": "", ".codexform/history.jsonl": "{}\n{}\n", ".codexform/status.json": "{}"}))
}

func TestHistoryIsBounded(t *testing.T) {
	var all []byte
	line := make([]byte, 999)
	for range 2000 {
		all = extend(all, line)
	}
	if len(all) > maxHistory || len(all) < maxHistory-1000 || len(all)%1000 != 0 {
		t.Errorf("the history has %d bytes, want whole lines up to %d", len(all), maxHistory)
	}
}
