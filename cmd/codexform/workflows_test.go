package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)

// workflow is what a hosted workflow says of rights and of what it runs.
type workflow struct {
	Permissions map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Timeout     int `yaml:"timeout-minutes"`
		Strategy    struct{ Matrix struct{ Target []string } }
		Steps       []struct{ Uses, Run string }
	}
}

// TestWorkflows demands of each hosted workflow that every action is pinned by its
// commit, and that no job has a right that it does not name.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", ".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d workflows, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(data, &w); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if w.Permissions == nil || len(w.Permissions) > 0 {
			t.Errorf("%s: permissions of all jobs: %v, want {}", file, w.Permissions)
		}
		for name, job := range w.Jobs {
			if len(job.Permissions) == 0 || job.Timeout == 0 || len(job.Steps) == 0 {
				t.Errorf("%s: %s names no permissions, no timeout-minutes or no steps", file, name)
			}
			for _, step := range job.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s: %s uses %s, which is not pinned by commit", file, name, step.Uses)
				}
			}
		}
	}
}

// byHand are the targets that no machine runs by itself, each for its reason.
var byHand = map[string]string{
	"build":         "package builds it, for every system",
	"clean":         "removes",
	"bench-figures": "prints what bench has written",
	"pictures":      "a person looks at them",

	"codex-tables-check": "where a machine makes the tables, for a newer Codex, they are to differ",

	"tools-peers": "peers and ways make it",
	"tools-codex": "tools makes it",
	"tools-vault": "tools makes it",
}

var (
	makeTarget = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	made       = regexp.MustCompile(`\bmake ([^\n<]*)`)
)

// TestEveryTargetRuns demands that what the Makefile offers is run: by .ci/run, or by a job
// of a hosted workflow.
func TestEveryTargetRuns(t *testing.T) {
	root := filepath.Join("..", "..")
	runs := map[string]bool{}
	asked := func(text string) {
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			for _, word := range strings.Fields(m[1]) {
				runs[word] = true
			}
		}
	}
	asked(readFile(t, filepath.Join(root, ".ci", "run")))
	files, _ := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	for _, file := range files {
		var w workflow
		if err := yaml.Unmarshal([]byte(readFile(t, file)), &w); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, job := range w.Jobs {
			for _, step := range job.Steps {
				asked(step.Run)
				if strings.Contains(step.Run, `make "$TARGET"`) {
					for _, name := range job.Strategy.Matrix.Target {
						runs[name] = true
					}
				}
			}
		}
	}
	targets := map[string]bool{}
	for _, m := range makeTarget.FindAllStringSubmatch(readFile(t, filepath.Join(root, "Makefile")), -1) {
		targets[m[1]] = true
		if runs[m[1]] == (byHand[m[1]] != "") {
			t.Errorf("make %s: a machine runs it: %v; to be run by hand because: %q", m[1], runs[m[1]], byHand[m[1]])
		}
	}
	for name := range byHand {
		if !targets[name] {
			t.Errorf("the Makefile has no %s", name)
		}
	}
}

// TestIssueForms demands that the forms are ones that the forge takes.
func TestIssueForms(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", ".github", "ISSUE_TEMPLATE", "*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		var form struct {
			Name, Description string
			Body              []struct{ Type, ID string }
			Links             []struct{ Name, URL, About string } `yaml:"contact_links"`
		}
		if err := yaml.Unmarshal([]byte(readFile(t, file)), &form); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if filepath.Base(file) == "config.yml" {
			if len(form.Links) == 0 || form.Links[0].URL == "" {
				t.Errorf("%s has no link", file)
			}
			continue
		}
		if form.Name == "" || form.Description == "" || len(form.Body) == 0 {
			t.Errorf("%s lacks name, description or body", file)
		}
		for _, part := range form.Body {
			if part.Type != "markdown" && (part.Type == "" || part.ID == "") {
				t.Errorf("%s: a field without type or id", file)
			}
		}
	}
}

// TestSetupAction demands that the action's second half runs however the job ends, and
// that the runner finds both.
func TestSetupAction(t *testing.T) {
	dir := filepath.Join("..", "..", ".github", "actions", "setup")
	var action struct {
		Outputs map[string]struct{ Description string }
		Runs    struct {
			Using, Main, Post string
			PostIf            string `yaml:"post-if"`
		}
	}
	if err := yaml.Unmarshal([]byte(readFile(t, filepath.Join(dir, "action.yml"))), &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "node24" || action.Runs.PostIf != "always()" || action.Outputs["codex-home"].Description == "" {
		t.Errorf("the action says %+v", action)
	}
	for _, half := range []string{action.Runs.Main, action.Runs.Post} {
		if _, err := os.Stat(filepath.Join(dir, half)); half == "" || err != nil {
			t.Errorf("the runner would not find %q: %v", half, err)
		}
	}
}
