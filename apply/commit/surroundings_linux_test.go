package commit

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// asRoot skips what only root can set up.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		unproved(t, "only root can set this up")
	}
}

// unproved skips a test that cannot be set up here. CI has all that it takes, so there
// it fails.
func unproved(t *testing.T, why ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why...)
	}
	t.Skip(append([]any{"SKIPPED, NOTHING IS PROVED: "}, why...)...)
}

// unchanged switches to the new state, wants that to fail, and the old state to be
// in force with nothing beside it.
func unchanged(t *testing.T, home string, order Order) error {
	t.Helper()
	s, _ := locked(t, home)
	_, err := s.Switch(t.Context(), change(t, s, order))
	if err == nil {
		t.Error("the switch succeeded")
	}
	if errors.As(err, new(*StateError)) {
		t.Errorf("not simply as before: %v", err)
	}
	wantTree(t, home, oldTree)
	return err
}

// What config.toml carries beside its content stays; auth.json takes nothing over
// that could open it to others.
func TestAttributesAreKept(t *testing.T) {
	home := oldHome(t)
	names := []string{"config.toml", "auth.json"}
	for _, name := range names {
		path := filepath.Join(home, name)
		if err := unix.Setxattr(path, "user.note", []byte("mine"), 0); err != nil {
			unproved(t, "no attributes on this file system: ", err)
		}
		if err := unix.Setxattr(path, "system.posix_acl_access", accessList, 0); err != nil {
			unproved(t, "no access lists on this file system: ", err)
		}
	}
	s, _ := locked(t, home)
	must(t, switched(t, s, SameOrigin).Commit())
	for i, name := range names {
		for attr, want := range map[string]string{"user.note": "mine", "system.posix_acl_access": string(accessList)} {
			got := make([]byte, 100)
			n, err := unix.Getxattr(filepath.Join(home, name), attr, got)
			if kept := err == nil && string(got[:n]) == want; kept != (i == 0) {
				t.Errorf("%s of %s is %q, %v", attr, name, got[:max(n, 0)], err)
			}
		}
	}
}

// accessList lets user 1234 read: owner rw, user 1234 r, group -, mask r, others -.
var accessList = []byte{
	2, 0, 0, 0,
	1, 0, 6, 0, 255, 255, 255, 255,
	2, 0, 4, 0, 0xd2, 4, 0, 0,
	4, 0, 0, 0, 255, 255, 255, 255,
	16, 0, 4, 0, 255, 255, 255, 255,
	32, 0, 0, 0, 255, 255, 255, 255,
}

func TestOwnerIsKept(t *testing.T) {
	asRoot(t)
	home := oldHome(t)
	must(t, os.Chown(home, 1234, 2345))
	must(t, os.Chown(filepath.Join(home, "config.toml"), 1235, 2346))
	must(t, os.Remove(filepath.Join(home, "auth.json")))
	must(t, os.RemoveAll(filepath.Join(home, ".codexform")))
	s, _ := locked(t, home)
	must(t, switched(t, s, FirstInstall).Commit())
	for path, want := range map[string][2]uint32{
		"config.toml": {1235, 2346}, "auth.json": {1234, 2345},
		".codexform": {1234, 2345}, ".codexform/lock": {1234, 2345}, ".codexform/ledger.json": {1234, 2345},
		"auth.lock": {1234, 2345}, "auth.json.lock": {1234, 2345},
	} {
		info, err := os.Lstat(filepath.Join(home, path))
		must(t, err)
		if st := info.Sys().(*syscall.Stat_t); [2]uint32{st.Uid, st.Gid} != want {
			t.Errorf("%s belongs to %d:%d, want %v", path, st.Uid, st.Gid, want)
		}
	}
}

// A user does not write into what belongs to another one.
func TestOtherOwner(t *testing.T) {
	if home := os.Getenv("COMMIT_TEST_HOME"); home != "" {
		config, auth, err := refusals(t, Options{Home: home})
		must(t, err)
		wantReason(t, config, ReasonOwner)
		wantReason(t, auth, ReasonOwner)
		return
	}
	asRoot(t)
	home := oldHome(t)
	binary := filepath.Join(filepath.Dir(home), "test")
	must(t, exec.Command("cp", os.Args[0], binary).Run())
	must(t, exec.Command("chmod", "-R", "a+rX", filepath.Dir(filepath.Dir(home))).Run())
	child := exec.Command(binary, "-test.run=^TestOtherOwner$")
	child.Env = append(os.Environ(), "COMMIT_TEST_HOME="+home)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1234, Gid: 1234}}
	if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
		t.Errorf("as another user: %v\n%s", err, out)
	}
}

func TestBindMount(t *testing.T) {
	asRoot(t)
	home := oldHome(t)
	config := filepath.Join(home, "config.toml")
	if err := unix.Mount(config, config, "", unix.MS_BIND, ""); err != nil {
		unproved(t, "no bind mounts here: ", err)
	}
	defer unix.Unmount(config, 0)
	s, _ := locked(t, home)
	_, err := s.Switch(t.Context(), change(t, s, NewOrigin))
	wantReason(t, err, ReasonBindMount)
	wantTree(t, home, oldTree)
}

func TestImmutable(t *testing.T) {
	asRoot(t)
	if _, err := exec.LookPath("chattr"); err != nil && os.Getenv("CI") == "true" {
		t.Fatal("install e2fsprogs: ", err)
	}
	for _, name := range []string{"config.toml", "auth.json"} {
		for _, order := range []Order{SameOrigin, NewOrigin} {
			home := oldHome(t)
			path := filepath.Join(home, name)
			if err := exec.Command("chattr", "+i", path).Run(); err != nil {
				unproved(t, "no immutable files here: ", err)
			}
			err := unchanged(t, home, order)
			must(t, exec.Command("chattr", "-i", path).Run())
			if !errors.Is(err, syscall.EPERM) {
				t.Errorf("%s: %v, want EPERM", name, err)
			}
		}
	}
}

// small is a home on a file system of its own.
func small(t *testing.T, options string) string {
	t.Helper()
	asRoot(t)
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, options); err != nil {
		unproved(t, "no tmpfs here: ", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	home := filepath.Join(dir, "codex")
	plant(t, home, oldTree)
	return home
}

func TestDiskIsFull(t *testing.T) {
	home := small(t, "size=64k")
	f, err := os.Create(filepath.Join(filepath.Dir(home), "ballast"))
	must(t, err)
	for err == nil {
		_, err = f.Write(make([]byte, 512))
	}
	f.Close()
	if err := unchanged(t, home, NewOrigin); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want ENOSPC", err)
	}
}

func TestNoInodesLeft(t *testing.T) {
	home := small(t, "nr_inodes=14")
	for i := 0; ; i++ {
		if f, err := os.Create(filepath.Join(filepath.Dir(home), strings.Repeat("x", i+1))); err != nil {
			break
		} else {
			f.Close()
		}
	}
	s := open(t, home)
	if err := s.Lock(t.Context()); err == nil {
		_, err = s.Switch(t.Context(), change(t, s, NewOrigin))
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("got %v, want ENOSPC", err)
		}
	}
	wantTree(t, home, oldTree)
}

func TestReadOnly(t *testing.T) {
	home := small(t, "")
	must(t, unix.Mount("none", filepath.Dir(home), "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	s := open(t, home)
	if err := s.Lock(t.Context()); !errors.Is(err, syscall.EROFS) {
		t.Errorf("got %v, want EROFS", err)
	}
	wantTree(t, home, oldTree)
}
