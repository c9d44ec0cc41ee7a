//go:build linux && amd64

package main

import (
	"path/filepath"
	"syscall"
	"testing"
)

// written is what a careful program does to replace f in dir: beside, synced, renamed,
// synced.
func written(dir string) []op {
	staged, target := filepath.Join(dir, "new"), filepath.Join(dir, "f")
	return []op{
		{N: 1, Call: "openat", A: staged, Flags: syscall.O_CREAT | syscall.O_EXCL, Mode: 0o600},
		{N: 2, Call: "write", A: staged, Data: []byte("content"), Off: -1},
		{N: 3, Call: "fsync", A: staged},
		{N: 4, Call: "renameat", A: staged, B: target},
		{N: 5, Call: "fsync", A: dir},
	}
}

// left are the contents that a power cut may leave of f at the end, "-" for no file.
func left(t *testing.T, ops []op, dir string) map[string]bool {
	t.Helper()
	m, err := newModel(dir)
	if err == nil {
		err = m.replay(ops)
	}
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	_, err = m.each(1000, func(k int, d disk) error {
		if k < m.calls {
			return nil
		}
		n, there := d.names[filepath.Join(dir, "f")]
		if !there {
			found["-"] = true
			return nil
		}
		found[string(d.nodes[n].data)] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEachSyncIsMissed(t *testing.T) {
	dir := t.TempDir()
	for n, want := range []int{1, 4, 2} { // all; no content is safe: nothing, half, zeros; the name is not
		ops, err := withoutSync(written(dir), n)
		if err != nil {
			t.Fatal(err)
		}
		if got := left(t, ops, dir); len(got) != want || !got["content"] {
			t.Errorf("without sync %d: %d states are possible, want %d: %v", n, len(got), want, got)
		}
	}
	if _, err := withoutSync(written(dir), 3); err == nil {
		t.Error("there is no third sync, and nobody says so")
	}
}

func TestParseAlways(t *testing.T) {
	if f, err := parseAlways("EINVAL@renameat2"); err != nil || f.errno != syscall.EINVAL || f.only != "renameat2" {
		t.Errorf("got %+v, %v", f, err)
	}
	for _, name := range []string{"EINVAL", "kill@renameat2", "EIO+", "EINVAL@renameat2+"} {
		if _, err := parseAlways(name); err == nil {
			t.Errorf("%s: accepted, but a machine is always without one call", name)
		}
	}
}
