package codex_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
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
	b := program(t, `{ ls -ld "$CODEX_HOME"; ls -l "$CODEX_HOME"; grep -r . "$CODEX_HOME"/..; cat "$CODEX_HOME/config.toml"; env; } >`+report+`
echo '{"appServerVersion":"9"}'`)
	home := filepath.Join(t.TempDir(), "codex")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"inst.md", plan.AuthFile, "other.md"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte("sk-secret-of-"+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.In(home).Loads(t.Context(), []byte(private)); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"drwx------", "-rw-------", `model = "x"`, "CODEX_HOME=" + tmp, "inst.md -> " + home, `experimental_bearer_token = "xxxxxxxxx"`} {
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

// private is a config.toml with secrets in many places, each with a mark in it.
const private = `model = "x" # sk-secret
model_instructions_file = "inst.md"
project_doc_fallback_filenames = ["auth.json"]
notify = ["curl", "-H", "sk-secret"]
[model_providers.x]
name = "x"
base_url = "https://u:sk-secret@h.example/v1"
experimental_bearer_token = "sk-secret"
http_headers = {X = "sk-secret"}
query_params.key = "sk-secret"
[mcp_servers.y]
command = "z"
args = ["--token", "sk-secret", "--key=sk-secret"]
env = {KEY = """
sk-secret"""}
[mcp_servers.z]
url = "https://h.example/mcp?key=sk-secret"
[shell_environment_policy.set]
A = 'sk-secret'
[otel.exporter.otlp-http]
endpoint = "https://h.example"
protocol = "json"
headers = {A = "sk-secret"}
`

// TestScratchSwept: what a killed run left is gone after the next one, and what
// another run still holds is not.
func TestScratchSwept(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	killed := filepath.Join(tmp, "codexform-load-1")
	other := filepath.Join(tmp, "codexform-other")
	for _, dir := range []string{killed, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ".lock"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(killed, ".lock"), time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	held := filepath.Join(t.TempDir(), "held")
	b := program(t, `if [ ! -e `+held+` ]; then touch `+held+`; sleep 5; fi; echo '{"appServerVersion":"9"}'`)
	first := make(chan error)
	go func() { first <- b.Loads(t.Context(), nil) }()
	for range 200 {
		if _, err := os.Stat(held); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := b.Loads(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 2 {
		t.Errorf("left %v, %v; want the folder that a run holds, and the one that is none of ours", left, err)
	}
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// TestScratchGone: of a copy that went away meanwhile nothing is said that the file did.
func TestScratchGone(t *testing.T) {
	b := program(t, `rm -r "$CODEX_HOME"; echo '{"error":{"message":"that path does not exist"}}'`)
	if err := b.Loads(t.Context(), []byte("model = \"x\"\n")); !errors.Is(err, codex.ErrUnchecked) {
		t.Errorf("%v", err)
	}
}

// TestChildrenEnd: what a Codex started ends with it, in time and when it is too slow.
func TestChildrenEnd(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	for _, script := range []string{
		"sleep 60 & echo $! >>" + pids + "\necho '{\"appServerVersion\":\"9\"}'",
		"sleep 60 & echo $! >>" + pids + "\nsleep 60",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		err := program(t, script).Loads(ctx, nil)
		cancel()
		t.Log(err)
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range strings.Fields(string(text)) {
		n, err := strconv.Atoi(pid)
		if err != nil {
			t.Fatal(err)
		}
		for tries := 0; alive(n); tries++ {
			if tries == 100 {
				t.Fatalf("process %d is still there", n)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// alive reports a process that is there and no zombie.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		p, err := os.FindProcess(pid)
		return err == nil && runtime.GOOS != "linux" && p.Signal(syscall.Signal(0)) == nil
	}
	return !strings.Contains(string(stat), ") Z ")
}

// TestBrokenLauncher: a launcher without its program says so whatever it is asked,
// and that is no verdict on a file.
func TestBrokenLauncher(t *testing.T) {
	err := program(t, "echo 'Error: Missing optional dependency @openai/codex-linux-x64' >&2; exit 1").Loads(t.Context(), []byte("model = 5\n"))
	if !errors.Is(err, codex.ErrUnchecked) || !strings.Contains(err.Error(), "Missing optional dependency") {
		t.Errorf("got %v", err)
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
		{name: "an older one", script: `case $* in *features*) echo "x  stable  true";; *) exit 2;; esac`},
		{
			name:   "an older one refuses",
			script: `case $* in *features*) [ -s "$CODEX_HOME/config.toml" ] || { echo "x  stable  true"; exit; }; printf "Error: $CODEX_HOME/config.toml:2:26: wanted string or table\n\nCaused by:\n    invalid type: string \"sk-secret-1\"\n    in \140a\140\n\nStack backtrace:\n 0: x" >&2; exit 1;; *) exit 2;; esac`,
			want:   "2:26: invalid type: string … in `a`",
		},
		{name: "no such option", script: `echo "error: unexpected argument" >&2; exit 2`, unchecked: true},
		{name: "other output", script: `echo '[1]'; echo hello`, unchecked: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := program(t, tc.script).Loads(t.Context(), []byte("a = 1\n"))
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
