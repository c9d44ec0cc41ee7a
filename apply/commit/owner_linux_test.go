package commit

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
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

// A home of nobody's that is a link to a folder of root's, and one behind such a link, is
// neither read nor written, for no command: a status is a file too.
func TestRootFollowsNobodysLinksNowhere(t *testing.T) {
	asRoot(t)
	trap := t.TempDir()
	plant(t, trap, tree{"config.toml": oldConfig, ".codex/config.toml": oldConfig})
	user := filepath.Join(t.TempDir(), "user")
	must(t, first(os.Mkdir(user, 0o755), os.Chown(user, withoutAccount, 1)))
	for name, home := range map[string]string{"codex": "codex", "between": "between/.codex"} {
		link := filepath.Join(user, name)
		must(t, first(os.Symlink(trap, link), os.Lchown(link, withoutAccount, 1)))
		_, err := Open(Options{Home: filepath.Join(user, home)})
		wantReason(t, err, ReasonLeavesHome)
	}
	mine := filepath.Join(t.TempDir(), "link") // root's own link into nobody's folder is root's word
	plant(t, user, tree{"real/config.toml": oldConfig})
	must(t, first(os.Chown(filepath.Join(user, "real"), withoutAccount, 1), os.Symlink(filepath.Join(user, "real"), mine)))
	s, _ := locked(t, mine)
	must(t, s.Close())
}

// Whatever of the way to a home of nobody's is exchanged with a link at any moment, root
// works in the folder of that owner, or nowhere.
func TestRootIsNotLedAway(t *testing.T) {
	asRoot(t)
	for _, swapped := range []string{"", "..", "sub"} {
		trap := t.TempDir()
		plant(t, trap, tree{"config.toml": "# root's\n", ".codex/config.toml": "# root's\n", ".codex/sub/config.toml": "# root's\n"})
		user := filepath.Join(t.TempDir(), "user")
		home := filepath.Join(user, "x", ".codex")
		plant(t, home, tree{"sub/config.toml": oldConfig, "config.toml": "-> sub/config.toml"})
		evil, leads := filepath.Join(user, "evil"), map[string]string{"": filepath.Join(trap, ".codex"), "..": trap, "sub": trap}[swapped]
		must(t, os.Symlink(leads, evil))
		must(t, filepath.WalkDir(user, func(path string, _ fs.DirEntry, err error) error {
			return first(err, os.Lchown(path, withoutAccount, 1))
		}))
		at := filepath.Join(home, swapped)
		swap := func() error { return unix.Renameat2(unix.AT_FDCWD, at, unix.AT_FDCWD, evil, unix.RENAME_EXCHANGE) }
		must(t, first(swap(), swap()))
		ended, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-ended:
					return
				default:
					_ = swap()
				}
			}
		}()
		before, met := harvest(t, trap), 0
		for start := time.Now(); time.Since(start) < time.Second; {
			s, err := Open(Options{Home: home})
			if err != nil {
				continue
			}
			if st, err := s.Read(); err == nil && st.Config.Exists {
				met++
				if strings.Contains(string(st.Config.Data), "root's") {
					t.Errorf("%q swapped: root read its own file", swapped)
				}
			}
			_ = s.WriteStatus([]byte("{}\n"), true)
			s.Close()
		}
		close(ended)
		<-stopped
		wantTree(t, trap, before)
		if _, err := os.Lstat(filepath.Join(leads, stateName)); err == nil || met == 0 {
			t.Errorf("%q swapped: a state folder of root's: %v; the home was met %d times", swapped, err == nil, met)
		}
	}
}
