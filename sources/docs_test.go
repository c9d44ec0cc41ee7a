package sources

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/afero"
)

const reference = "../docs/reference/desired-state.md"

// Every whole policy in the reference is one that Load takes.
func TestReferencePolicies(t *testing.T) {
	text, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 5 {
		t.Fatalf("only %d policies", len(blocks))
	}
	for _, block := range blocks {
		fs := afero.NewMemMapFs()
		if err := afero.WriteFile(fs, "codex.yaml", block[1], 0o600); err != nil {
			t.Fatal(err)
		}
		w := World{Fs: fs, LookupEnv: func(string) (string, bool) { return "", false }, User: "ada"}
		if _, err := Load(w, []string{"codex.yaml"}); err != nil {
			t.Errorf("%s\nis refused:\n%v", block[1], err)
		}
	}
}

// The reference names every key.
func TestReferenceNamesEveryKey(t *testing.T) {
	text, err := os.ReadFile(reference)
	if err != nil {
		t.Fatal(err)
	}
	everyKey(rootShape, func(name string) {
		if !regexp.MustCompile("[`{ ]" + name + "[`:]").Match(text) {
			t.Errorf("%s is not in %s", name, reference)
		}
	})
}

func everyKey(s *shape, visit func(name string)) {
	for _, k := range s.keys {
		visit(k.name)
		everyKey(k.shape, visit)
	}
	if s.items != nil {
		everyKey(s.items, visit)
	}
}

// YAML and the keyring library each come in through one file.
func TestImportsStandInOneFile(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for library, home := range map[string]string{
		"gopkg.in/yaml.v3": "yaml.go", "github.com/zalando/go-keyring": "keyring.go", "os/exec": "command.go",
	} {
		found := false
		for _, f := range files {
			name := f.Name()
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "group_") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), `"`+library+`"`) {
				if name != home {
					t.Errorf("%s imports %s; that is for %s", name, library, home)
				}
				found = true
			}
		}
		if !found {
			t.Errorf("%s does not import %s", home, library)
		}
	}
}
