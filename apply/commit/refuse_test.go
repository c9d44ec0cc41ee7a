//go:build unix

package commit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// read is what a fresh session says of a home: an error, or why a file must not be
// written.
func refusals(t *testing.T, o Options) (config, auth, err error) {
	t.Helper()
	s, err := Open(o)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	st, err := s.Read()
	return st.Config.Refusal, st.Auth.Refusal, err
}

func wantReason(t *testing.T, err error, want Reason) {
	t.Helper()
	var got Reason
	var refused *RefusedError
	if errors.As(err, &refused) {
		got = refused.Reason
		if refused.Fix == "" || refused.Path == "" || refused.Detail == "" {
			t.Errorf("%#v does not say where, what and what to do", refused)
		}
	}
	if got != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Some things cannot even be read as a file; nothing may hang on them.
func TestUnreadable(t *testing.T) {
	for name, test := range map[string]struct {
		make func(path string) error
		want Reason
	}{
		"fifo":      {func(p string) error { return syscall.Mkfifo(p, 0o600) }, ReasonNotRegular},
		"folder":    {func(p string) error { return os.Mkdir(p, 0o700) }, ReasonNotRegular},
		"device":    {func(p string) error { return os.Symlink("/dev/zero", p) }, ReasonNotRegular},
		"socket":    {func(p string) error { return socket(p) }, ReasonNotRegular},
		"loop":      {func(p string) error { return os.Symlink(p, p) }, ReasonLoop},
		"loop of 2": {func(p string) error { return errors.Join(os.Symlink(p+"2", p), os.Symlink(p, p+"2")) }, ReasonLoop},
		"41 links":  {func(p string) error { return chain(p, 41) }, ReasonLoop},
		"8 TB":      {func(p string) error { return sparse(p, 8<<40) }, ReasonTooLarge},
		"to folder": {func(p string) error { return os.Symlink("..", p) }, ReasonNotRegular},
		"nowhere":   {func(p string) error { return os.Symlink("missing/config.toml", p) }, ReasonNoFolder},
	} {
		for _, file := range []string{"config.toml", "auth.json"} {
			t.Run(name+" "+file, func(t *testing.T) {
				home := t.TempDir()
				must(t, test.make(filepath.Join(home, file)))
				start := time.Now()
				_, _, err := refusals(t, Options{Home: home})
				wantReason(t, err, test.want)
				if time.Since(start) > 5*time.Second {
					t.Error("it hung")
				}
			})
		}
	}
}

// socket makes one by its bare name: a path to one has to be short, and temporary folders
// of macOS are not.
func socket(path string) error {
	back, err := os.Getwd()
	if err != nil {
		return err
	}
	defer os.Chdir(back)
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		return err
	}
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	return syscall.Bind(fd, &syscall.SockaddrUnix{Name: filepath.Base(path)})
}

// systemHops is how many links in a row the system itself follows.
func systemHops() int {
	if runtime.GOOS == "darwin" {
		return 32
	}
	return maxHops
}

// chain makes path the first of n links, the last of which leads to a file.
func chain(path string, n int) error {
	next := path
	for i := range n {
		name := next
		next = fmt.Sprintf("%s.%d", path, i)
		if err := os.Symlink(filepath.Base(next), name); err != nil {
			return err
		}
	}
	return os.WriteFile(next, []byte(oldConfig), 0o600)
}

