package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestRunners plays the guide's jobs for services whose own runners do not run here: a
// job that ends well, one that fails when the key is there, one that is cancelled then,
// and one whose identity is another repository's.
func TestRunners(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, NOTHING IS PROVED: the jobs need jq")
	}
	v := newVault(t)
	v.logins(t)
	for name, service := range map[string]struct {
		secret string
		job    func(r *runner) bool
		masks  bool
	}{
		"GitLab":          {"auth: {method: jwt, role: codex, jwt: {env: VAULT_ID_TOKEN}}", gitlab, false},
		"Buildkite":       {"auth: {method: jwt, role: codex, jwt: {env: ID_TOKEN}}", buildkite, true},
		"Azure Pipelines": {"auth: {method: token}", azure, true},
	} {
		for _, ends := range []string{"well", "badly", "by a signal", "fork"} {
			t.Run(name+"/"+ends, func(t *testing.T) {
				r := newRunner(t, v, ends, service.secret)
				r.judge(service.job(r), service.masks)
			})
		}
	}
}

// gitlab clones under umask 000, runs the script, and after_script whatever came of it.
func gitlab(r *runner) bool {
	var job struct {
		Tokens map[string]struct{ Aud string } `yaml:"id_tokens"`
		Vars   map[string]string               `yaml:"variables"`
		Script []string
		After  []string `yaml:"after_script"`
	}
	var file map[string]yaml.Node
	r.must(yaml.Unmarshal(snippet(r.t, "GitLab"), &file))
	node := file["codex"]
	r.must(node.Decode(&job))
	r.must(os.Chmod(filepath.Join(r.checkout, "codex.yaml"), 0o666))
	set := map[string]string{"CI_BUILDS_DIR": r.temp, "CI_JOB_ID": "4711"}
	for name, value := range job.Vars {
		r.env = append(r.env, name+"="+os.Expand(value, func(v string) string { return set[v] }))
	}
	for name, token := range job.Tokens {
		r.env = append(r.env, name+"="+r.identity(token.Aud))
	}
	if len(job.Script) == 0 || len(job.After) == 0 || len(job.Tokens) == 0 {
		r.t.Fatalf("the job says %+v", job)
	}
	ok := r.shell("umask 000\n" + strings.Join(job.Script, "\n"))
	r.shell("umask 000\n" + strings.Join(job.After, "\n"))
	return ok
}

const buildkiteAgent = `#!/bin/sh
case "$1 $2 $3" in
'oidc request-token --audience') cat "$AGENT/token-for-$4" ;;
'redactor add ') cat >>"$AGENT/hidden" ;;
*) exit 64 ;;
esac
`

// buildkite replaces $$ by $ when a pipeline is uploaded, and $NAME by what the upload
// knows, which is nothing of the job's.
func buildkite(r *runner) bool {
	var file struct{ Steps []struct{ Command string } }
	r.must(yaml.Unmarshal(snippet(r.t, "Buildkite"), &file))
	if len(file.Steps) != 1 {
		r.t.Fatalf("the pipeline says %+v", file)
	}
	r.must(os.WriteFile(filepath.Join(r.temp, "bin", "buildkite-agent"), []byte(buildkiteAgent), 0o755))
	r.must(os.WriteFile(filepath.Join(r.temp, "token-for-codexform"), []byte(r.identity("codexform")+"\n"), 0o600))
	r.env = append(r.env, "AGENT="+r.temp)
	script := regexp.MustCompile(`\$\$|\$\w+|\$\{\w+\}`).ReplaceAllStringFunc(file.Steps[0].Command, func(m string) string {
		if m == "$$" {
			return "$"
		}
		return ""
	})
	ok := r.shell(script)
	hidden, _ := os.ReadFile(filepath.Join(r.temp, "hidden"))
	r.hidden = strings.Fields(string(hidden))
	return ok
}

// azure replaces $(name) and leaves secret variables out of every environment that does
// not ask for them; after a failure it runs what has the condition always().
func azure(r *runner) bool {
	var file struct {
		Variables map[string]string
		Steps     []struct {
			Script, Condition string
			Env               map[string]string
		}
	}
	r.must(yaml.Unmarshal(snippet(r.t, "Azure Pipelines"), &file))
	if len(file.Steps) != 3 {
		r.t.Fatalf("the pipeline says %+v", file)
	}
	token := r.v.Policy(r.t, "codex-azure", `path "secret/data/codex" { capabilities = ["read"] }`, nil)
	if r.ends == "fork" {
		token = "a-token-of-nobody"
	}
	values := strings.NewReplacer("$(Agent.TempDirectory)", r.temp, "$(vaultToken)", token)
	for name, value := range file.Variables {
		r.env = append(r.env, name+"="+values.Replace(value))
	}
	ok := true
	for _, step := range file.Steps {
		if !ok && step.Condition != "always()" {
			continue
		}
		var env []string
		for name, value := range step.Env {
			env = append(env, name+"="+values.Replace(value))
		}
		ok = r.shell(values.Replace(step.Script), env...) && ok
	}
	return ok
}
