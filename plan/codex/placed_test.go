package codex

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/spf13/afero"
)

// Each place as its installer makes it, and what nobody can tell.
func TestPlacedVersion(t *testing.T) {
	for name, c := range map[string]struct{ program, pkg, named, want string }{
		"npm":                  {"lib/node_modules/@openai/codex/bin/codex.js", "lib/node_modules/@openai/codex/package.json", `{"name":"@openai/codex","version":"0.171.0"}`, "0.171.0"},
		"npm, below node 22":   {".nvm/versions/node/v22.1.0/lib/node_modules/@openai/codex/bin/codex.js", ".nvm/versions/node/v22.1.0/lib/node_modules/@openai/codex/package.json", `{"name":"@openai/codex","version":"0.170.1"}`, "0.170.1"},
		"npm, the program":     {"n/@openai/codex-linux-x64/vendor/x86_64/bin/codex", "n/@openai/codex-linux-x64/package.json", `{"name":"@openai/codex","version":"0.171.0-linux-x64"}`, "0.171.0"},
		"Homebrew":             {"Caskroom/codex/0.169.2/codex-aarch64-apple-darwin", "", "", "0.169.2"},
		"mise":                 {"mise/installs/codex/0.150.0/bin/codex", "", "", "0.150.0"},
		"the installer":        {"packages/codex-standalone/releases/0.171.0-x86_64-unknown-linux-musl/codex", "", "", "0.171.0"},
		"a package of others":  {"a/bin/codex", "a/package.json", `{"name":"codex","version":"9.9.9"}`, ""},
		"by hand":              {"bin/codex", "", "", ""},
		"a version of others":  {"node/22.1.0/bin/codex", "", "", ""},
		"a broken package":     {"b/bin/codex", "b/package.json", `{"name":"@openai/codex"`, ""},
		"a version of nothing": {"c/bin/codex", "c/package.json", `{"name":"@openai/codex","version":"next"}`, ""},
	} {
		dir := t.TempDir()
		put := func(file, text string) string {
			path := filepath.Join(dir, filepath.FromSlash(file))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		program := put(c.program, "")
		if c.pkg != "" {
			put(c.pkg, c.named)
		}
		link := filepath.Join(dir, "link")
		if err := os.Symlink(program, link); err != nil && runtime.GOOS != "windows" {
			t.Fatal(err)
		} else if runtime.GOOS == "windows" { // where few may make links, and nobody links to programs
			link = program
		}
		got, ok := PlacedVersion(afero.NewOsFs(), link)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("%s: got %s, %v, want %q", name, got, ok, c.want)
		}
	}
	if v, ok := PlacedVersion(afero.NewOsFs(), filepath.Join(t.TempDir(), "none")); ok {
		t.Errorf("nothing has version %s", v)
	}
}
