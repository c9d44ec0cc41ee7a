package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/sources"
)

// testEnv is a world without anything in it.
func testEnv(args ...string) Env {
	return Env{
		World: sources.World{
			LookupEnv: func(string) (string, bool) { return "", false },
			Environ:   func() []string { return nil },
			Fs:        afero.NewMemMapFs(),
			Stdin:     strings.NewReader(""),
			Home:      "/home/kim",
		},
		Args: args, Stdout: io.Discard, Stderr: io.Discard,
		Now:   func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
		Build: ui.Build{Version: "1.2.3", Go: "go1.26", OS: "linux", Arch: "amd64"},
	}
}

func testApp() *app {
	a := &app{env: testEnv(), format: "text", colour: "auto"}
	a.view = a.newView()
	return a
}

// run is what a command says on both streams, and its exit code.
func run(env Env) (out, err string, code int) {
	var o, e bytes.Buffer
	env.Stdout, env.Stderr = &o, &e
	code = Main(context.Background(), env)
	return o.String(), e.String(), code
}

func TestUsageErrors(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"plam", "codexform: error: unknown command \"plam\" for \"codexform\"\ncodexform: hint: did you mean plan?\n"},
		{"plan --frmt", "codexform: error: unknown flag: --frmt\ncodexform: hint: codexform plan --help tells how it is used\n"},
		{"version extra", "codexform: error: unknown command \"extra\" for \"codexform version\"\ncodexform: hint: codexform version --help tells how it is used\n"},
		{"version --format yaml", "codexform: error: --format \"yaml\": it is " + either(formats(ui.Formats)) + "\ncodexform: hint: codexform version --help tells how it is used\n"},
		{"version --color blue", "codexform: error: --color \"blue\": it is auto, always or never\ncodexform: hint: codexform version --help tells how it is used\n"},
		{"apply -auto-approve", "codexform: error: unknown shorthand flag: 'a' in -auto-approve\ncodexform: hint: here it is --auto-approve, with two dashes\n"},
		{"plan -out=p.json", "codexform: error: unknown shorthand flag: 'o' in -out=p.json\ncodexform: hint: here it is --out, with two dashes\n"},
		{"apply --yes", "codexform: error: unknown flag: --yes\ncodexform: hint: apply, rollback and destroy do not ask with --auto-approve\n"},
		{"apply --dry-run", "codexform: error: unknown flag: --dry-run\ncodexform: hint: codexform plan shows what apply would change, and changes nothing\n"},
		{"diff", "codexform: error: unknown command \"diff\" for \"codexform\"\ncodexform: hint: codexform plan shows what would change\n"},
		{"apply codex.yaml", "codexform: error: codex.yaml is a desired state, not a saved plan\ncodexform: hint: a desired state is given with -f: codexform apply -f codex.yaml\n"},
		{"plan codex.yaml", "codexform: error: unknown command \"codex.yaml\" for \"codexform plan\"\ncodexform: hint: a desired state is given with -f: codexform plan -f codex.yaml\n"},
		{"plan --secrets some", "codexform: error: --secrets \"some\": it is resolve or skip\n"},
		{"completion tcsh", "codexform: error: invalid argument \"tcsh\" for \"codexform completion\"\ncodexform: hint: codexform completion --help tells how it is used\n"},
	} {
		out, errs, code := run(testEnv(strings.Fields(c.args)...))
		if out != "" || errs != c.want || code != exitUsage {
			t.Errorf("codexform %s: got code %d, stdout %q, stderr %q, want %q", c.args, code, out, errs, c.want)
		}
	}
}

func TestUsageErrorsAsJSON(t *testing.T) {
	for _, args := range []string{"plam --format json", "--format=json plan --frmt", "plan --format json --secrets some"} {
		out, errs, code := run(testEnv(strings.Fields(args)...))
		if errs != "" || code != exitUsage || !strings.Contains(out, `"code": "invalid"`) {
			t.Errorf("codexform %s: got code %d, stdout %q, stderr %q", args, code, out, errs)
		}
	}
}

