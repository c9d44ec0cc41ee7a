package acceptance

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
	"github.com/codexform/codexform/plan/codex/codextest"
	"github.com/codexform/codexform/sources/vaulttest"
)

const (
	etc      = "/etc/codex"
	remember = "/var/lib/codexform"
	someUser = 23456
)

// shared is a machine with a layer of its own and one user, who has no file of Codex's.
type shared struct {
	t       *testing.T
	program string
	home    string // of the user
	yaml    string
	gateway *codextest.Gateway
	right   atomic.Value
	denied  atomic.Int32
}

func newShared(t *testing.T) *shared {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	s := &shared{t: t, program: bin, gateway: codextest.NewGateway(t)}
	s.must(os.Chmod(filepath.Dir(bin), 0o755))
	for _, dir := range []string{etc, remember, "/srv"} {
		s.must(os.MkdirAll(dir, 0o755))
		s.must(syscall.Mount("none", dir, "tmpfs", 0, "mode=755"))
	}
	s.home, s.yaml = "/srv/home", "/srv/codexform/codex.yaml"
	s.must(os.MkdirAll(filepath.Join(s.home, ".codex"), 0o700))
	s.must(os.Chown(s.home, someUser, someUser))
	s.must(os.Chown(filepath.Join(s.home, ".codex"), someUser, someUser))
	s.must(os.MkdirAll(filepath.Dir(s.yaml), 0o755))
	s.must(os.WriteFile("/srv/codex", nil, 0o755))
	s.must(syscall.Mount(codextest.Binary(t), "/srv/codex", "", syscall.MS_BIND, ""))
	s.gateway.Answer = func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+s.right.Load().(string) {
			s.denied.Add(1)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":{"message":"incorrect API key provided"}}`)
			return
		}
		codextest.SayHi(w, r)
	}
	return s
}

func (s *shared) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// policy writes the policy, readable to all.
func (s *shared) policy(lines string) {
	s.t.Helper()
	s.must(os.WriteFile(s.yaml, []byte("version: 1\n"+strings.ReplaceAll(lines, "URL", s.gateway.URL)), 0o644))
}

// command is a run as somebody, with a home that is the user's.
func (s *shared) command(uid uint32, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	s.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = "/", []string{
		"PATH=" + filepath.Dir(s.program) + ":/srv:/usr/bin:/bin", "HOME=" + s.home, "CODEX_HOME=" + filepath.Join(s.home, ".codex"),
		"HTTPS_PROXY=http://127.0.0.1:9",
	}
	if uid == 0 {
		cmd.Env = []string{cmd.Env[0], "HOME=/root"}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}, Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run is codexform as root, with an exit code that it must have.
func (s *shared) run(code int, args ...string) string {
	s.t.Helper()
	return s.runAs(0, code, args...)
}

func (s *shared) runAs(uid uint32, code int, args ...string) string {
	s.t.Helper()
	cmd := s.command(uid, append([]string{s.program}, args...)...)
	old := syscall.Umask(0o077)
	out, _ := cmd.CombinedOutput()
	syscall.Umask(old)
	if got := cmd.ProcessState.ExitCode(); got != code {
		s.t.Fatalf("codexform %q: exit %d, want %d\n%s", args, got, code, out)
	}
	return string(out)
}

// turn lets the user's Codex take a turn, which must come to an exit code.
func (s *shared) turn(code int) string {
	s.t.Helper()
	cmd := s.command(someUser, "/srv/codex", "exec", "--skip-git-repo-check", "-c", "features.unbounded_connection_retries=false", "say hi")
	out, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code || code == 0 && !strings.Contains(string(out), "hi there") {
		s.t.Fatalf("codex exec: exit %d, want %d\n%s", got, code, out)
	}
	return string(out)
}

// bare demands that the user has no file that says how to reach a provider.
func (s *shared) bare() {
	s.t.Helper()
	for _, name := range []string{"config.toml", "auth.json", ".codexform"} {
		if _, err := os.Lstat(filepath.Join(s.home, ".codex", name)); err == nil {
			s.t.Errorf("the user has a %s", name)
		}
	}
}

func (s *shared) mode(path string, want os.FileMode) {
	s.t.Helper()
	info, err := os.Stat(path)
	s.must(err)
	if st := info.Sys().(*syscall.Stat_t); info.Mode().Perm() != want || st.Uid != 0 {
		s.t.Errorf("%s: %v of uid %d, want %v of root", path, info.Mode(), st.Uid, want)
	}
}

func (s *shared) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(etc, name))
	s.must(err)
	return string(data)
}

