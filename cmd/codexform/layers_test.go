package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/codexform/codexform/"

// layers says for each wing what of ours it may import. A name with /... means the
// package and all below it. What is not named here may import everything.
var layers = []struct {
	of      string
	imports []string
}{
	{"plan", nil},
	{"plan/editor", []string{"plan"}},
	{"plan/tomlfile/...", []string{"plan", "plan/editor"}},
	{"plan/jsonfile/...", []string{"plan", "plan/editor"}},
	{"plan/codex/...", []string{"plan", "plan/tomlfile", "plan/jsonfile", "plan/editor", "plan/bounded", "plan/access", "plan/stall", "plan/way", "plan/codex/..."}},
	{"plan/...", []string{"plan/..."}},
	{"sources/...", []string{"sources/...", "plan/..."}},
	{"apply/...", []string{"apply/...", "plan/..."}},
	{"docs/...", nil},
	{"cmd/codexform/ui", []string{"plan/...", "apply", "apply/gateway"}},
	{"cmd/codexform/export", []string{"plan/..."}},
	{"cmd/codexform/doctor", []string{"sources", "apply", "apply/commit", "apply/gateway", "cmd/codexform/ui", "plan/..."}},
}

// worldly are packages that reach the machine; values are worked out without them.
var worldly = []string{"os", "os/exec", "os/user", "os/signal", "net", "net/http", "syscall", "github.com/spf13/afero"}

var pure = []string{"plan", "plan/editor", "plan/tomlfile", "plan/jsonfile", "plan/rollout", "plan/status"}

// Imports point one way: main, cli, then sources and apply, which never meet, then plan.
func TestImportsPointOneWay(t *testing.T) {
	needProgram(t, "go")
	for _, system := range []string{"linux", "darwin", "windows"} {
		for of, imports := range importsOn(t, system) {
			for _, i := range imports {
				if ours, ok := strings.CutPrefix(i, module); ok && !mayImport(of, ours) {
					t.Errorf("on %s, %s imports %s", system, of, ours)
				}
				if slices.Contains(pure, of) && slices.Contains(worldly, i) {
					t.Errorf("on %s, %s imports %s: it works on values alone", system, of, i)
				}
			}
		}
	}
}

// importsOn are the imports of each package of ours on a system, without those of its
// tests.
func importsOn(t *testing.T, system string) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...")
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		all[strings.TrimPrefix(words[0], module)] = words[1:]
	}
	if len(all) < 15 || len(all["plan/codex"]) < 5 {
		t.Fatalf("go list knows only %v", all)
	}
	return all
}

func mayImport(of, ours string) bool {
	for _, l := range layers {
		if within(of, l.of) {
			return slices.ContainsFunc(l.imports, func(name string) bool { return within(ours, name) })
		}
	}
	// The commands stand on everything; nothing stands on them.
	return strings.HasPrefix(of, "cmd/") && ours != "cmd/codexform"
}

// within reports whether a package is meant by a name of layers.
func within(pkg, name string) bool {
	wing, all := strings.CutSuffix(name, "/...")
	return pkg == wing || all && strings.HasPrefix(pkg, wing+"/")
}
