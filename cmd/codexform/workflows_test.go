package main

import (
	"os"
	"path/filepath"
	"regexp"
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
