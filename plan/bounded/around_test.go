package bounded_test

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codetest"
)

// around are the calls that read without this package, and why each may.
var around = map[string]string{
	"plan/stall/hear_linux.go ReadFile":            "the kernel's own words, of this process",
	"plan/bounded/bounded.go OpenFile":             "this is the place",
	"plan/bounded/bounded.go ReadAll":              "this is the place",
	"plan/bounded/pipes.go OpenFile":               "this is the place",
	"plan/bounded/watched.go Open":                 "the file system that this package is given",
	"plan/bounded/watched.go OpenFile":             "the file system that this package is given",
	"apply/commit/folder.go OpenFile":              "below an os.Root, with its own look before and after, without waiting",
	"apply/commit/folder.go Open":                  "the folder itself",
	"apply/commit/stage.go OpenFile":               "our own new file, to sync it; not read",
	"apply/commit/lock.go OpenFile":                "a lock, opened without waiting and not read",
	"apply/commit/userfile.go OpenFile":            "made anew, for writing only",
	"plan/codex/profiles.go Open":                  "the folder itself",
	"plan/codex/foreign_unix.go ReadFile":          "the system's own file",
	"plan/codex/foreign_unix.go OpenFile":          "256 bytes of a program, opened without waiting",
	"plan/codex/process_unix.go OpenFile":          "a lock, opened without waiting and not read",
	"plan/codex/process_windows.go OpenFile":       "a lock, not read",
	"sources/vault/conn.go ReadAll":                "an answer of Vault, bounded by its transport",
	"cmd/codexform/cli/demo.go ReadFile":           "files that the demo wrote itself",
	"cmd/codexform/cli/log_system_windows.go Open": "the system's own log",
	"cmd/codexform/system_windows.go OpenFile":     "the file system that this package is given",
	"cmd/codexform/machine_linux.go ReadFile":      "the system's own file",
	"sources/vault/transport.go ReadFile":          "a function of its World, which is bounded",
	"apply/commit/exchange_windows.go ReadAll":     "of a regular file by its handle, with a bound",
	"apply/commit/attributes_windows.go ReadAll":   "of a regular file's further streams, with a bound",
	"cmd/codexform/users/self_linux.go Open":       "the program itself, to copy it into memory",
	"apply/commit/machine_windows.go Open":         "a folder, for its access list",
	"apply/commit/access_windows.go OpenFile":      "a new file, written",
	"apply/commit/modes_other.go OpenFile":         "made anew, for writing only",
	"cmd/codexform/cli/users_fence.go Open":        "the file system that this package is given, behind a fence",
	"cmd/codexform/cli/users_fence.go OpenFile":    "the file system that this package is given, behind a fence",
	"cmd/codexform/users/child.go ReadAll":         "a pipe of our own child, with a bound",
}

// Nothing is read by a name but here: a test of the calls, not of the files.
func TestNobodyGoesAround(t *testing.T) {
	seen := map[string]bool{}
	root := filepath.Join("..", "..")
	apart := func(dir string) bool {
		return strings.HasSuffix(dir, "test") || path.Base(dir) == "codextables" || isModule(filepath.Join(root, dir))
	}
	codetest.Each(t, root, apart, func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || called(call) == "" {
				return true
			}
			at := name + " " + called(call)
			if seen[at] = true; around[at] == "" {
				t.Errorf("%s reads without package bounded", at)
			}
			return true
		})
	})
	for at := range around {
		if !seen[at] {
			t.Errorf("%s: not found: nothing reads there any more", at)
		}
	}
}

// isModule reports a module of its own, which is no part of the program.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// called is the name of a function that opens or reads a whole file, else "".
func called(call *ast.CallExpr) string {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	of := ""
	if x, ok := f.X.(*ast.Ident); ok {
		of = x.Name
	}
	switch name := f.Sel.Name; name {
	case "ReadFile", "ReadAll", "OpenFile":
		return name
	case "Open":
		if of != "bounded" && of != "commit" && of != "codex" {
			return name
		}
	}
	return ""
}
