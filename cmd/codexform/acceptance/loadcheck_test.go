package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// A file with which the installed Codex would not start is never installed.
func TestLoadCheck(t *testing.T) {
	home := codextest.Home(t)
	const config = "model = \"gpt-5.4\"\n"
	codextest.WriteFile(t, home, "config.toml", config)
	dir := t.TempDir()
	policy := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "codex.yaml"), []byte("version: 1\nsettings: "+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	apply := func(code int) string {
		out, errs := codexform(t, dir, code, nil, "apply", "--auto-approve", "--codex-home", home, "--codex", codextest.Binary(t))
		return out + errs
	}
	policy("{model_verbosity: shouting}\n")
	if out := apply(3); !strings.Contains(out, "error: load-check") {
		t.Errorf("refused for something else:\n%s", out)
	}
	if got, _ := os.ReadFile(filepath.Join(home, "config.toml")); string(got) != config {
		t.Errorf("config.toml has changed:\n%s", got)
	}
	policy("{model_verbosity: low}\n")
	apply(0)

	// The copy on which Codex is started has what lies beside config.toml, so a
	// relative path stops the check of nothing else.
	policy("{model_instructions_file: mine.md}\n")
	if out := apply(3); !strings.Contains(out, "error: load-check") {
		t.Errorf("a file that is not there was taken:\n%s", out)
	}
	codextest.WriteFile(t, home, "mine.md", "Be brief.\n")
	if out := apply(0); strings.Contains(out, "load-check") {
		t.Errorf("a file beside config.toml is not found:\n%s", out)
	}
	policy("{model_instructions_file: mine.md, model_verbosity: shouting}\n")
	if out := apply(3); !strings.Contains(out, "error: load-check") {
		t.Errorf("a broken value passed beside a relative path:\n%s", out)
	}
	policy("{model_instructions_file: mine.md}\n")

	// What did not load before is mended key by key: a warning stops nothing.
	codextest.WriteFile(t, home, "config.toml", "profile = \"old\"\n")
	if out := apply(0); !strings.Contains(out, "warning: load-check") {
		t.Errorf("no warning:\n%s", out)
	}
}
