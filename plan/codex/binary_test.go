package codex_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/codex"
)

// program is a Codex made of a shell script.
func program(t *testing.T, script string) codex.Binary {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test are shell scripts")
	}
	path := filepath.Join(t.TempDir(), "codex")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return codex.Binary{Path: path}
}

// TestPrivateCopy looks at what a program gets: a private folder with the file in
// it, an environment without keys, and nothing left behind.
func TestPrivateCopy(t *testing.T) {
	t.Setenv("GATE_KEY", "sk-secret")
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	report := filepath.Join(t.TempDir(), "report")
	b := program(t, `{ ls -ld "$CODEX_HOME"; ls -l "$CODEX_HOME"; cat "$CODEX_HOME/config.toml"; env; } >`+report+`
echo '{"appServerVersion":"9"}'`)
	if err := b.Loads(t.Context(), []byte("model = \"x\"\n")); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"drwx------", "-rw-------", `model = "x"`, "CODEX_HOME=" + tmp} {
		if !strings.Contains(string(seen), want) {
			t.Errorf("the program did not see %q in\n%s", want, seen)
		}
	}
	if strings.Contains(string(seen), "sk-secret") {
		t.Errorf("the program saw a variable that is none of its business:\n%s", seen)
	}
	if left, _ := os.ReadDir(tmp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLoadsVerdict(t *testing.T) {
	for _, tc := range []struct {
		name, script, want string
		unchecked          bool
	}{
		{name: "good", script: `echo '{"appServerVersion":"0.169.0"}'`},
		{
			name:   "refused, with a value in the message",
			script: `printf '%s\n' '{"error":{"message":"m","data":{"filePath":"/p/config.toml","line":2,"column":5,"detail":"/p/config.toml:2:5: invalid type: string \"sk-secret-1\", expected a boolean"}}}'; exit 1`,
			want:   "2:5: invalid type: string …, expected a boolean",
		},
		{
			name:   "refused, no place",
			script: "printf '%s\\n' '{\"error\":{\"message\":\"unknown variant `sk-secret-1`, expected one of `a`\",\"data\":{\"line\":null}}}'; exit 1",
			want:   "unknown variant …, expected one of `a`",
		},
		{name: "no such option", script: `echo "error: unexpected argument" >&2; exit 2`, unchecked: true},
		{name: "other output", script: `echo '[1]'; echo hello`, unchecked: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := program(t, tc.script).Loads(t.Context(), nil)
			var bad *codex.LoadError
			switch {
			case tc.unchecked:
				if !errors.Is(err, codex.ErrUnchecked) {
					t.Errorf("got %v, want ErrUnchecked", err)
				}
			case tc.want == "":
				if err != nil {
					t.Errorf("got %v, want nothing", err)
				}
			case !errors.As(err, &bad) || bad.Error() != tc.want:
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
	if err := (codex.Binary{Path: "/no/such/program"}).Loads(t.Context(), nil); !errors.Is(err, codex.ErrUnchecked) {
		t.Errorf("a missing program: %v", err)
	}
}

func TestLoadsGivesUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := program(t, "exec sleep 60").Loads(ctx, nil); !errors.Is(err, codex.ErrUnchecked) {
		t.Errorf("a program that hangs: %v", err)
	}
}

func TestVersion(t *testing.T) {
	got, err := program(t, "echo codex-cli 0.169.0").Version(t.Context())
	if want := (codex.Version{Minor: 169}); err != nil || got != want {
		t.Errorf("Version() = %v, %v, want %v", got, err, want)
	}
	for _, text := range []string{"", "codex", "1.2", "1.2.x", "1.2.-3"} {
		if v, err := codex.ParseVersion(text); err == nil {
			t.Errorf("ParseVersion(%q) = %v, want an error", text, v)
		}
	}
	for _, text := range []string{"0.169.0", "v0.169.0", "codex-cli 0.169.0\n", "0.169.0-alpha.1"} {
		if v, err := codex.ParseVersion(text); err != nil || v != (codex.Version{Minor: 169}) {
			t.Errorf("ParseVersion(%q) = %v, %v", text, v, err)
		}
	}
}

func TestFindBinary(t *testing.T) {
	look := func(name string) (string, error) {
		if name == "missing" {
			return "", errors.New("no such file")
		}
		return "/bin/" + name, nil
	}
	for _, tc := range []struct {
		choice, want string
		found, fails bool
	}{
		{choice: "off"},
		{choice: "", want: "/bin/codex", found: true},
		{choice: "auto", want: "/bin/codex", found: true},
		{choice: "mine", want: "/bin/mine", found: true},
		{choice: "missing", fails: true},
	} {
		b, found, err := codex.FindBinary(tc.choice, look)
		if b.Path != tc.want || found != tc.found || (err != nil) != tc.fails {
			t.Errorf("FindBinary(%q) = %q, %v, %v", tc.choice, b.Path, found, err)
		}
	}
}
