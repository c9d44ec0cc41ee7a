package acceptance

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// runner plays the jobs of docs/guides/ci-runners.md as their services document it: what
// is set, what is run when, and what is hidden. Codex, Vault and the rights of the job's
// identity are real.
type runner struct {
	t        *testing.T
	v        *vault
	gateway  *codextest.Gateway
	repo     string // that the identity names
	ends     string // how the turn of Codex ends: well, badly, or by a signal to the job
	place    string // where checkout and temp are
	checkout string
	temp     string // of the agent
	env      []string
	log      bytes.Buffer
	hidden   []string // what the service was told to hide
	job      atomic.Pointer[os.Process]
}

func newRunner(t *testing.T, v *vault, ends, secret string) *runner {
	r := &runner{t: t, v: v, gateway: codextest.NewGateway(t), repo: "acme/laptops", ends: ends, place: codextest.Home(t)}
	r.checkout, r.temp = filepath.Join(r.place, "checkout"), filepath.Join(r.place, "agent")
	r.must(os.Mkdir(r.checkout, 0o755))
	if ends == "fork" {
		r.repo = "mallory/laptops"
	}
	r.gateway.Answer = r.turn
	bin := filepath.Join(r.temp, "bin")
	r.must(os.MkdirAll(bin, 0o755))
	program, err := build()
	r.must(err)
	r.must(os.Symlink(program, filepath.Join(bin, "codexform")))
	r.must(os.Symlink(codextest.Binary(t), filepath.Join(bin, "codex")))
	policy := "version: 1\nmodel: gpt-5.4\nprovider: {base_url: '" + r.gateway.URL + "'}\n" +
		v.secret(login{lines: secret}) + "settings: {features: {unbounded_connection_retries: false}}\n"
	r.must(os.WriteFile(filepath.Join(r.checkout, "codex.yaml"), []byte(policy), 0o644))
	r.must(exec.Command("git", "-C", r.checkout, "init", "-q").Run())
	r.env = []string{"PATH=" + bin + ":/usr/local/bin:/usr/bin:/bin", "HOME=" + r.temp, "TMPDIR=" + r.temp, "HTTPS_PROXY=http://127.0.0.1:9", "RUST_BACKTRACE=0"}
	return r
}

func (r *runner) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// turn is the gateway's answer to Codex.
func (r *runner) turn(w http.ResponseWriter, req *http.Request) {
	switch r.ends {
	case "badly":
		w.WriteHeader(http.StatusUnauthorized)
	case "by a signal":
		if job := r.job.Load(); job != nil {
			_ = syscall.Kill(-job.Pid, syscall.SIGTERM)
		}
		<-req.Context().Done()
	default:
		codextest.SayHi(w, req)
	}
}

// identity is the token that the service gives the job.
func (r *runner) identity(audience string) string {
	return r.v.issuer.Sign(obj{"aud": audience, "repository": r.repo})
}

// snippet is the YAML below a heading of the guide.
func snippet(t *testing.T, heading string) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../docs/guides/ci-runners.md")
	if err != nil {
		t.Fatal(err)
	}
	_, below, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	_, code, _ := strings.Cut(below, "```yaml\n")
	code, _, ok := strings.Cut(code, "```")
	if !ok {
		t.Fatalf("the guide has no %s", heading)
	}
	return []byte(code)
}

// shell runs a script of the job, and reports whether it ended well.
func (r *runner) shell(script string, env ...string) bool {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/bash", "-e", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = r.checkout, append(append([]string{}, r.env...), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	r.must(cmd.Start())
	r.job.Store(cmd.Process)
	err := cmd.Wait()
	if ctx.Err() != nil {
		r.t.Fatalf("%s hangs:\n%s", script, out.String())
	}
	r.hear(out.Bytes())
	return err == nil
}

var command = regexp.MustCompile(`^##vso\[task\.setvariable variable=(\w+)(;issecret=true)?\](.*)$`)

// hear keeps what a service shows of an output, and does what lines of it ask.
func (r *runner) hear(out []byte) {
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := command.FindStringSubmatch(lines.Text())
		switch {
		case m == nil:
			r.log.WriteString(lines.Text() + "\n")
		case m[2] != "": // a secret variable is in no environment by itself
			r.hidden = append(r.hidden, m[3])
		default:
			r.env = append(r.env, m[1]+"="+m[3])
		}
	}
}

// judge demands what the guide promises of a job.
func (r *runner) judge(ok, masks bool) {
	t := r.t
	t.Helper()
	fork := r.ends == "fork"
	if want := r.ends == "well"; ok != want {
		t.Errorf("the job went well: %v, want %v\n%s", ok, want, r.log.String())
	}
	if fork && !strings.Contains(r.log.String(), "vault") {
		t.Errorf("the job does not say that Vault refused it\n%s", r.log.String())
	}
	if got := len(r.gateway.Turns()) > 0; got == fork {
		t.Errorf("Codex has asked the gateway: %v\n%s", got, r.log.String())
	}
	for _, turn := range r.gateway.Turns() {
		if turn.Header.Get("Authorization") != "Bearer "+turnKey {
			t.Errorf("Codex asked with %q", turn.Header.Get("Authorization"))
		}
	}
	if strings.Contains(r.log.String(), turnKey) {
		t.Errorf("the key is in the log\n%s", r.log.String())
	}
	if hidden := strings.Join(r.hidden, "\n"); masks && !fork && hidden != turnKey {
		t.Errorf("the service was told to hide %q", hidden)
	}
	if strings.Contains(r.log.String(), "~/.codex") {
		t.Errorf("the job works on a home that is not its own\n%s", r.log.String())
	}
	_ = filepath.WalkDir(r.place, func(path string, d os.DirEntry, err error) error {
		if err == nil && (d.Name() == "auth.json" || d.Name() == ".codexform") {
			t.Errorf("%s is left", path)
		}
		return nil
	})
}
