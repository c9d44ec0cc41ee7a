package roottest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// owned are the machine's folders in which the tests make something, if only a folder to
// mount another on: that would stay, empty, on the machine.
var owned = []string{"/etc", "/srv", "/var/lib"}

// keepOut lays a layer over each of them that takes what is made there, and is gone with
// this process. On a machine that has no such layers the test plays all the same.
func keepOut(t *testing.T) {
	t.Helper()
	base := t.TempDir()
	if err := syscall.Mount("none", base, "tmpfs", 0, "mode=755"); err != nil {
		t.Logf("what is made in %v stays there: %v", owned, err)
		return
	}
	t.Cleanup(func() {
		for _, dir := range owned {
			_ = syscall.Unmount(dir, syscall.MNT_DETACH)
		}
	})
	// The layers hold it from now on; a mount left below the system's temporary folder is
	// in the way of who gives that another.
	defer syscall.Unmount(base, syscall.MNT_DETACH)
	for i, dir := range owned {
		if err := layOver(dir, filepath.Join(base, fmt.Sprint(i))); err != nil {
			t.Logf("what is made in %s stays there: %v", dir, err)
		}
	}
}

// layOver lays a layer over a folder, and mounts in it again what was mounted there before,
// as a container's engine does with /etc/hosts.
func layOver(dir, base string) error {
	mounts, err := mountedIn(dir)
	added, work := filepath.Join(base, "new"), filepath.Join(base, "work")
	if err := errors.Join(err, os.MkdirAll(added, 0o755), os.MkdirAll(work, 0o755)); err != nil {
		return err
	}
	kept := map[string]string{}
	for i, at := range mounts {
		kept[at] = filepath.Join(base, fmt.Sprint(i))
		if err := bind(at, kept[at]); err != nil {
			return err
		}
	}
	if err := syscall.Mount("none", dir, "overlay", 0, "lowerdir="+dir+",upperdir="+added+",workdir="+work); err != nil {
		return err
	}
	for _, at := range mounts {
		if err := syscall.Mount(kept[at], at, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
			return err
		}
	}
	return nil
}

// bind gives a file or a folder another name.
func bind(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.Mkdir(to, 0o755)
	} else {
		err = os.WriteFile(to, nil, 0o644)
	}
	return errors.Join(err, syscall.Mount(from, to, "", syscall.MS_BIND|syscall.MS_REC, ""))
}

// mountedIn are the mounts in a folder, the outer ones first.
func mountedIn(dir string) (mounts []string, err error) {
	table, err := os.ReadFile("/proc/self/mountinfo")
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 4 && strings.HasPrefix(f[4], dir+"/") {
			mounts = append(mounts, f[4])
		}
	}
	return mounts, err
}
