package commit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stoppedAfter is a home in the middle of a switch, after that many of its steps.
func stoppedAfter(t *testing.T, order Order, steps int) (home string, tx *transaction) {
	t.Helper()
	home = oldHome(t)
	s, _ := locked(t, home)
	c := change(t, s, order)
	tx, err := s.begin(c)
	must(t, err)
	must(t, tx.stageAll(c.StateFiles))
	must(t, tx.advance(switching))
	for _, step := range tx.steps()[:steps] {
		must(t, step.run())
	}
	return home, tx
}

// killedAfter is a home whose run was killed after that many steps of its switch.
func killedAfter(t *testing.T, order Order, steps int) (home string, tx *transaction) {
	t.Helper()
	home, tx = stoppedAfter(t, order, steps)
	tx.s.kill()
	return home, tx
}

func TestRecover(t *testing.T) {
	type edits = tree
	for _, test := range []struct {
		name   string
		order  Order
		steps  int
		theirs edits
		want   InForce
		tree   tree
	}{
		{"nothing switched", SameOrigin, 0, nil, Old, oldTree},
		{"key switched", SameOrigin, 1, nil, Old, oldTree},
		{"both switched", SameOrigin, 2, nil, Old, oldTree},
		{"key away", NewOrigin, 1, nil, Old, oldTree},
		{"key away, config switched", NewOrigin, 2, nil, Old, oldTree},
		{"all three", NewOrigin, 3, nil, Old, oldTree},

		// Somebody wrote between the kill and the next run. What they saw stays.
		{"config edited before its turn", SameOrigin, 1, edits{"config.toml": oldConfig + edit}, Old, oldTree.with(tree{"config.toml": oldConfig + edit})},
		{"config edited after its turn", SameOrigin, 2, edits{"config.toml": newConfig + edit}, New, newTree.with(tree{"config.toml": newConfig + edit})},
		{"login after the key's turn", SameOrigin, 1, edits{"auth.json": login}, Old, oldTree.with(tree{"auth.json": login})},
		{"login after both", SameOrigin, 2, edits{"auth.json": login}, New, newTree.with(tree{"auth.json": login})},
		{"login while the key was away", NewOrigin, 1, edits{"auth.json": login}, Old, oldTree.with(tree{"auth.json": login})},
		{"login at the new host", NewOrigin, 2, edits{"auth.json": login}, New, newTree.with(tree{"auth.json": login})},
		{"config edited, the key still away", NewOrigin, 2, edits{"config.toml": newConfig + edit}, New, newTree.with(tree{"config.toml": newConfig + edit})},
		{"config edited after all", NewOrigin, 3, edits{"config.toml": newConfig + edit}, New, newTree.with(tree{"config.toml": newConfig + edit})},
		{"both edited", NewOrigin, 3, edits{"config.toml": newConfig + edit, "auth.json": login}, New, newTree.with(tree{"config.toml": newConfig + edit, "auth.json": login})},

		// A Codex that had read the old config.toml brings the old host back.
		{"the old host back, the key away", NewOrigin, 2, edits{"config.toml": oldConfig + edit}, Old, oldTree.with(tree{"config.toml": oldConfig + edit})},
		{"the old host back", NewOrigin, 3, edits{"config.toml": oldConfig + edit}, Old, oldTree.with(tree{"config.toml": oldConfig + edit})},
		{"the old host back, and a login", NewOrigin, 3, edits{"config.toml": oldConfig + edit, "auth.json": login}, Old, oldTree.with(tree{"config.toml": oldConfig + edit, "auth.json": login})},
		{"the old file back", NewOrigin, 3, edits{"config.toml": oldConfig}, Old, oldTree},
		{"a third host", NewOrigin, 3, edits{"config.toml": "https://third.example"}, Old, oldTree.with(tree{"config.toml": "https://third.example", "auth.json": ""})},
	} {
		t.Run(test.name, func(t *testing.T) {
			home, _ := killedAfter(t, test.order, test.steps)
			if !open(t, home).Interrupted() {
				t.Error("Interrupted does not see it")
			}
			for path, content := range test.theirs {
				must(t, os.WriteFile(filepath.Join(home, path), []byte(content), 0o600))
			}
			s, r := locked(t, home)
			if !r.Found || r.Result != test.want || len(r.Kept) > 0 {
				t.Errorf("recovered %+v, want %s", r, test.want)
			}
			if s.Interrupted() {
				t.Error("still interrupted after recovery")
			}
			wantTree(t, home, test.tree)
		})
	}
}