func sparse(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

func TestHomeIsNoFolder(t *testing.T) {
	home := filepath.Join(t.TempDir(), "codex")
	plant(t, filepath.Dir(home), tree{"codex": "a file"})
	_, _, err := refusals(t, Options{Home: home})
	wantReason(t, err, ReasonNotRegular)
	_, err = Open(Options{Home: "relative"})
	if err == nil {
		t.Error("a relative home was taken")
	}
}

func TestStateFolderIsALink(t *testing.T) {
	home := t.TempDir()
	must(t, os.Symlink(t.TempDir(), filepath.Join(home, ".codexform")))
	_, err := Open(Options{Home: home})
	wantReason(t, err, ReasonNotRegular)
}

// Files that can be read but must not be written.
func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		spoil        func(home string) error
		config, auth Reason
	}{
		"nothing":                 {func(string) error { return nil }, "", ""},
		"hard-linked config":      {func(h string) error { return os.Link(h+"/config.toml", h+"/second") }, ReasonHardLink, ""},
		"hard-linked auth":        {func(h string) error { return os.Link(h+"/auth.json", h+"/second") }, "", ""},
		"config others may write": {func(h string) error { return os.Chmod(h+"/config.toml", 0o666) }, ReasonWritable, ""},
		"auth others may write":   {func(h string) error { return os.Chmod(h+"/auth.json", 0o666) }, "", ""},
		"folder others may write": {func(h string) error { return os.Chmod(h, 0o777) }, ReasonWritable, ReasonWritable},
		"private group":           {func(h string) error { return errors.Join(chownToMe(h), os.Chmod(h, 0o770)) }, "", ""},
		"git work tree":           {func(h string) error { return os.Mkdir(h+"/.git", 0o700) }, "", ReasonGit},
		"git work tree above":     {func(h string) error { return os.WriteFile(filepath.Dir(h)+"/.git", nil, 0o600) }, "", ReasonGit},
	} {
		t.Run(name, func(t *testing.T) {
			home := oldHome(t)
			must(t, test.spoil(home))
			before := harvest(t, home)
			s := open(t, home)
			c := change(t, s, SameOrigin)
			for _, one := range []struct {
				change Change
				want   Reason
			}{{Change{Before: c.Before, Config: c.Config}, test.config}, {Change{Before: c.Before, Auth: c.Auth}, test.auth}} {
				_, err := s.begin(one.change)
				wantReason(t, err, one.want)
			}
			wantTree(t, home, before)
		})
	}
}

// chownToMe gives a file the group that has the number of its owner.
func chownToMe(path string) error { return os.Chown(path, -1, os.Geteuid()) }

func TestLockRefusesAHomeOfOthers(t *testing.T) {
	home := oldHome(t)
	must(t, os.Chmod(home, 0o777))
	wantReason(t, open(t, home).Lock(t.Context()), ReasonWritable)
	wantTree(t, home, oldTree)
}

func TestGitWorkTreeIsForKeys(t *testing.T) {
	home := oldHome(t)
	must(t, os.Mkdir(filepath.Join(home, ".git"), 0o700))
	s := open(t, home)
	c := change(t, s, SameOrigin)
	c.Auth = &File{Remove: true}
	if _, err := s.begin(c); err != nil {
		t.Errorf("removing a key from a work tree: %v", err)
	}
	c.Auth = &File{Data: []byte(newAuth)}
	s.options.AllowGitWorkTree = true
	if _, err := s.begin(c); err != nil {
		t.Errorf("a key in a work tree, allowed: %v", err)
	}
}

func TestNixStore(t *testing.T) {
	info, err := os.Stat(t.TempDir())
	must(t, err)
	wantReason(t, refuseConfig("/nix/store/0abc-config.toml/config.toml", info), ReasonNixStore)
	wantReason(t, refuseAuth("/nix/store/0abc-auth.json", info), ReasonNixStore)
}

func TestConfine(t *testing.T) {
	user, outside := t.TempDir(), t.TempDir()
	home := filepath.Join(user, ".codex")
	plant(t, home, tree{"auth.json": oldAuth})
	plant(t, outside, tree{"config.toml": oldConfig})
	must(t, os.Symlink(filepath.Join(outside, "config.toml"), filepath.Join(home, "config.toml")))

	o := Options{Home: home, UserHome: user}
	config, auth, err := refusals(t, o)
	must(t, errors.Join(config, auth, err))

	o.Confine = true
	_, _, err = refusals(t, o) // it is not so much as read
	wantReason(t, err, ReasonLeavesHome)

	o.Home = filepath.Join(user, "elsewhere")
	must(t, os.Symlink(outside, o.Home))
	s, err := Open(o)
	must(t, err)
	defer s.Close()
	wantReason(t, s.Lock(t.Context()), ReasonLeavesHome)
	wantTree(t, outside, tree{"config.toml": oldConfig})
}

