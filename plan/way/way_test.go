//go:build !windows

package way_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/codexform/codexform/plan/way"
)

// TestTo walks to the end of each way, which is where the kernel gets to.
func TestTo(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(root, name) }
	if err := os.MkdirAll(at("a/b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("a/b/f"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	links := map[string]string{"up": "a/b/../b", "abs": at("a"), "x/to": "../a/b/f", "circle": "circle", "gone": "nowhere", "l0": "a/b/f"}
	if err := os.Mkdir(at("x"), 0o700); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 40; n++ {
		links[fmt.Sprintf("l%d", n)] = fmt.Sprintf("l%d", n-1)
	}
	for name, target := range links {
		if err := os.Symlink(target, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		path string
		err  error
	}{
		{path: "a/b/f"},
		{path: "up/f"},
		{path: "abs/b"},
		{path: "x/to"},
		{path: "l39"},
		{path: "l40", err: way.ErrLinks},
		{path: "circle", err: way.ErrLinks},
		{path: "gone", err: fs.ErrNotExist},
		{path: "a/b/f/g", err: syscall.ENOTDIR},
	} {
		t.Run(tt.path, func(t *testing.T) {
			var last way.Step
			var failed error
			for step, err := range way.To(at(tt.path)) {
				if failed = err; err != nil {
					break
				}
				last = step
			}
			if tt.err == nil && failed == nil {
				want, err := os.Stat(at(tt.path))
				if err != nil || !os.SameFile(want, last.Info) {
					t.Errorf("ends at %s, %v", last.Path, err)
				}
			}
			if (failed == nil) != (tt.err == nil) || !errors.Is(failed, tt.err) {
				t.Errorf("error %v, want %v", failed, tt.err)
			}
		})
	}
}
