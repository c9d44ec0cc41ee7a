//go:build unix

package sources_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/bounded"
	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
)

func TestFileModes(t *testing.T) {
	for _, c := range []struct {
		mode    os.FileMode
		refused bool
		warned  bool
	}{
		{0o400, false, false},
		{0o600, false, false},
		{0o700, false, false},
		{0o640, false, true},
		{0o604, false, true},
		{0o444, false, true},
		{0o644, false, true},
		{0o620, true, false},
		{0o602, true, false},
		{0o666, true, false},
		{0o777, true, false},
	} {
		w := realWorld(t, nil)
		path := filepath.Join(w.Dir, "key")
		writeFile(t, path, []byte(sourcetest.Key+"\n"), c.mode)
		got, err := source(t, w, "{file: key}").Fetch(t.Context())
		if c.refused {
			wantError(t, err, sources.KindPermissions, "file:"+path+": others may write the file (mode "+octal(c.mode)+")")
			continue
		}
		if err != nil {
			t.Errorf("mode %o: %v", c.mode, err)
		}
		if warned := len(got.Warnings) == 1 && strings.Contains(got.Warnings[0], "others may read"); warned != c.warned {
			t.Errorf("mode %o: got warnings %q, want one: %v", c.mode, got.Warnings, c.warned)
		}
	}
}

func octal(mode os.FileMode) string {
	const digits = "01234567"
	return "0" + string([]byte{digits[mode>>6&7], digits[mode>>3&7], digits[mode&7]})
}

// A mounted Kubernetes secret is a link to a file below a link to a folder.
func TestFileFollowsLinks(t *testing.T) {
	w := realWorld(t, nil)
	real := filepath.Join(w.Dir, "..2026_01_01")
	if err := os.Mkdir(real, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(real, "key"), []byte(sourcetest.Key), 0o600)
	link(t, "..2026_01_01", filepath.Join(w.Dir, "..data"))
	link(t, "..data/key", filepath.Join(w.Dir, "key"))
	got, err := source(t, w, "{file: key}").Fetch(t.Context())
	if err != nil || string(got.Secret.Reveal()) != sourcetest.Key {
		t.Errorf("got %v", err)
	}
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Fatal(err)
	}
}

// Nothing that is not a regular file is waited for, neither as a secret nor as a policy.
func TestNotRegular(t *testing.T) {
	w := realWorld(t, nil)
	in := func(name string) string { return filepath.Join(w.Dir, name) }
	if err := syscall.Mkfifo(in("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(in("dir"), 0o700); err != nil {
		t.Fatal(err)
	}
	link(t, "fifo", in("to-fifo"))
	link(t, "loop", in("loop"))
	link(t, "gone", in("dangling"))
	writeFile(t, in("big"), make([]byte, 64<<10+1), 0o600)
	for name, want := range map[string]string{
		"fifo":     "is not a regular file but a FIFO",
		"to-fifo":  "is not a regular file but a FIFO",
		"dir":      "is not a regular file but a folder",
		"loop":     "too many levels of symbolic links",
		"big":      "is larger than 64 KiB",
		"key/x":    "no such file",
		"dangling": "no such file",
	} {
		kind := sources.KindUnreadable
		if want == "no such file" {
			kind = sources.KindMissing
		}
		_, err := source(t, w, "{file: "+name+"}").Fetch(t.Context())
		wantError(t, err, kind, "file:"+in(name)+": "+want)
	}
	_, err := source(t, w, "{file: /dev/zero}").Fetch(t.Context())
	wantError(t, err, sources.KindUnreadable, "file:/dev/zero: is not a regular file but a device")

	for _, name := range []string{"fifo", "to-fifo", "loop", "dangling", "/dev/zero"} {
		if !filepath.IsAbs(name) {
			name = in(name)
		}
		if _, err := sources.Load(w, []string{name}); err == nil {
			t.Errorf("%s: taken for a policy", name)
		}
	}
}

// What swaps a file for a FIFO between two looks does not make us wait either.
func TestSwappedForFIFO(t *testing.T) {
	w := realWorld(t, nil)
	path := filepath.Join(w.Dir, "key")
	writeFile(t, path, []byte(sourcetest.Key), 0o600)
	w.Fs = swappingFs{w.Fs, func(name string) {
		if name != path {
			return
		}
		if err := errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)); err != nil {
			t.Error(err)
		}
	}}
	_, err := source(t, w, "{file: key}").Fetch(t.Context())
	wantError(t, err, sources.KindUnreadable, "file:"+path+": is not a regular file but a FIFO")
}

// A run that is told to end while it waits for a FIFO was interrupted; nothing is wrong with
// the file.
func TestFIFOInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := realWorld(t, nil)
	w.Pipes = bounded.NewPipes(ctx, bounded.Wait)
	path := filepath.Join(w.Dir, "key")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := source(t, w, "{file: key}").Fetch(ctx)
	wantError(t, err, sources.KindCanceled, "file:"+path+": interrupted")
}
