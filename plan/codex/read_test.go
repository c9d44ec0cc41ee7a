package codex_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/codex"
)

// A file where a folder should be is named, whichever of the two it is.
func TestReadThroughAFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows says that there is no such path, which is a missing home")
	}
	dir := t.TempDir()
	file, home := filepath.Join(dir, "file"), filepath.Join(dir, "home")
	err := os.WriteFile(file, nil, 0o600)
	if err == nil {
		err = os.Mkdir(home, 0o700)
	}
	if err == nil {
		err = os.Symlink(filepath.Join(file, "config.toml"), filepath.Join(home, "config.toml"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{file: file + " is not a folder", home: "its link leads through what is not a folder"} {
		if _, err := codex.Read(afero.NewOsFs(), at); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", at, err, want)
		}
	}
}