// The machine's own layer carries a gateway to a user who has no file at all: the key
// comes from Vault while Codex runs, a rotation there reaches it with one failed
// request, and what the user writes does not lead it elsewhere.
func TestSystemLayer(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	v := vaulttest.Start(t)
	s := newShared(t)
	write := func(key string) {
		v.Do(t, http.MethodPost, "secret/data/codex", map[string]any{"data": map[string]any{"api_key": key}})
		s.right.Store(key)
	}
	write(firstKey)
	token := v.Policy(t, "codex", `path "secret/data/codex" { capabilities = ["read"] }`, nil)
	s.must(os.WriteFile("/srv/codexform/token", []byte(token), 0o600))
	s.must(os.Chown("/srv/codexform/token", someUser, someUser))
	s.policy(`
model: gpt-5.4
provider: {id: corp, name: Corp, base_url: 'URL'}
secret: {vault: {address: '` + v.Address + `', path: codex, auth: {method: token, token: {file: /srv/codexform/token}}}}
delivery: command
layer: system
enforce: true
settings: {approval_policy: never}
`)
	s.run(0, "apply", "-f", s.yaml, "--auto-approve")
	s.mode(etc, 0o755)
	s.mode(remember, 0o755)
	for _, path := range []string{etc + "/config.toml", etc + "/requirements.toml", remember + "/status.json"} {
		s.mode(path, 0o644)
	}
	if pins := s.read("requirements.toml"); strings.Contains(pins, "gpt-5.4") || !strings.Contains(pins, `model_provider = "corp"`) {
		t.Errorf("requirements.toml says\n%s", pins)
	}
	if !strings.Contains(s.read("config.toml"), `model = "gpt-5.4"`) {
		t.Errorf("config.toml says\n%s", s.read("config.toml"))
	}
	s.turn(0)
	s.bare()
	if got := s.denied.Load(); got != 0 {
		t.Errorf("%d requests were denied", got)
	}
	if got := s.runAs(someUser, 0, "status", "-f", s.yaml); !strings.HasPrefix(got, "in_sync") {
		t.Errorf("the user's status says %q", got)
	}

	s.run(0, "doctor", "-f", s.yaml)
	s.must(os.Chmod(s.yaml, 0o600))
	s.must(os.Chmod(s.program, 0o750))
	if said := s.run(2, "doctor", "-f", s.yaml); !strings.Contains(said, "helper-closed") || !strings.Contains(said, "policy-closed") {
		t.Errorf("doctor says\n%s", said)
	}
	s.must(os.Chmod(s.yaml, 0o644))
	s.must(os.Chmod(s.program, 0o757))
	if said := s.run(2, "doctor", "-f", s.yaml); !strings.Contains(said, "helper-writable") {
		t.Errorf("doctor says of a program that others may change\n%s", said)
	}
	s.must(os.Chmod(s.program, 0o755))

	// Another key, while a Codex is at work.
	s.right.Store(nextKey)
	v.Do(t, http.MethodPost, "secret/data/codex", map[string]any{"data": map[string]any{"api_key": nextKey}})
	s.turn(0)
	s.rotated(write)

	// The user would rather have another provider.
	elsewhere := codextest.NewGateway(t)
	own := "model_provider = \"mine\"\n[model_providers.mine]\nname = \"Mine\"\nbase_url = \"" + elsewhere.URL + "\"\n"
	s.must(os.WriteFile(filepath.Join(s.home, ".codex", "config.toml"), []byte(own), 0o644))
	s.must(os.WriteFile(filepath.Join(s.home, ".codex", "auth.json"), []byte(`{"OPENAI_API_KEY":"sk-mine-0123456789"}`), 0o644))
	before := len(s.gateway.Turns())
	s.turn(0)
	if len(elsewhere.Turns()) > 0 || len(s.gateway.Turns()) == before {
		t.Errorf("the user's provider was asked %d times, the pinned one %d", len(elsewhere.Turns()), len(s.gateway.Turns())-before)
	}

	s.run(0, "destroy", "-f", s.yaml, "--auto-approve")
	for _, name := range []string{"config.toml", "requirements.toml"} {
		if _, err := os.Lstat(filepath.Join(etc, name)); err == nil {
			t.Errorf("destroy left %s", name)
		}
	}
}

// rotated has the key change between two requests of one Codex: the first with the old
// one fails, the second has the new one.
func (s *shared) rotated(write func(string)) {
	s.t.Helper()
	answer := s.gateway.Answer
	var first atomic.Bool
	s.gateway.Answer = func(w http.ResponseWriter, r *http.Request) {
		if first.CompareAndSwap(false, true) {
			write("sk-third-0123456789abcdef")
		}
		answer(w, r)
	}
	before := s.denied.Load()
	s.turn(0)
	if got := s.denied.Load() - before; got != 1 {
		s.t.Errorf("the rotation took %d failed requests, want 1", got)
	}
	s.gateway.Answer = answer
}