// Symlinks are followed as Codex does; the link stays and its end is replaced.
func TestLinks(t *testing.T) {
	for name, links := range map[string]tree{
		"absolute":        {"codex/config.toml": "-> DIR/dotfiles/config.toml"},
		"relative":        {"codex/config.toml": "-> ../dotfiles/config.toml"},
		"chain":           {"codex/config.toml": "-> ../one", "one": "-> DIR/two", "two": "-> dotfiles/config.toml"},
		"through folders": {"codex/config.toml": "-> ../link/../dotfiles/config.toml", "link": "-> a/b", "a/b/x": "", "a/dotfiles/x": "", "a/dotfiles/config.toml": oldConfig},
		"both":            {"codex/config.toml": "-> ../dotfiles/config.toml", "codex/auth.json": "-> ../dotfiles/auth.json"},
		"dangling":        {"codex/config.toml": "-> ../dotfiles/new.toml"},
		"many links":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir()) // which are behind a link on macOS
			must(t, err)
			plant(t, dir, tree{"dotfiles/config.toml": oldConfig, "dotfiles/auth.json": oldAuth, "codex/x": ""})
			for path, to := range links {
				plant(t, dir, tree{path: strings.ReplaceAll(to, "DIR", dir)})
			}
			if links == nil {
				must(t, chain(filepath.Join(dir, "codex/config.toml"), systemHops()))
			}
			before := harvest(t, dir)
			s, _ := locked(t, filepath.Join(dir, "codex"))
			must(t, switched(t, s, NewOrigin).Undo(t.Context(), nil))
			s.Close()
			wantTree(t, dir, before)

			s, _ = locked(t, filepath.Join(dir, "codex"))
			must(t, switched(t, s, NewOrigin).Commit())
			for path, content := range harvest(t, dir) {
				if strings.HasPrefix(before[path], "-> ") && content != before[path] {
					t.Errorf("the link %s is gone", path)
				}
			}
			b, err := os.ReadFile(filepath.Join(dir, "codex/config.toml"))
			must(t, err)
			if string(b) != newConfig {
				t.Errorf("behind the link is %q", b)
			}
		})
	}
}

func TestLinkedHome(t *testing.T) {
	home := oldHome(t)
	link := filepath.Join(t.TempDir(), "link")
	must(t, os.Symlink(home+"/", link))
	s, _ := locked(t, link)
	must(t, switched(t, s, NewOrigin).Commit())
	wantTree(t, home, newTree)

	// the link is led elsewhere while we look
	elsewhere := oldHome(t)
	must(t, errors.Join(os.Remove(link), os.Symlink(elsewhere, link)))
	_, err := s.Read()
	wantError[*ConflictError](t, err)
}

func TestDanglingHome(t *testing.T) {
	dir := t.TempDir()
	home, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	must(t, os.Symlink("real", link))
	s, _ := locked(t, link)
	must(t, switched(t, s, FirstInstall).Commit())
	if _, err := os.Stat(filepath.Join(home, "auth.json")); err != nil {
		t.Error(err)
	}
}

// The folder is swapped for another one after we have seen it.
func TestFolderIsReplaced(t *testing.T) {
	home := oldHome(t)
	s, _ := locked(t, home)
	must(t, os.Rename(home, home+"-aside"))
	plant(t, home, tree{"config.toml": "another"})
	_, err := s.Read()
	wantError[*ConflictError](t, err)
	wantTree(t, home, tree{"config.toml": "another"})
}

func TestHardLinkedAuthIsParted(t *testing.T) {
	home := oldHome(t)
	must(t, os.Link(filepath.Join(home, "auth.json"), filepath.Join(home, "backup")))
	s, _ := locked(t, home)
	sw := switched(t, s, SameOrigin)
	must(t, sw.Commit())
	wantTree(t, home, newTree.with(tree{"backup": oldAuth}))
	if notes := sw.Notes(); len(notes) != 1 || !strings.Contains(notes[0], "hard link") {
		t.Errorf("notes: %q, want one about the hard link", notes)
	}
}

// From its first byte on, no file with a key is for others, whatever the umask.
func TestModesFromBirth(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o777} {
		t.Run(fmt.Sprintf("%03o", umask), func(t *testing.T) {
			dir := t.TempDir()
			home := filepath.Join(dir, "codex")
			old := syscall.Umask(umask)
			defer syscall.Umask(old)
			s, _ := locked(t, home)
			sw := switched(t, s, FirstInstall)
			must(t, sw.Commit())
			must(t, filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := d.Info()
				want := fs.FileMode(0o600)
				if d.IsDir() {
					want = 0o700
				}
				if err == nil && info.Mode().Perm() != want {
					t.Errorf("%s has mode %04o, want %04o", path, info.Mode().Perm(), want)
				}
				return err
			}))
		})
	}
}
