package codex_test

import (
	"runtime"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/codex"
)

// TestFilesOf has each thing that can be wrong with a file that config.toml names.
func TestFilesOf(t *testing.T) {
	fsys := afero.NewMemMapFs()
	for name, text := range map[string]string{
		"/h/inst.md": "Be kind.", "/h/blank.md": " \n", "/u/inst.md": "Be kind.",
		"/h/none.json": `{"models": []}`, "/h/list.json": `[]`, "/h/one.json": `{"models": [{"slug": "m"}]}`,
	} {
		if err := afero.WriteFile(fsys, name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wrong := codex.FilesOf(fsys, "/h", "/u")
	for _, tt := range []struct{ key, path, want string }{
		{"model_instructions_file", "inst.md", ""},
		{"model_instructions_file", "~/inst.md", ""},
		{"model_instructions_file", "/h/inst.md", ""},
		{"model_instructions_file", "gone.md", "is not there"},
		{"model_instructions_file", "blank.md", "is empty"},
		{"model_instructions_file", "", "is not named"},
		{"model_instructions_file", "none.json", ""},
		{"model_catalog_json", "one.json", ""},
		{"model_catalog_json", "none.json", "lists no models"},
		{"model_catalog_json", "list.json", "is no JSON object with models"},
		{"model_catalog_json", "inst.md", "is no JSON object with models"},
	} {
		if tt.path == "/h/inst.md" && runtime.GOOS == "windows" {
			continue // an absolute path has a volume there
		}
		if got := wrong(tt.key, tt.path); got != tt.want {
			t.Errorf("%s = %q: got %q, want %q", tt.key, tt.path, got, tt.want)
		}
	}
}
