package apply

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// senders are the only places that can make a credential leave this machine, each
// with why it may. Whoever adds one asks codex.MaySend, or says here why not.
var senders = map[string]string{
	"apply/confirm.go: Confirm":                    "the one question to a gateway; takes a codex.Permit",
	"apply/gateway/try.go: session.try":            "the request itself",
	"apply/gateway/transport.go: Client.transport": "its connection",
	"apply/gateway/transport.go: Client.dialer":    "its connection",
	"apply/confirm.go: ":                           "the interface that Confirm asks",
	"apply/gateway/gateway.go: ":                   "the fields of a Client that tests replace",
}

// sending are calls and values by which a request, or a connection, comes about.
var sending = []string{
	"RoundTrip", "http.Client", "http.Transport", "http.Get", "http.Post", "http.Head", "http.PostForm", "http.NewRequest",
	"http.NewRequestWithContext", "http.DefaultClient", "http.DefaultTransport", "net.Dial", "net.DialTimeout", "net.Dialer",
	"tls.Dial", "tls.Dialer", "gateway.Request", "Gateway.List",
}

// No code but the listed places sends anything, so none can go around the law of pairs.
func TestEverySenderIsKnown(t *testing.T) {
	got := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if err != nil || d.IsDir() {
			if d.IsDir() && (name == "testdata" || strings.HasPrefix(name, ".") && name != "..") {
				return fs.SkipDir
			}
			return err
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !apart(path) {
			for _, place := range sendersIn(t, path) {
				got[place] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var want, found []string
	for place := range senders {
		want = append(want, place)
	}
	for place := range got {
		found = append(found, place)
	}
	slices.Sort(want)
	slices.Sort(found)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("places that send (-known +found):\n%s", diff)
	}
}

// apart reports code that sends no credential of a Codex home: the client of Vault, which
// sends Vault's own, and the gateways on loopback of tests and the demo.
func apart(path string) bool {
	path = filepath.ToSlash(path)
	return strings.Contains(path, "/sources/vault") || strings.Contains(path, "/gateway/loopback/") ||
		strings.Contains(path, "/crash/") || strings.Contains(path, "/.ci/")
}

func sendersIn(t *testing.T, path string) []string {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, decl := range file.Decls {
		name := ""
		if f, ok := decl.(*ast.FuncDecl); ok {
			name = f.Name.Name
			if f.Recv != nil {
				name = receiver(f.Recv.List[0].Type) + "." + name
			}
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && sends(s) {
				out = append(out, strings.TrimPrefix(filepath.ToSlash(path), "../")+": "+name)
			}
			return true
		})
	}
	return out
}

func sends(s *ast.SelectorExpr) bool {
	if slices.Contains(sending, s.Sel.Name) {
		return true
	}
	x, ok := s.X.(*ast.Ident)
	// A gateway is asked by List, whatever the variable is called.
	return ok && (slices.Contains(sending, x.Name+"."+s.Sel.Name) || s.Sel.Name == "List" && x.Name != "plan")
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