// Two edits met: one just before our switch, one after it and a kill. Both stay,
// whichever host the newer one leads to.
func TestRecoverKeepsBothEdits(t *testing.T) {
	const kept = "config.toml.edited-20260102T030405Z"
	for after, state := range map[string]tree{newConfig + edit: newTree, oldConfig + edit: oldTree} {
		home, tx := killedAfter(t, NewOrigin, 3)
		must(t, os.WriteFile(filepath.Join(home, tx.config().stage()), []byte("theirs before"), 0o600))
		must(t, os.WriteFile(filepath.Join(home, "config.toml"), []byte(after), 0o600))
		_, r := locked(t, home)
		wantTree(t, home, state.with(tree{"config.toml": after, kept: "theirs before"}))
		if len(r.Kept) != 1 || filepath.Base(r.Kept[0]) != kept {
			t.Errorf("kept %q, want %s", r.Kept, kept)
		}
	}
}

// The staged config.toml never reached the disk, and somebody logged in over our key:
// nothing of the new state is left to go forward with.
func TestRecoverLostStage(t *testing.T) {
	home, tx := killedAfter(t, SameOrigin, 1)
	must(t, os.Remove(filepath.Join(home, tx.config().stage())))
	must(t, os.WriteFile(filepath.Join(home, "auth.json"), []byte(login), 0o600))
	if _, r := locked(t, home); r.Result != Old {
		t.Errorf("recovered %+v, want old", r)
	}
	wantTree(t, home, oldTree.with(tree{"auth.json": login}))
}

// A home that was moved while a run waited is recovered where it is now.
func TestRecoverMovedHome(t *testing.T) {
	home, _ := killedAfter(t, NewOrigin, 2)
	moved := home + "-moved"
	must(t, os.Rename(home, moved))
	locked(t, moved)
	wantTree(t, moved, oldTree)
}

func TestRecoverRefusesRecords(t *testing.T) {
	id := strings.Repeat("0", 32)
	for text, reason := range map[string]Reason{
		"":                            ReasonDamaged,
		"\x00\x00":                    ReasonDamaged,
		"{}":                          ReasonDamaged,
		`{"format":9}`:                ReasonNewer,
		`{"format":1,"id":"../../x"}`: ReasonDamaged,
		`{"format":1,"id":"` + id + `","files":[{"name":"../config.toml"}]}`:               ReasonDamaged,
		`{"format":1,"id":"` + id + `","files":[{"name":"config.toml","keep":"a/b"}]}`:     ReasonDamaged,
		`{"format":1,"id":"` + id + `","files":[{"name":"config.toml","dir":"relative"}]}`: ReasonDamaged,
	} {
		home := oldHome(t)
		plant(t, home, tree{".codexform/intent": text})
		s := open(t, home)
		must(t, s.Lock(t.Context()))
		_, err := s.Recover(t.Context())
		if e := wantError[*RefusedError](t, err); e.Reason != reason {
			t.Errorf("record %q: %v, want %s", text, err, reason)
		}
		want := oldTree.with(nil)
		want[".codexform/intent"] = text
		wantTree(t, home, want)
	}
}

