// Command house measures how the code is laid out: of the tree in a folder, and beside it
// of the one before, as a table in Markdown. Tests, generated tables and the modules
// beside the program are left out. With -unused it lists exported names that nothing
// outside their package uses, and fails where there are any.
//
//	house [-unused] [before] now
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// house is what is measured of a tree.
type house struct {
	files, functions map[string]int // lines, by name
	exported         int
	packages, told   int // told: with a comment of more than a sentence
	code, comments   int // lines of package plan
	bodies           map[string][]string
	declared, used   map[string]bool // exported names, as folder.Name; false for a type and its values
}

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "-unused" {
		os.Exit(unused(measure(args[1])))
	}
	var all []house
	for _, dir := range args {
		all = append(all, measure(dir))
	}
	for _, r := range rows {
		fmt.Printf("| %s |", r.name)
		for _, h := range all {
			fmt.Printf(" %s |", r.of(h))
		}
		fmt.Println()
	}
}

var rows = []struct {
	name string
	of   func(house) string
}{
	{"Go files", func(h house) string { return fmt.Sprint(len(h.files)) }},
	{"lines", func(h house) string { return fmt.Sprint(sum(h.files)) }},
	{"longest files", func(h house) string { return longest(h.files) }},
	{"median of a file", func(h house) string { return fmt.Sprint(median(h.files)) }},
	{"longest functions", func(h house) string { return longest(h.functions) }},
	{"median of a function", func(h house) string { return fmt.Sprint(median(h.functions)) }},
	{"functions over 40 lines", func(h house) string { return fmt.Sprint(over(h.functions, 40)) }},
	{"packages with documentation", func(h house) string { return fmt.Sprintf("%d of %d", h.told, h.packages) }},
	{"exported names", func(h house) string { return fmt.Sprint(h.exported) }},
	{"exported, and used in their own package alone", func(h house) string { return fmt.Sprint(len(h.idle())) }},
	{"lines of comment to 100 of code in `plan`", func(h house) string { return fmt.Sprint(100 * h.comments / max(h.code, 1)) }},
	{"functions written more than once", func(h house) string { return fmt.Sprint(len(h.twice())) }},
}

func measure(root string) house {
	h := house{
		files: map[string]int{}, functions: map[string]int{}, bodies: map[string][]string{},
		declared: map[string]bool{}, used: map[string]bool{},
	}
	told := map[string]bool{}
	for _, path := range sources(root) {
		data, err := os.ReadFile(path)
		must(err)
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, data, parser.ParseComments)
		must(err)
		rel, _ := filepath.Rel(root, path)
		use(&h, file)
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		h.files[rel] = strings.Count(string(data), "\n")
		told[filepath.Dir(rel)] = told[filepath.Dir(rel)] || strings.Count(file.Doc.Text(), "\n") > 1
		declare(&h, set, data, rel, file)
	}
	for _, is := range told {
		h.packages++
		if is {
			h.told++
		}
	}
	return h
}

// sources are the Go files of the program and its tests.
func sources(root string) (out []string) {
	must(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		_, module := os.Stat(filepath.Join(path, "go.mod"))
		if d.IsDir() && path != root && (d.Name()[0] == '.' || d.Name() == "testdata" || d.Name() == "crash" || d.Name() == "bench" || module == nil) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			out = append(out, path)
		}
		return nil
	}))
	return out
}

// use notes each name that a file takes from another package of ours.
func use(h *house, file *ast.File) {
	of := map[string]string{}
	for _, i := range file.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		if dir, ours := strings.CutPrefix(path, "github.com/codexform/codexform/"); ours {
			name := filepath.Base(dir)
			if i.Name != nil {
				name = i.Name.Name
			}
			of[name] = dir
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && of[x.Name] != "" {
				h.used[of[x.Name]+"."+s.Sel.Name] = true
			}
		}
		return true
	})
}

// declare notes what a file declares.
func declare(h *house, set *token.FileSet, data []byte, rel string, file *ast.File) {
	dir := filepath.ToSlash(filepath.Dir(rel))
	add := func(name *ast.Ident, alone bool) {
		if name.IsExported() && file.Name.Name != "main" {
			h.exported++
			h.declared[dir+"."+name.Name] = alone
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			function(h, set, data, rel, d)
			if d.Recv == nil {
				add(d.Name, true)
			} else if d.Name.IsExported() && file.Name.Name != "main" {
				h.exported++
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name, false)
				case *ast.ValueSpec:
					typed := d.Tok == token.CONST && (len(d.Specs) > 1 || s.Type != nil) // one of a set
					for _, n := range s.Names {
						add(n, !typed)
					}
				}
			}
		}
	}
	if dir == "plan" {
		for line := range strings.Lines(string(data)) {
			switch line = strings.TrimSpace(line); {
			case strings.HasPrefix(line, "//"):
				h.comments++
			case line != "":
				h.code++
			}
		}
	}
}

// function notes the length of a function, and its body of more than three lines.
func function(h *house, set *token.FileSet, data []byte, rel string, d *ast.FuncDecl) {
	if d.Body == nil {
		return
	}
	from, to := set.Position(d.Pos()), set.Position(d.End())
	h.functions[rel+" "+d.Name.Name] = to.Line - from.Line + 1
	if body := string(data[set.Position(d.Body.Pos()).Offset:to.Offset]); strings.Count(body, "\n") > 4 {
		h.bodies[body] = append(h.bodies[body], rel+" "+d.Name.Name)
	}
}

// twice are the functions whose whole body stands in several places, but for the files of
// platforms, of which a build has one.
func (h house) twice() (out []string) {
	for _, at := range h.bodies {
		if len(at) > 1 {
			out = append(out, strings.Join(at, ", "))
		}
	}
	return out
}

// idle are the exported functions, variables and single constants that no other package, and no
// test of another package, uses. A type, and the values of one, may be met all the same.
func (h house) idle() (out []string) {
	for name, alone := range h.declared {
		if alone && !h.used[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func unused(h house) int {
	for _, name := range h.idle() {
		fmt.Println(name)
	}
	for _, at := range h.twice() {
		fmt.Println("twice:", at)
	}
	return min(len(h.idle()), 1)
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

func over(m map[string]int, limit int) (n int) {
	for _, v := range m {
		if v > limit {
			n++
		}
	}
	return n
}

func median(m map[string]int) int {
	var all []int
	for _, v := range m {
		all = append(all, v)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// longest are the three with most lines.
func longest(m map[string]int) string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		return strings.Compare(a, b)
	})
	var out []string
	for _, name := range names[:min(3, len(names))] {
		out = append(out, fmt.Sprintf("`%s` %d", name, m[name]))
	}
	return strings.Join(out, ", ")
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
}