// TestOneDocument demands that every command answers --format json with exactly one
// JSON document, in a world where most of them must fail. Only token does not: Codex
// runs it, and takes whatever stands on its stdout for the secret.
func TestOneDocument(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, cmd := range family(newRoot(testApp()))[1:] {
		if cmd.Name() == "token" {
			continue
		}
		args := append(strings.Fields(cmd.CommandPath())[1:], "--format", "json")
		env := testEnv(args...)
		env.Fs = afero.NewOsFs()
		env.Home = t.TempDir()
		out, errs, code := run(env)
		d := json.NewDecoder(strings.NewReader(out))
		var doc map[string]any
		if err := d.Decode(&doc); err != nil {
			t.Errorf("%s: code %d, no JSON object: %v\n%s", cmd.CommandPath(), code, err, out)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Errorf("%s: more than one document:\n%s", cmd.CommandPath(), out)
		}
		if failed := doc["error"] != nil; errs != "" || failed != (code != exitDone && code != exitChanges) {
			t.Errorf("%s: code %d, error %v, stderr %q", cmd.CommandPath(), code, doc["error"], errs)
		}
	}
}

func TestColour(t *testing.T) {
	for _, c := range []struct {
		name, flag, noColor, term string
		terminal, want            bool
	}{
		{"terminal", "auto", "", "xterm", true, true},
		{"pipe", "auto", "", "xterm", false, false},
		{"NO_COLOR", "auto", "1", "xterm", true, false},
		{"dumb", "auto", "", "dumb", true, false},
		{"always beats NO_COLOR", "always", "1", "dumb", false, true},
		{"never", "never", "", "xterm", true, false},
	} {
		env := testEnv("plan", "--color", c.flag)
		env.StderrTerminal = c.terminal
		env.LookupEnv = func(name string) (string, bool) {
			v, ok := map[string]string{"NO_COLOR": c.noColor, "TERM": c.term}[name]
			return v, ok
		}
		_, errs, _ := run(env)
		if got := strings.Contains(errs, "\x1b["); got != c.want {
			t.Errorf("%s: coloured %v, want %v: %q", c.name, got, c.want, errs)
		}
	}
}

func TestBug(t *testing.T) {
	var out, errs bytes.Buffer
	env := testEnv("plan", "--format", "json")
	env.Stdout, env.Stderr = &out, &errs
	code := Bug(env, "the sky \x1b[2J fell", []byte("main.main()"))
	if code != 70 || !strings.Contains(out.String(), `"exit": 70`) || !strings.Contains(errs.String(), "main.main()") {
		t.Errorf("got code %d, stdout %q, stderr %q", code, out.String(), errs.String())
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("an escape reaches the terminal")
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestAnAnswerThatIsLostIsNoSuccess(t *testing.T) {
	var errs bytes.Buffer
	env := testEnv("version")
	env.Stdout, env.Stderr = full{}, &errs
	code := Main(context.Background(), env)
	if want := "codexform: error: writing the answer: no space left on device\n"; code != exitFailed || errs.String() != want {
		t.Errorf("got code %d, %q, want %d, %q", code, errs.String(), exitFailed, want)
	}
}

func TestLineDiff(t *testing.T) {
	got := strings.Join(lineDiff("a\nb\nc\n", "a\nx\nc\nd\n"), "")
	if want := "- b\n+ x\n+ d\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersionFlagIsVersion(t *testing.T) {
	for _, rest := range []string{"", " --format json"} {
		flag, errs, code := run(testEnv(strings.Fields("--version" + rest)...))
		command, _, _ := run(testEnv(strings.Fields("version" + rest)...))
		if flag != command || errs != "" || code != exitDone {
			t.Errorf("--version%s: got code %d, %q, %q, want %q", rest, code, flag, errs, command)
		}
	}
}
