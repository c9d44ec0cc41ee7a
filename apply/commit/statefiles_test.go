package commit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Codex's lock files come late and stay: a Codex that waits for one must not lose it.
func TestCodexLocksStay(t *testing.T) {
	needUnlinkOfLocked(t)
	home := filepath.Join(t.TempDir(), "codex")
	names := func() (all []string) {
		entries, _ := os.ReadDir(home)
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	s := open(t, home)
	must(t, s.Lock(t.Context()))
	c := change(t, s, FirstInstall)
	if diff := cmp.Diff([]string{stateName}, names()); diff != "" {
		t.Errorf("before the switch (-want +got):\n%s", diff)
	}
	sw, err := s.Switch(t.Context(), c)
	must(t, err)
	must(t, sw.Undo(t.Context(), nil))
	must(t, s.Close())
	if diff := cmp.Diff([]string{"auth.json.lock", "auth.lock"}, names()); diff != "" {
		t.Errorf("after it was undone (-want +got):\n%s", diff)
	}
}

func TestStateIsIgnored(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	must(t, switched(t, s, SameOrigin).Commit())
	path := filepath.Join(home, stateName, gitIgnoreName)
	b, err := os.ReadFile(path)
	must(t, err)
	if string(b) != "*\n" {
		t.Errorf("%s is %q", path, b)
	}
	must(t, os.WriteFile(path, []byte("mine\n"), 0o600)) // it is theirs from now on
	must(t, s.WriteStateFiles(t.Context(), StateFiles{Ledger: []byte("{}"), History: []byte("{}")}))
	if b, _ = os.ReadFile(path); string(b) != "mine\n" {
		t.Errorf("%s was overwritten with %q", path, b)
	}
	must(t, os.Truncate(path, 0)) // as a power cut leaves it
	must(t, s.WriteStateFiles(t.Context(), StateFiles{Ledger: []byte("{}"), History: []byte("{}")}))
	if b, _ = os.ReadFile(path); string(b) != "*\n" {
		t.Errorf("%s is %q after it was empty", path, b)
	}
}

func TestTooLargeToBeReadAgain(t *testing.T) {
	huge := make([]byte, maxFile+1)
	for name, bad := range map[string]func(*Change){
		"config.toml": func(c *Change) { c.Config.Data = huge },
		"auth.json":   func(c *Change) { c.Auth.Data = huge },
		"ledger":      func(c *Change) { c.StateFiles.Ledger = huge },
		"history":     func(c *Change) { c.StateFiles.History = huge },
	} {
		home := oldHome(t)
		s, _ := locked(t, home)
		c := change(t, s, SameOrigin)
		bad(&c)
		_, err := s.Switch(t.Context(), c)
		if refused := wantError[*RefusedError](t, err); refused.Reason != ReasonTooLarge {
			t.Errorf("%s: refused as %s: %v", name, refused.Reason, err)
		}
		wantTree(t, home, oldTree)
	}
}

// A history that is no readable file is kept aside, and stops nothing.
func TestDamagedHistory(t *testing.T) {
	for name, damage := range map[string]func(string) error{
		"folder":    func(path string) error { return os.Mkdir(path, 0o700) },
		"too large": func(path string) error { return os.WriteFile(path, make([]byte, maxFile+1), 0o600) },
		"link":      func(path string) error { return os.Symlink("nowhere", path) },
	} {
		t.Run(name, func(t *testing.T) {
			if name == "link" {
				needLinks(t)
			}
			home := oldHome(t)
			path := filepath.Join(home, stateName, historyName)
			must(t, os.Remove(path))
			must(t, damage(path))
			s, _ := locked(t, home)
			sw := switched(t, s, SameOrigin)
			must(t, sw.Commit())
			b, err := os.ReadFile(path)
			must(t, err)
			if string(b) != "{\"n\":1}\n" {
				t.Errorf("the new history is %q", b)
			}
			if notes := sw.Notes(); len(notes) != 1 || !strings.Contains(notes[0], historyName+".damaged-") {
				t.Errorf("notes %q, want one that names the damaged history", notes)
			}
		})
	}
}