// A record holds nothing that a secret could be guessed from, and no two records
// say the same of one key.
func TestRecordHoldsNoSecret(t *testing.T) {
	var seen [2]string
	for i := range seen {
		home, tx := killedAfter(t, NewOrigin, 1)
		b, err := os.ReadFile(filepath.Join(home, ".codexform/intent"))
		must(t, err)
		if strings.Contains(string(b), "CANARY") {
			t.Errorf("the record holds the key: %s", b)
		}
		seen[i] = string(tx.auth().After)
	}
	if seen[0] == seen[1] {
		t.Error("two records have the same mark for one key")
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("no space left on device")
	for want, err := range map[string]error{
		"no space left on device": &StateError{Old, cause},
		"the new state is in force, but tidying up stopped: no space left on device":   &StateError{New, cause},
		"stopped half way, the next run puts it right: no space left on device":        &StateError{HalfWay, cause},
		"/h/config.toml was changed by someone else in the meantime; their edit stays": &ConflictError{"/h/config.toml"},
		"/h/lock is held by another codexform":                                         &LockedError{Path: "/h/lock"},
		"/h/auth.lock is held by a running Codex":                                      &LockedError{Path: "/h/auth.lock", Codex: true},
		"/h/auth.json is not a regular file: move it away":                             &RefusedError{Path: "/h/auth.json", Detail: "is not a regular file", Fix: "move it away"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// Without an exchange a step is several calls; a kill may fall between them.
func TestRecoverWeakly(t *testing.T) {
	if !withoutExchange(t) {
		return
	}
	for _, order := range []Order{SameOrigin, NewOrigin} {
		for steps := range 4 {
			if order == SameOrigin && steps == 3 {
				continue
			}
			home, _ := killedAfter(t, order, steps)
			if _, r := locked(t, home); r.Result != Old {
				t.Errorf("%s, %d steps: recovered %+v, want old", order, steps, r)
			}
			wantTree(t, home, oldTree)
		}
	}
	for name, cut := range map[string]func(home string, tx *transaction) error{
		"linked aside": func(home string, tx *transaction) error {
			p := tx.config()
			return os.Link(filepath.Join(home, p.Name), filepath.Join(home, p.aside()))
		},
		"no links: taken away": func(home string, tx *transaction) error {
			p := tx.config()
			return os.Rename(filepath.Join(home, p.Name), filepath.Join(home, p.aside()))
		},
		"no links: placed": func(home string, tx *transaction) error {
			p := tx.config()
			return errors.Join(os.Rename(filepath.Join(home, p.Name), filepath.Join(home, p.aside())),
				os.Rename(filepath.Join(home, p.stage()), filepath.Join(home, p.Name)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			home, tx := killedAfter(t, SameOrigin, 1)
			must(t, cut(home, tx))
			locked(t, home)
			wantTree(t, home, oldTree)
		})
	}
	if underWine { // which says of two names of one file that the move is done; Windows makes no moves by link
		return
	}
	// a move by link, cut after the link: both names are one file
	home, tx := killedAfter(t, NewOrigin, 2)
	p := tx.auth()
	must(t, os.Link(filepath.Join(home, p.stage()), filepath.Join(home, p.Name)))
	locked(t, home)
	wantTree(t, home, oldTree)
}

// A run that was killed before its intent was in place leaves files of no use.
func TestRecoverSweeps(t *testing.T) {
	home := oldHome(t)
	id := strings.Repeat("0123", 8)
	plant(t, home, tree{".codexform/ledger." + id: "{", ".codexform/history." + id: "", ".codexform/ledger.mine": "not ours"})
	s, r := locked(t, home)
	if !r.Found || s.Interrupted() {
		t.Errorf("recovered %+v, want something found and nothing left", r)
	}
	wantTree(t, home, oldTree.with(tree{".codexform/ledger.mine": "not ours"}))
}

// A home in which others may write by now is not recovered into.
func TestRecoverIsRefusedToo(t *testing.T) {
	needModes(t)
	home, _ := killedAfter(t, NewOrigin, 1)
	must(t, os.Chmod(home, 0o777))
	s := open(t, home)
	if e := wantError[*RefusedError](t, s.Lock(t.Context())); e.Reason != ReasonWritable {
		t.Errorf("got %v", e)
	}
}

// A move by link that was cut in two is completed, where moves are made in one step too.
func TestMoveCompletes(t *testing.T) {
	if underWine {
		t.Skip("Wine says of two names of one file that the move is done")
	}
	f, err := openFolder(t.TempDir())
	must(t, err)
	must(t, os.WriteFile(filepath.Join(f.path, "a"), []byte("x"), 0o600))
	must(t, os.Link(filepath.Join(f.path, "a"), filepath.Join(f.path, "b")))
	must(t, f.move("a", "b"))
	if f.has("a") || !f.has("b") {
		t.Errorf("a: %v, b: %v, want b alone", f.has("a"), f.has("b"))
	}
}
