package commit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writers are the functions that change files, by package.
var writers = map[string][]string{
	"os": {
		"WriteFile", "Rename", "Create", "CreateTemp", "Chmod", "Chown", "Lchown", "Chtimes", "Mkdir", "MkdirAll", "MkdirTemp",
		"Remove", "RemoveAll", "Link", "Symlink", "Truncate", "CopyFS", "OpenRoot", "OpenInRoot", "NewFile",
	},
	"syscall": {"Open", "Creat", "Rename", "Unlink", "Rmdir", "Mkdir", "Chmod", "Chown", "Lchown", "Link", "Symlink", "Truncate", "Ftruncate", "Fchmod", "Fchown", "Write", "Pwrite", "Mkfifo", "Mknod"},
	"ioutil":  {"WriteFile", "TempFile", "TempDir"},
	"afero":   {"WriteFile", "SafeWriteReader", "WriteReader", "TempFile", "TempDir"},
}

// methods are what afero's file systems change files with; they count in files that
// import afero.
var methods = []string{"Create", "Mkdir", "MkdirAll", "Remove", "RemoveAll", "Rename", "Chmod", "Chown", "Chtimes"}

// allowed are the places outside this package that may write, and why.
var allowed = map[string]string{
	"plan/codex/scratch.go":               "a private copy in a temporary folder, for the installed Codex to check",
	"plan/codex/process_unix.go":          "the lock of that copy's folder, and whose it is",
	"plan/codex/process_windows.go":       "the lock of that copy's folder",
	"cmd/codexform/cli/demo.go":           "the temporary home of `codexform demo`",
	"cmd/codexform/users/self_linux.go":   "the program itself, copied into memory",
	"sources/starter.go":                  "a file system in memory",
	"cmd/codexform/cli/users_fence.go":    "a file system behind a fence, which hands on what it lets through",
	"cmd/codexform/system_windows.go":     "opens for reading, with the sharing that Codex needs",
	"cmd/codexform/roottest/own_linux.go": "a package for tests",
	"plan/codex/codextest/codextest.go":   "a package for tests",
	"sources/vaulttest/certs.go":          "a package for tests",
}

// TestOnlyWriter holds the promise that nothing else in the program writes.
func TestOnlyWriter(t *testing.T) {
	root := filepath.Join("..", "..")
	used := map[string]bool{}
	files := 0
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && isModule(path):
			return fs.SkipDir // no part of the program
		case d.IsDir() && (rel == "apply/commit" || rel == "plan/codex/codextables" || // which makes tables, and is no part of the program
			strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, call := range writingCalls(t, rel, source) {
			if allowed[rel] == "" {
				t.Errorf("%s: only apply/commit writes", call)
			}
			used[rel] = true
		}
		return nil
	}))
	for path := range allowed {
		if !used[path] {
			t.Errorf("%s writes nothing any more: take it off the list", path)
		}
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func TestOnlyWriterFinds(t *testing.T) {
	const source = `package p
import (
	"os"
	stdos "os"
	"github.com/spf13/afero"
	"golang.org/x/sys/unix"
)
func f(fsys afero.Fs, g *os.File) {
	os.WriteFile("x", nil, 0)
	stdos.Rename("x", "y")
	os.OpenFile("x", os.O_RDONLY, 0) // fine
	os.OpenFile("x", os.O_RDWR, 0)
	os.OpenFile("x", flags, 0)
	fsys.MkdirAll("x", 0)
	afero.WriteFile(fsys, "x", nil, 0)
	unix.Renameat2(0, "x", 0, "y", 0)
	write := os.Remove
	os.ReadFile("x") // fine
	unix.Flock(0, 0) // fine
}`
	got := writingCalls(t, "p.go", []byte(source))
	if len(got) != 8 {
		t.Errorf("found %d of 8 writing calls: %q", len(got), got)
	}
}

// writingCalls are the places of a file where something is written, or could be.
func writingCalls(t *testing.T, name string, source []byte) []string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
	must(t, err)
	imports := importsOf(file)
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && opensForWriting(call, imports) {
			found = append(found, set.Position(n.Pos()).String()+": os.OpenFile")
		}
		if sel, ok := n.(*ast.SelectorExpr); ok && writes(sel, imports) {
			found = append(found, set.Position(n.Pos()).String()+": "+sel.Sel.Name)
		}
		return true
	})
	return found
}

// importsOf maps the names of a file's imports to the last part of their paths.
func importsOf(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, i := range file.Imports {
		base := filepath.Base(strings.Trim(i.Path.Value, `"`))
		names[base] = base
		if i.Name != nil {
			names[i.Name.Name] = base
		}
	}
	return names
}

func writes(sel *ast.SelectorExpr, imports map[string]string) bool {
	from, _ := sel.X.(*ast.Ident)
	if from == nil || imports[from.Name] == "" {
		return imports["afero"] != "" && slices.Contains(methods, sel.Sel.Name)
	}
	pkg := imports[from.Name]
	if pkg == "unix" { // Renameat2, Unlinkat, Fchmodat and so on
		return slices.ContainsFunc(writers["syscall"], func(name string) bool { return strings.HasPrefix(sel.Sel.Name, name) })
	}
	return slices.Contains(writers[pkg], sel.Sel.Name)
}

// opensForWriting reports an os.OpenFile whose flags are not plainly for reading.
func opensForWriting(call *ast.CallExpr, imports map[string]string) (writing bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "OpenFile" || len(call.Args) != 3 {
		return false
	}
	if from, ok := sel.X.(*ast.Ident); !ok || imports[from.Name] != "os" && imports["afero"] == "" {
		return false
	}
	reading := false
	ast.Inspect(call.Args[1], func(n ast.Node) bool {
		if flag, ok := n.(*ast.SelectorExpr); ok {
			reading = reading || flag.Sel.Name == "O_RDONLY"
			writing = writing || slices.Contains([]string{"O_RDWR", "O_WRONLY", "O_CREATE", "O_TRUNC", "O_APPEND"}, flag.Sel.Name)
		}
		return true
	})
	return writing || !reading
}
