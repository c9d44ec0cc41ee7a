package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

// gitlabJob are the commands of a job's script on a page, in order.
func gitlabJob(t *testing.T, page, job string) []string {
	t.Helper()
	text := readFile(t, filepath.Join("..", "..", "docs", "guides", page))
	block := regexp.MustCompile("(?s)```yaml\n" + job + ":\n(.*?)```").FindStringSubmatch(text)
	if block == nil {
		t.Fatalf("%s has no job %s", page, job)
	}
	_, script, _ := strings.Cut(block[1], "  script:\n")
	var out []string
	for line := range strings.Lines(script) {
		command, ok := strings.CutPrefix(line, "    - ")
		if !ok {
			break
		}
		out = append(out, strings.TrimSpace(command))
	}
	return out
}

// clone is a checkout as GitLab's runners make it: under umask 000, of two commits.
func (r runner) clone(t *testing.T) string {
	t.Helper()
	origin, dir := t.TempDir(), filepath.Join(t.TempDir(), "builds")
	policy := "version: 1\nmodel: %s\nprovider: {base_url: '" + r.gateway + "/v1'}\nsecret: {env: KEY}\n"
	for _, model := range []string{"gpt-5.4", "gpt-5.5"} {
		if err := os.WriteFile(filepath.Join(origin, "codex.yaml"), []byte(fmt.Sprintf(policy, model)), 0o600); err != nil {
			t.Fatal(err)
		}
		r.sh(t, origin, 0, "git init -q 2>/dev/null; git add -A && git -c user.name=a -c user.email=a@b.example commit -qm x")
	}
	r.sh(t, "/", 0, "git clone -q "+origin+" "+dir)
	return dir
}

// runner is a machine of GitLab's.
type runner struct{ bin, home, gateway string }

func newRunner(t *testing.T) runner {
	g, err := loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(goodKey))}, Models: []string{"gpt-5.4", "gpt-5.5"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return runner{filepath.Dir(program(t)), filepath.Join(t.TempDir(), "codex-home"), g.Origin()}
}

func (r runner) sh(t *testing.T, dir string, want int, commands ...string) string {
	t.Helper()
	cmd := exec.Command("sh", "-c", "umask 000\nset -e\n"+strings.Join(commands, "\n"))
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + r.bin + ":" + os.Getenv("PATH"), "HOME=" + filepath.Dir(r.home), "KEY=" + goodKey, "CODEX_HOME=" + r.home,
	}
	if strings.Contains(commands[len(commands)-1], "plan") {
		base, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD~1").Output()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, "CI_MERGE_REQUEST_DIFF_BASE_SHA="+strings.TrimSpace(string(base)))
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		t.Fatalf("%q: %v, want exit %d\n%s", commands, err, want, out)
	}
	return string(out)
}

// The jobs for GitLab are played as the guides have them, in a clone that everybody may
// write: without their chmod the policy is refused, with it they do what they say, and
// no file with a key is for others.
func TestGitLabUnderItsUmask(t *testing.T) {
	r := newRunner(t)
	run := gitlabJob(t, "ci-runners.md", "codex")
	if len(run) != 3 || !strings.HasPrefix(run[0], "chmod") || !strings.HasPrefix(run[1], "codexform apply") {
		t.Fatalf("the job is another one: %q", run)
	}
	dir := r.clone(t)
	if out := r.sh(t, dir, 3, run[1]); !strings.Contains(out, "chmod go-w ") {
		t.Errorf("no fix is said: %s", out)
	}
	if _, err := os.Stat(r.home); err == nil {
		t.Error("a refused policy made a home")
	}
	r.sh(t, dir, 0, run[:2]...)
	for _, name := range []string{"auth.json", "config.toml"} {
		if info, err := os.Stat(filepath.Join(r.home, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestGitLabReviewUnderItsUmask(t *testing.T) {
	r := newRunner(t)
	job := gitlabJob(t, "review.md", "plan")
	if len(job) < 8 || !strings.Contains(job[0], "chmod") || !strings.HasPrefix(job[1], "go install") {
		t.Fatalf("the job is another one: %q", job)
	}
	dir := r.clone(t)
	out := r.sh(t, dir, 0, append(job[:1:1], job[2:]...)...)
	page, err := os.ReadFile(filepath.Join(dir, "plan.md"))
	if err != nil || !strings.Contains(string(page), "gpt-5.5") || strings.Contains(string(page)+out, "writable") {
		t.Errorf("%v\n%s\n%s", err, page, out)
	}
	open := r.clone(t)
	r.sh(t, open, 0, job[2:]...)
	if page, err := os.ReadFile(filepath.Join(open, "plan.md")); err != nil || !strings.Contains(string(page), `policy\-writable`) {
		t.Errorf("without the chmod nobody is warned: %v\n%s", err, page)
	}
}
