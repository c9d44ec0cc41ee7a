package commit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Numbers of users: one that every Linux has, and one that none should.
const (
	withAccount    = 65534
	withoutAccount = 54321
)

// Root does not touch what belongs to another account, whichever way it is led there.
func TestRootOnAnotherHome(t *testing.T) {
	asRoot(t)
	if account(withAccount) == "" || account(withoutAccount) != "" {
		t.Fatalf("accounts: %q, %q", account(withAccount), account(withoutAccount))
	}
	for name, lead := range map[string]func(user, home string) error{
		"its home":   func(_, home string) error { return os.Chown(home, withAccount, withAccount) },
		"its folder": func(user, home string) error { return os.Chown(user, withAccount, withAccount) },
		"its missing home": func(user, home string) error {
			return first(os.RemoveAll(home), os.Chown(user, withAccount, withAccount))
		},
		"its link to root's": func(_, home string) error {
			return first(os.Rename(home, home+"-real"), os.Symlink(home+"-real", home), os.Lchown(home, withAccount, withAccount))
		},
		"a link to its home": func(_, home string) error {
			return first(os.Rename(home, home+"-real"), os.Symlink(home+"-real", home), os.Chown(home+"-real", withAccount, withAccount))
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := oldHome(t)
			must(t, lead(filepath.Dir(home), home))
			before := harvest(t, filepath.Dir(home))
			_, err := Open(Options{Home: home})
			wantReason(t, err, ReasonAccount)
			if err != nil && !strings.Contains(err.Error(), "sudo -u "+account(withAccount)) {
				t.Errorf("%v: does not say as whom to run it", err)
			}
			wantTree(t, filepath.Dir(home), before)
		})
	}
}

// An owner without an account is root's own business: the files are that owner's, and
// no link leads out of the home.
func TestRootOnANobodysHome(t *testing.T) {
	asRoot(t)
	home := oldHome(t)
	must(t, os.Chown(home, withoutAccount, 1))
	s, _ := locked(t, home)
	must(t, switched(t, s, SameOrigin).Commit())
	must(t, s.Close())
	wantTree(t, home, newTree)

	outside := t.TempDir()
	plant(t, outside, tree{"config.toml": oldConfig})
	must(t, os.Remove(filepath.Join(home, "config.toml")))
	must(t, os.Symlink(filepath.Join(outside, "config.toml"), filepath.Join(home, "config.toml")))
	s = open(t, home)
	_, err := s.Read()
	wantReason(t, err, ReasonLeavesHome)

	// A missing home in a folder of nobody's, and a link out of such a folder.
	user := filepath.Join(t.TempDir(), "user")
	must(t, first(os.Mkdir(user, 0o755), os.Chown(user, withoutAccount, 1)))
	s = open(t, filepath.Join(user, ".codex"))
	must(t, s.Lock(t.Context()))
	must(t, switched(t, s, FirstInstall).Commit())
	info, err := os.Stat(filepath.Join(user, ".codex"))
	must(t, err)
	if uid, _ := OwnerOf(info); uid != withoutAccount {
		t.Errorf("the new home belongs to %d", uid)
	}
	must(t, os.Symlink(outside, filepath.Join(user, "linked")))
	s, err = Open(Options{Home: filepath.Join(user, "linked")})
	if err == nil {
		_, err = s.Read()
	}
	wantReason(t, err, ReasonLeavesHome)
}
