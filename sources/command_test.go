package sources_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/sources"
	"github.com/codexform/codexform/sources/sourcetest"
)

// The test binary is the program that command sources run: CODEXFORM_HELPER says as
// which one.
func TestMain(m *testing.M) {
	if name := os.Getenv("CODEXFORM_HELPER"); name != "" {
		os.Exit(helper(name))
	}
	os.Exit(m.Run())
}

func helper(name string) int {
	key := os.Getenv("HELPER_VALUE")
	switch name {
	case "print":
		fmt.Print(key)
	case "leak":
		fmt.Print(key)
		fmt.Fprintf(os.Stderr, "got %s\nwith \x1b[31mtoken\x1b[0m %s and hvs.CAESIJ0123456789abcdef\n\nand %q\n",
			key, os.Getenv("HELPER_TOKEN"), "Bearer abcdefghijkl")
		return 3
	case "say":
		fmt.Fprint(os.Stderr, os.Getenv("HELPER_SAY"))
		return 3
	case "environ":
		fmt.Print(strings.ReplaceAll(strings.Join(os.Environ(), "|"), " ", "_"))
	case "cwd":
		dir, _ := os.Getwd()
		fmt.Print("cwd:" + dir)
	case "flood":
		for range 3000 {
			fmt.Print(strings.Repeat("x", 100))
		}
	case "errflood":
		fmt.Fprint(os.Stderr, strings.Repeat("x", 1<<20))
		return 1
	case "stdin":
		n, err := os.Stdin.Read(make([]byte, 1))
		fmt.Printf("stdin:%d:%v", n, err)
	case "hang":
		leaveBehind()
		time.Sleep(time.Minute)
	case "daemon":
		leaveBehind()
		fmt.Print(key)
	case "sleep":
		time.Sleep(time.Minute)
	}
	return 0
}

// leaveBehind starts a program that holds our pipes, and notes its id.
func leaveBehind() {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "CODEXFORM_HELPER=sleep")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if child.Start() == nil {
		os.WriteFile(os.Getenv("HELPER_PID"), []byte(strconv.Itoa(child.Process.Pid)), 0o600)
	}
}

// commandWorld is a world in which programs are the helper of a name.
func commandWorld(t *testing.T, name string, env ...string) sources.World {
	w := realWorld(t, nil)
	w.Environ = func() []string {
		return append([]string{"CODEXFORM_HELPER=" + name, "PATH=" + os.Getenv("PATH")}, env...)
	}
	return w
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("{command: [%q, '--flag']}", path)
}

func TestCommand(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{
		Scheme: "command:" + filepath.Base(os.Args[0]),
		Holding: func(t *testing.T, value []byte) sources.Source {
			if strings.Contains(string(value), "\x00") {
				return nil
			}
			return source(t, commandWorld(t, "print", "HELPER_VALUE="+string(value)), self(t))
		},
		Missing: func(t *testing.T) sources.Source {
			return source(t, commandWorld(t, "print"), "{command: [codexform-test-no-such-program]}")
		},
	})
}

// What the program says is shown, but no secret that we know of and no escape code.
func TestCommandStderr(t *testing.T) {
	w := commandWorld(t, "leak", "HELPER_VALUE=of-no-known-shape", "HELPER_TOKEN=token-0123456789")
	_, err := source(t, w, self(t)).Fetch(t.Context())
	wantError(t, err, sources.KindHelper, "command:"+filepath.Base(os.Args[0])+": the program failed (exit status 3): "+
		`got (secret); with \u001b[31mtoken\u001b[0m (secret) and (secret); and "Bearer (secret)"`)
}

// The longest secret goes first, so that no rest of one is left; the variables of keys
// count although the program does not get them.
func TestCommandStderrKnowsTheVariables(t *testing.T) {
	w := commandWorld(t, "say", "HELPER_SAY=a plain-openai-value b plain-codex-value c abcdefghijkl d abcdefgh",
		"OPENAI_API_KEY=plain-openai-value", "CODEX_API_KEY=plain-codex-value", "HELPER_TOKEN=abcdefgh", "OTHER_TOKEN=abcdefghijkl")
	_, err := source(t, w, self(t)).Fetch(t.Context())
	wantError(t, err, sources.KindHelper, "command:"+filepath.Base(os.Args[0])+": the program failed (exit status 3): a (secret) b (secret) c (secret) d (secret)")
}

// A variable that another source of the policy reads is no program's to say, whatever
// its name.
func TestCommandStderrKnowsThePolicysVariables(t *testing.T) {
	w := commandWorld(t, "say", "HELPER_SAY=a plain-second-value b", "SECOND=plain-second-value")
	_, err := source(t, w, "{first_of: ["+self(t)+", {env: SECOND}]}").Fetch(t.Context())
	if err == nil || !strings.Contains(err.Error(), "a (secret) b") {
		t.Errorf("got %v", err)
	}
}

