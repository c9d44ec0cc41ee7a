//go:build unix

package sources_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/sources"
)

// A policy behind links is everybody's where any folder on the way lets another link, or
// another file, be put in its place.
func TestWritableBehindLinks(t *testing.T) {
	for name, c := range map[string]struct {
		open string // the folder that everybody may write, "" for none
		want bool
	}{
		"none": {"", false}, "of the link": {"link", true}, "of a link between": {"between", true}, "of the file": {"real", true}, "another": {"other", false},
	} {
		at := t.TempDir()
		t.Chdir(at)
		for _, dir := range []string{"link", "between", "real", "other"} {
			if err := os.Mkdir(filepath.Join(at, dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if dir == c.open {
				if err := os.Chmod(filepath.Join(at, dir), 0o777); err != nil {
					t.Fatal(err)
				}
			}
		}
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(os.WriteFile(filepath.Join(at, "real/codex.yaml"), []byte("version: 1\nmodel: m\n"), 0o644))
		must(os.Symlink("../real/codex.yaml", filepath.Join(at, "between/codex.yaml")))
		must(os.Symlink(filepath.Join(at, "between/codex.yaml"), filepath.Join(at, "link/codex.yaml")))
		w := sources.World{LookupEnv: os.LookupEnv, Environ: os.Environ, Fs: afero.NewOsFs(), Dir: at, OS: "linux", Version: "0.0.0", UID: "1000"}
		must(os.WriteFile(filepath.Join(at, "link/first.yaml"), []byte("version: 1\nreview_model: m\n"), 0o644))
		for _, files := range [][]string{{"link/codex.yaml"}, {filepath.Join(at, "link/codex.yaml")}, {"link/first.yaml", "link/codex.yaml"}} {
			p, err := sources.Load(w, files)
			must(err)
			if err := p.Trusted(); (err != nil) != c.want || err != nil && !strings.Contains(err.Error(), c.open) {
				t.Errorf("%s, %s: %v, want refused: %v", name, files, err, c.want)
			}
		}
	}
}
