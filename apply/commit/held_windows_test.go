package commit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// hold opens a file as other programs do, and keeps it until the function is called.
func hold(t *testing.T, path string, access, share uint32) func() {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	must(t, err)
	h, err := windows.CreateFile(name, access, share, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	must(t, err)
	closed := false
	release := func() {
		if !closed {
			closed = true
			windows.CloseHandle(h)
		}
	}
	t.Cleanup(release)
	return release
}

const shareForWriting = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE // what most programs give

func pinned(t *testing.T, dir string) *folder {
	t.Helper()
	f, err := openFolder(dir)
	must(t, err)
	t.Cleanup(f.close)
	return f
}

func TestMoveExclusive(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, tree{"a": "A", "b": "B"})
	f := pinned(t, dir)
	if err := f.move("a", "b"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto a name that is taken: %v", err)
	}
	if err := f.move("c", "d"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a name that is not there: %v", err)
	}
	must(t, f.move("a", "c"))
	wantTree(t, dir, tree{"c": "A", "b": "B"})
}

func TestCompareAndMove(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, tree{"a": "A"})
	f := pinned(t, dir)
	is := func(text string) func([]byte) bool { return func(data []byte) bool { return string(data) == text } }
	if err := f.moveIf("a", "b", is("X")); !errors.Is(err, errChanged) {
		t.Errorf("changed meanwhile: %v", err)
	}
	wantTree(t, dir, tree{"a": "A"})
	must(t, f.moveIf("a", "b", func(data []byte) bool {
		if file, err := os.OpenFile(filepath.Join(dir, "a"), os.O_WRONLY, 0); err == nil {
			file.Close()
			t.Error("somebody could write between the look and the move")
		}
		if os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "z")) == nil {
			t.Error("somebody could move the file away between the look and the move")
		}
		return string(data) == "A"
	}))
	wantTree(t, dir, tree{"b": "A"})
}

// A scanner that holds a file for a moment stops nothing.
func TestPatience(t *testing.T) {
	for _, name := range []string{"auth.json", "config.toml"} {
		home := oldHome(t)
		s, _ := locked(t, home)
		release := hold(t, filepath.Join(home, name), windows.GENERIC_READ, shareForWriting)
		time.AfterFunc(300*time.Millisecond, release)
		must(t, switched(t, s, SameOrigin).Commit())
		wantTree(t, home, newTree)
	}
}

// One who does not let go is met before anything has changed: no half-way, no strays.
func TestHeldForGood(t *testing.T) {
	for _, name := range []string{"auth.json", "config.toml"} {
		for _, order := range []Order{SameOrigin, NewOrigin} {
			home := oldHome(t)
			s, _ := locked(t, home)
			c := change(t, s, order)
			release := hold(t, filepath.Join(home, name), windows.GENERIC_READ, shareForWriting)
			_, err := s.Switch(t.Context(), c)
			var state *StateError
			if err == nil || errors.As(err, &state) {
				t.Errorf("%s, %s: got %v, want an error with everything as before", name, order, err)
			}
			release()
			wantTree(t, home, oldTree)
		}
	}
}

// Somebody who reads it for himself alone makes us wait, not fail.
func TestHeldForReading(t *testing.T) {
	home := oldHome(t)
	release := hold(t, filepath.Join(home, "config.toml"), windows.GENERIC_READ, 0)
	time.AfterFunc(300*time.Millisecond, release)
	s := open(t, home)
	st, err := s.Read()
	must(t, err)
	if !st.Config.Exists {
		t.Error("a config.toml that was in use counts as missing")
	}
}

func TestMarkedReadOnly(t *testing.T) {
	for _, name := range []string{"auth.json", "config.toml"} {
		home := oldHome(t)
		path := filepath.Join(home, name)
		must(t, os.Chmod(path, 0o400))
		s := open(t, home)
		st, err := s.Read()
		must(t, err)
		refusal := st.Config.Refusal
		if name == "auth.json" {
			refusal = st.Auth.Refusal
		}
		var refused *RefusedError
		if !errors.As(refusal, &refused) || refused.Reason != ReasonReadOnly || !strings.HasPrefix(refused.Fix, "attrib -r ") {
			t.Errorf("%s: %v, want a refusal with its fix", name, refusal)
		}
		must(t, os.Chmod(path, 0o600))
	}
}

func TestHardLinkedConfig(t *testing.T) {
	home := oldHome(t)
	must(t, os.Link(filepath.Join(home, "config.toml"), filepath.Join(home, "second")))
	st, err := open(t, home).Read()
	must(t, err)
	var refused *RefusedError
	if !errors.As(st.Config.Refusal, &refused) || refused.Reason != ReasonHardLink || st.Config.Links != 2 {
		t.Errorf("%d links: %v", st.Config.Links, st.Config.Refusal)
	}
}

func init() {
	underWine = windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// A new file belongs to the owner of its folder, and is for that owner and the system;
// a config.toml keeps the list that it had.
func TestAccessLists(t *testing.T) {
	if underWine {
		t.Skip("Wine keeps no access lists")
	}
	home := oldHome(t)
	list := func(name string) string {
		sd, err := windows.GetNamedSecurityInfo(filepath.Join(home, name), windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
		must(t, err)
		return sd.String()
	}
	before := list("config.toml")
	s, _ := locked(t, home)
	must(t, switched(t, s, SameOrigin).Commit())
	if after := list("config.toml"); after != before {
		t.Errorf("config.toml: %s became %s", before, after)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	must(t, err)
	got := list("auth.json")
	if !strings.HasPrefix(got, "D:P") || strings.Count(got, "(A;") > 3 || strings.Contains(got, ";WD)") || strings.Contains(got, ";BU)") {
		t.Errorf("auth.json of %s: %s", user.User.Sid, got)
	}
}
