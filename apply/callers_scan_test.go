package apply

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan/codetest"
)

// scan is what the program's own code was seen to do, by place.
type scan struct{ senders, gates, networked, permitting map[string]string }

func newScan() scan {
	return scan{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
}

func scanTree(t *testing.T, root string) scan {
	s := newScan()
	codetest.Each(t, root, apart, s.file)
	return s
}

func scanned(t *testing.T, text string) scan {
	file, err := parser.ParseFile(token.NewFileSet(), "y.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := newScan()
	s.file("y.go", file)
	return s
}

// apart reports folders that are no part of the program: the gateway on loopback of tests
// and of the demo, and the servers and laboratories of the tests.
func apart(dir string) bool {
	return slices.Contains([]string{
		"apply/gateway/loopback", "cmd/codexform/crash", "cmd/codexform/bench", "sources/vaulttest", "plan/codex/codextest",
	}, dir)
}

func (s scan) file(name string, file *ast.File) {
	names, dotted := imported(file)
	for _, at := range names {
		if slices.Contains(networks, at) && !strings.HasPrefix(name, "apply/gateway/") && !strings.HasPrefix(name, "sources/vault/") {
			s.networked[name] = at
		}
	}
	for _, decl := range file.Decls {
		for place, node := range declarations(decl) {
			place = name + ": " + place
			ast.Inspect(node, func(n ast.Node) bool {
				s.node(place, n, func(called string) { s.used(place, called) }, names, dotted)
				return true
			})
		}
	}
}

// node looks at one node: at what it names, by the path of its package, and at whether it
// lets a request pass.
func (s scan) node(place string, n ast.Node, use func(string), names map[string]string, dotted []string) {
	switch x := n.(type) {
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok && names[id.Name] != "" {
			use(names[id.Name] + "." + x.Sel.Name)
		} else if x.Sel.Name == "RoundTrip" || x.Sel.Name == "List" && len(names) > 0 && names["gateway"] != "" {
			s.senders[place] = x.Sel.Name
		}
	case *ast.Ident:
		for _, at := range dotted {
			use(at + "." + x.Name)
		}
	case *ast.CallExpr:
		if id, ok := x.Fun.(*ast.Ident); ok {
			use(dir(place) + "." + id.Name)
		}
	case *ast.AssignStmt:
		for _, to := range x.Lhs {
			if sel, ok := to.(*ast.SelectorExpr); ok && sel.Sel.Name == "allowed" {
				s.permitting[place] = "assigned"
			}
		}
	case *ast.KeyValueExpr:
		if id, ok := x.Key.(*ast.Ident); ok && id.Name == "allowed" {
			s.permitting[place] = "made"
		}
	}
}

func (s scan) used(place, what string) {
	switch {
	case slices.Contains(sending, what):
		s.senders[place] = what
	case slices.Contains(asking, what):
		s.gates[place] = what
	}
}

// dir is the import path of a place's package.
func dir(place string) string {
	file, _, _ := strings.Cut(place, ": ")
	return ours + "/" + path.Dir(file)
}

// imported are the names that a file has for packages, and the packages without one.
func imported(file *ast.File) (names map[string]string, dotted []string) {
	names = map[string]string{}
	for _, i := range file.Imports {
		at, _ := strconv.Unquote(i.Path.Value)
		switch {
		case i.Name == nil:
			names[path.Base(at)] = at
		case i.Name.Name == ".":
			dotted = append(dotted, at)
		default:
			names[i.Name.Name] = at
		}
	}
	return names, dotted
}

// declarations are what a declaration declares, by name, a method as Type.name.
func declarations(decl ast.Decl) map[string]ast.Node {
	out := map[string]ast.Node{}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			name = receiver(d.Recv.List[0].Type) + "." + name
		}
		out[name] = d
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch x := spec.(type) {
			case *ast.ValueSpec:
				out[x.Names[0].Name] = x
			case *ast.TypeSpec:
				out[x.Name.Name] = x
			}
		}
	}
	return out
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
