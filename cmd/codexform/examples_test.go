package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/cli"
	"github.com/codexform/codexform/sources"
)

// exampleKey is the key of every example.
const exampleKey = "sk-example-0123456789abcdef"

// TestExamples plans every folder of examples/ against its starting home, which is
// empty where there is none, and compares with the plan printed beside it.
func TestExamples(t *testing.T) {
	for _, dir := range examples(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			home, as := startingHome(t, dir), placed(t, dir)
			t.Chdir(as)
			args := []string{"plan"}
			if _, err := os.Stat("layer"); err == nil { // of the machine, and not this one's
				args = append(args, "--against", "layer")
			}
			planned := strings.ReplaceAll(codexform(t, home, args...), filepath.Join(as, "layer"), "/etc/codex")
			if *update {
				if err := os.WriteFile(filepath.Join(dir, "plan.txt"), []byte(planned), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			same(t, "plan.txt", asSaidHere(readFile(t, "plan.txt")), planned)
		})
	}
}

// placed is a copy of an example in a folder of nobody else's: a checkout may lie on a
// volume that everybody writes, and no policy there is followed.
func placed(t *testing.T, dir string) string {
	t.Helper()
	at := t.TempDir()
	if err := os.CopyFS(at, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return at
}

// asSaidHere is a plan's text as this system says it: on Windows nothing has a mode.
func asSaidHere(text string) string {
	if runtime.GOOS != "windows" {
		return text
	}
	return strings.NewReplacer(
		"~/.codex", `~\.codex`, "config.toml  (new, 0600)", "config.toml  (new)", "auth.json  (new, 0600)", "auth.json  (new, for its owner alone)",
	).Replace(text)
}

// needProgram skips what takes a program of the developers' that Wine has not.
func needProgram(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil && runtime.GOOS == "windows" {
		t.Skip(err)
	}
}

// TestRoutescopeIsTheGuide applies the setup guide's example to an empty home.
func TestRoutescopeIsTheGuide(t *testing.T) {
	dir, err := filepath.Abs("../../examples/routescope")
	if err != nil {
		t.Fatal(err)
	}
	home := startingHome(t, dir)
	t.Chdir(placed(t, dir))
	codexform(t, home, "apply", "--auto-approve", "--no-confirm")
	same(t, "config.toml", readFile(t, "after/config.toml"), readFile(t, filepath.Join(home, ".codex", "config.toml")))
	same(t, "auth.json", "{\n  \"OPENAI_API_KEY\": \""+exampleKey+"\"\n}\n", readFile(t, filepath.Join(home, ".codex", "auth.json")))
	if got := codexform(t, home, "plan"); !strings.HasPrefix(got, "Nothing to do") {
		t.Errorf("a plan after the apply is not empty:\n%s", got)
	}
}

func examples(t *testing.T) []string {
	t.Helper()
	root, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(root, "*", "codex.yaml"))
	if err != nil || len(found) < 3 {
		t.Fatalf("found %d examples (%v), want at least 3", len(found), err)
	}
	for i, file := range found {
		found[i] = filepath.Dir(file)
	}
	return found
}

// startingHome is a user's home folder whose Codex home is a copy of the example's.
func startingHome(t *testing.T, dir string) string {
	t.Helper()
	home := t.TempDir()
	if _, err := os.Stat(filepath.Join(dir, "home")); err != nil {
		return home
	}
	if err := os.CopyFS(filepath.Join(home, ".codex"), os.DirFS(filepath.Join(dir, "home"))); err != nil {
		t.Fatal(err)
	}
	// A checkout gives files whatever mode it likes.
	files, err := filepath.Glob(filepath.Join(home, ".codex", "*"))
	for _, file := range files {
		if err == nil {
			err = os.Chmod(file, 0o600)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return home
}

// codexform runs a command that has to succeed, and returns what it answers.
func codexform(t *testing.T, home string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	env := cli.Env{
		World: sources.World{
			LookupEnv: func(name string) (string, bool) {
				v, ok := map[string]string{"ROUTESCOPE_API_KEY": exampleKey}[name]
				return v, ok
			},
			Environ: func() []string { return nil },
			Fs:      afero.NewOsFs(),
			Stdin:   strings.NewReader(""),
			Home:    home,
		},
		Args: args, Stdout: &out, Stderr: &errs,
		Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
	}
	if code := cli.Main(context.Background(), env); code != 0 {
		t.Fatalf("codexform %s ended with %d:\n%s%s", strings.Join(args, " "), code, out.String(), errs.String())
	}
	if strings.Contains(out.String()+errs.String(), exampleKey) {
		t.Errorf("codexform %s prints the key", strings.Join(args, " "))
	}
	return out.String()
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func same(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
