package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write expected output anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"codexform": main, "codexform-buggy": buggy, "codexform-managed": managed, "codexform-floor": floor, "codexform-spy": spy, "codexform-hasty": hasty})
}

// TestScript plays the stories of testdata/script: the real binary, real files,
// real servers on loopback.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds:                commands,
	})
}

// The keys of the stories: KEY is what their codex.yaml names.
const (
	goodKey  = "sk-story-good-0123456789"
	wrongKey = "sk-story-wrong-987654321"
)

func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	root, err := filepath.Abs(filepath.FromSlash("../.."))
	if err != nil {
		return err
	}
	env.Setenv("ROOT", root)
	env.Setenv("ACTION", filepath.Join(root, ".github", "actions", "plan"))
	for name, value := range map[string]string{
		"HOME": home, "USERPROFILE": home, "KEY": goodKey, "GOOD_KEY": goodKey, "WRONG_KEY": wrongKey,
	} {
		env.Setenv(name, value)
	}
	env.Values[storyKey{}] = &story{}
	return os.MkdirAll(home, 0o700)
}