// What the administrator has in both files stays, whatever comes and goes; and what
// would stop every user, or could be changed by one, is refused.
func TestSystemLayerKeepsAndRefuses(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	s := newShared(t)
	s.right.Store(firstKey)
	const config = "# ours\nmodel = \"old\" # since May\n\n[tui]\nnotifications = true\n"
	const pins = "# the law\nallowed_approval_policies = [\"never\", \"on-request\"]\n\n[model_providers.old]\nname = \"Old\"\nbase_url = \"https://old.example/v1\"\n"
	s.must(os.WriteFile(etc+"/config.toml", []byte(config), 0o644))
	s.must(os.WriteFile(etc+"/requirements.toml", []byte(pins), 0o600))
	s.must(os.WriteFile("/srv/codexform/key", []byte(firstKey), 0o644))
	lines := `
model: gpt-5.4
provider: {id: corp, name: Corp, base_url: 'URL'}
secret: {file: /srv/codexform/key}
delivery: command
layer: system
enforce: true
`
	s.policy(lines + "settings: {approval_policy: sometimes}\n")
	if said := s.run(3, "apply", "-f", s.yaml, "--auto-approve"); !strings.Contains(said, "load-check") {
		t.Errorf("a value that no Codex takes: %s", said)
	}
	s.policy(lines)
	s.must(os.Chmod(s.yaml, 0o600))
	if said := s.run(3, "apply", "-f", s.yaml, "--auto-approve"); !strings.Contains(said, "policy-closed") {
		t.Errorf("a policy that users cannot read: %s", said)
	}
	s.must(os.Chmod(s.yaml, 0o644))
	for _, f := range []struct {
		says     string
		do, undo func() error
	}{
		{"is closed to users", func() error { return os.Chmod(etc, 0o700) }, func() error { return os.Chmod(etc, 0o755) }},
		{"belongs to another user than root", func() error { return os.Chown(etc, someUser, 0) }, func() error { return os.Chown(etc, 0, 0) }},
		{"belongs to another user than root", func() error { return os.Chown(etc+"/config.toml", someUser, 0) }, func() error { return os.Chown(etc+"/config.toml", 0, 0) }},
		{"may be written by others", func() error { return os.Chmod(etc+"/requirements.toml", 0o666) }, func() error { return os.Chmod(etc+"/requirements.toml", 0o600) }},
		{"may be written by others", func() error { return os.Chmod(remember, 0o777) }, func() error { return os.Chmod(remember, 0o755) }},
	} {
		s.must(f.do())
		if said := s.run(1, "plan", "-f", s.yaml); !strings.Contains(said, f.says) {
			t.Errorf("want %q, and it says\n%s", f.says, said)
		}
		s.run(1, "apply", "-f", s.yaml, "--auto-approve")
		s.must(f.undo())
	}
	s.must(os.Chmod(etc+"/requirements.toml", 0o644))
	if said := s.runAs(someUser, 1, "apply", "-f", s.yaml, "--auto-approve"); !strings.Contains(said, "run it as root") {
		t.Errorf("a user's apply says\n%s", said)
	}
	if s.read("config.toml") != config || s.read("requirements.toml") != pins {
		t.Fatal("something was written")
	}

	s.must(os.Chmod(etc+"/requirements.toml", 0o600)) // which stops every user until now
	s.run(0, "apply", "-f", s.yaml, "--auto-approve")
	s.mode(etc+"/requirements.toml", 0o644)
	s.turn(0)
	s.must(os.Chmod(etc+"/config.toml", 0o600))
	if said := s.run(2, "status", "-f", s.yaml); !strings.HasPrefix(said, "drift") {
		t.Errorf("a closed file: status says %q", said)
	}
	s.run(0, "apply", "-f", s.yaml, "--auto-approve")
	s.mode(etc+"/config.toml", 0o644)
	if said := s.run(0, "history", "--codex-home", etc); !strings.Contains(said, "2") {
		t.Errorf("history says\n%s", said)
	}
	s.run(0, "rollback", "1", "-f", s.yaml, "--auto-approve")
	if got := s.read("config.toml") + s.read("requirements.toml"); got != config+pins {
		t.Errorf("a rollback behind the first apply left\n%s", got)
	}
	s.run(0, "apply", "-f", s.yaml, "--auto-approve")
	s.run(0, "destroy", "--codex-home", etc, "--auto-approve")
	if got := s.read("config.toml") + s.read("requirements.toml"); got != config+pins {
		t.Errorf("destroy left\n%s", got)
	}
	s.mode(etc+"/requirements.toml", 0o644)
}