// What was cut off is a beginning of a key too where masks have made the rest short.
func TestCommandStderrCutAmongMasks(t *testing.T) {
	const secret = "plain-openai-value-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789"
	w := commandWorld(t, "say", "HELPER_SAY="+strings.Repeat(secret+" ", 200), "OPENAI_API_KEY="+secret)
	_, err := source(t, w, self(t)).Fetch(t.Context())
	if err == nil || strings.Contains(err.Error(), "plain") || !strings.Contains(err.Error(), "(secret) (secret)") {
		t.Errorf("%.80q", err)
	}
}

// Where what a program says is cut off, no beginning of a key stays.
func TestCommandStderrCut(t *testing.T) {
	const secret = "plain-openai-value-0123456789"
	for shift := range len(secret) {
		for _, fill := range []string{"x ", "xx"} {
			text := strings.Repeat(fill, (16<<10-shift)/2) + secret + strings.Repeat(fill, 100)
			w := commandWorld(t, "say", "HELPER_SAY="+text, "OPENAI_API_KEY="+secret)
			_, err := source(t, w, self(t)).Fetch(t.Context())
			if err == nil || strings.Contains(err.Error(), "plain") || len(err.Error()) > 5<<10 {
				t.Fatalf("cut at %d: %d bytes: %.40q", shift, len(err.Error()), err.Error()[max(0, len(err.Error())-40):])
			}
		}
	}
}

func TestCommandEnvironment(t *testing.T) {
	w := commandWorld(t, "environ", "OPENAI_API_KEY=sk-openai-0123456789", "CODEX_API_KEY=sk-codex-0123456789",
		"FIRST=sk-first-0123456789", "AWS_PROFILE=team")
	got, err := source(t, w, "{first_of: [{env: FIRST}, "+self(t)+"]}").Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := string(got.Secret.Reveal())
	if strings.Contains(text, "0123456789") {
		t.Error("the program got a key that it has no use for")
	}
	if !strings.Contains(text, "AWS_PROFILE=team") {
		t.Error("the program did not get its own settings")
	}
}

func TestCommandLimits(t *testing.T) {
	_, err := source(t, commandWorld(t, "flood"), self(t)).Fetch(t.Context())
	wantError(t, err, sources.KindHelper, "command:"+filepath.Base(os.Args[0])+": the program printed more than 64 KiB")
	_, err = source(t, commandWorld(t, "errflood"), self(t)).Fetch(t.Context())
	if size := len(err.Error()); size < 4<<10 || size > 5<<10 {
		t.Errorf("%d bytes of what it said", size)
	}
	got, err := source(t, commandWorld(t, "stdin"), self(t)).Fetch(t.Context())
	if err != nil || string(got.Secret.Reveal()) != "stdin:0:EOF" {
		t.Errorf("the program had something to read: %v", err)
	}
}

// A program runs in the folder of its policy, wherever codexform was started.
func TestCommandFolder(t *testing.T) {
	w := commandWorld(t, "cwd")
	path := filepath.Join(w.Dir, "codex.yaml")
	source(t, w, self(t)) // writes the policy
	w.Dir = t.TempDir()
	p, err := sources.Load(w, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Source.Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(got.Secret.Reveal()); text != "cwd:"+folder {
		t.Errorf("got %s, want %s", text, folder)
	}
}

func TestCommandFailures(t *testing.T) {
	w := commandWorld(t, "print")
	writeFile(t, filepath.Join(w.Dir, "data"), []byte("x"), 0o600)
	for _, c := range []struct{ command, kind, want string }{
		{"[./data]", sources.KindHelper, "command:data: the program may not be run"},
		{"[./gone]", sources.KindUnavailable, "command:gone: there is no such program"},
		{
			"[codexform-test-no-such-program]", sources.KindUnavailable,
			"command:codexform-test-no-such-program: there is no such program",
		},
	} {
		if c.command == "[./data]" && runtime.GOOS == "windows" {
			continue // the name alone says what may be run, and this one is not looked at
		}
		_, err := source(t, w, "{command: "+c.command+"}").Fetch(t.Context())
		wantError(t, err, c.kind, c.want)
	}
}

func waitFor(t *testing.T, done func() bool) {
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("waited 10 s in vain")
}

// Encodings of a secret that we know of are not shown, nor is a good piece of it.
func TestCommandStderrKnowsEncodings(t *testing.T) {
	const secret = `plain%words,of"no+shape`
	quoted, _ := json.Marshal(secret)
	for name, said := range map[string]string{
		"percent": url.QueryEscape(secret), "path": url.PathEscape(secret), "hex": hex.EncodeToString([]byte(secret)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "login": base64.StdEncoding.EncodeToString([]byte("ada:" + secret)),
		"JSON": string(quoted), "beginning": secret[:8], "end": secret[len(secret)-9:], "in a word": "key=" + secret + ";",
	} {
		w := commandWorld(t, "say", "HELPER_SAY=a "+said+" b", "HELPER_TOKEN="+secret)
		_, err := source(t, w, self(t)).Fetch(t.Context())
		if !strings.HasSuffix(err.Error(), ": a (secret) b") && !strings.HasSuffix(err.Error(), ": a key=(secret); b") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
