package commit

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// git runs the real one in a folder, without anybody's configuration.
func git(t *testing.T, dir string, args ...string) int {
	t.Helper()
	c := exec.Command("git", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatalf("git %v: %v %s", args, err, out)
	}
	return 0
}

// TestGitIgnores holds our reading of the rules against git's own, over random ones.
func TestGitIgnores(t *testing.T) {
	needGit(t)
	pieces := []string{
		"auth.json", "*.json", "auth.*", "*", "**", "dot", "d*t", "codex", "/dot", "/dot/", "dot/codex", "dot/", "codex/",
		"/auth.json", "dot/**", "**/codex", "**/auth.json", "dot/*/auth.json", "dot/**/auth.json", "a?th.json", "????.json", "#auth.json",
		"auth.json ", "", "codex/auth.json", "other", "/dot/codex/auth.json", "d**t/codex", "*/codex", "dot/*", "json",
		"*.[jJ]son", "[!b]uth.json", "*.py[cod]", "a[a-z]th.json", "\\auth.json", "auth[.]json", "[^a]*", "d[o]t/", "\\#x", "[x-z]*",
	}
	rng := rand.New(rand.NewPCG(1, 2))
	yes := 0
	for n := range 150 {
		tree := t.TempDir()
		git(t, tree, "init", "-q")
		file := filepath.Join(tree, "dot", "codex", "auth.json")
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file, nil, 0o600))
		for _, where := range []string{".gitignore", "dot/.gitignore", "dot/codex/.gitignore", ".git/info/exclude"} {
			var text strings.Builder
			for range rng.IntN(3) {
				fmt.Fprintf(&text, "%s%s%s", []string{"", "", "!"}[rng.IntN(3)], pieces[rng.IntN(len(pieces))], []string{"\n", "\r\n"}[rng.IntN(2)])
			}
			must(t, os.WriteFile(filepath.Join(tree, where), []byte(text.String()), 0o644))
		}
		want := git(t, tree, "check-ignore", "-q", file) == 0
		if got := gitIgnores(tree, file); got != want {
			t.Errorf("case %d: ignored %v, git says %v: %q", n, got, want, harvest(t, tree))
		}
		if want {
			yes++
		}
		os.RemoveAll(tree)
	}
	if yes < 20 || yes > 130 {
		t.Errorf("%d of 150 are ignored: the cases prove little", yes)
	}
}

// What is tracked is committed although it is ignored, and what is unclear is refused.
func TestGitIgnoresNot(t *testing.T) {
	needGit(t)
	for name, unclear := range map[string]func(tree, file string){
		"tracked":     func(tree, _ string) { git(t, tree, "add", "-f", "auth.json") },
		"index 4":     func(tree, _ string) { git(t, tree, "update-index", "--index-version", "4", "--add", ".gitignore") },
		"split index": func(tree, _ string) { git(t, tree, "update-index", "--split-index", "--add", ".gitignore") },
		"a class that is not simple": func(tree, _ string) {
			must(t, os.WriteFile(filepath.Join(tree, ".gitignore"), []byte("[[:alpha:]]uth.json\n"), 0o644))
		},
		"a linked rule": func(tree, _ string) {
			must(t, first(os.Rename(filepath.Join(tree, ".gitignore"), filepath.Join(tree, "rules")), os.Symlink("rules", filepath.Join(tree, ".gitignore"))))
		},
		"a huge rule file": func(tree, _ string) { must(t, os.Truncate(filepath.Join(tree, ".gitignore"), maxFile+1)) },
		"no git folder": func(tree, _ string) {
			must(t, first(os.RemoveAll(filepath.Join(tree, ".git")), os.WriteFile(filepath.Join(tree, ".git"), []byte("?"), 0o644)))
		},
	} {
		tree := t.TempDir()
		git(t, tree, "init", "-q")
		file := filepath.Join(tree, "auth.json")
		must(t, os.WriteFile(file, nil, 0o600))
		must(t, os.WriteFile(filepath.Join(tree, ".gitignore"), []byte("auth.json\n"), 0o644))
		must(t, refuseGit(file))
		unclear(tree, file)
		if refuseGit(file) == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// A linked work tree and a submodule keep what git knows elsewhere.
func TestGitIgnoresWorktree(t *testing.T) {
	needGit(t)
	main, linked := t.TempDir(), filepath.Join(t.TempDir(), "linked")
	git(t, main, "init", "-q")
	if git(t, main, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "a") != 0 || git(t, main, "worktree", "add", "-q", linked) != 0 {
		t.Fatal("git cannot make the work tree")
	}
	file := filepath.Join(linked, "auth.json")
	must(t, os.WriteFile(file, nil, 0o600))
	if refuseGit(file) == nil {
		t.Error("not refused without a rule")
	}
	must(t, os.MkdirAll(filepath.Join(main, ".git", "info"), 0o755))
	must(t, os.WriteFile(filepath.Join(main, ".git", "info", "exclude"), []byte("auth.json\n"), 0o644))
	must(t, refuseGit(file))
}
