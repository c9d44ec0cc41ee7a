package plan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codetest"
)

// secretLists are the places with several names of secrets side by side, each with why it
// may stand there. What decides whether a name is a secret's is plan/secrecy*.go alone.
var secretLists = map[string]string{
	"plan/secrecy_arguments.go: secretFlag":  "the one notion: flags and parameters",
	"plan/secrecy_place.go: tellingLetters":  "the one notion: what no such name is without",
	"plan/secrecy_place.go: passName":        "the one notion: what people choose themselves",
	"plan/secrecy_place.go: secretEnds":      "the one notion: ends of names",
	"plan/secrecy_place.go: secretWords":     "the one notion: last words of names",
	"plan/secrecy_place.go: wordsNameSecret": "the one notion: names",
	"plan/secrecy_quick.go: shapeWords":      "the one notion: how secrets begin, without the expression",
	"plan/secrecy_shape.go: shapes":          "the one notion: how secrets begin",
	"plan/secrecy_text.go: keyFile":          "the one notion: names that can stand for a file",

	"plan/codex/authmode.go: modes":                     "Codex's own words for auth_mode",
	"plan/codex/credential.go: credential":              "where Codex gets a credential, by its own keys",
	"plan/codex/read.go: rivals":                        "members of auth.json that Codex prefers",
	"plan/codex/rules_gateway.go: sentTwice":            "headers in which a gateway's credential goes",
	"plan/codex/rules_provider.go: credentialConflict":  "keys that exclude one another",
	"plan/codex/rules_servers.go: server":               "keys of an MCP server's login",
	"plan/codex/standing_profiles.go: credentialKeys":   "keys of a provider by which Codex sends a credential",
	"cmd/codexform/cli/init_provider.go: providerEntry": "keys of a provider that no policy can say",
	"cmd/codexform/doctor/desired.go: ownSecret":        "keys by which Codex passes auth.json over",
	"sources/advice.go: elsewhere":                      "keys that have another name in a desired state",
	"sources/advice.go: within":                         "keys that have another name in a desired state",
	"sources/secret.go: vaultConfig":                    "keys of a desired state",
	"sources/shapes.go: vaultAuthShape":                 "keys of a desired state",
	"sources/vault/check_auth.go: checkAuth":            "keys of a desired state",
	"sources/vault/login.go: proof":                     "fields of a request to Vault",
	"sources/vault/parameter.go: token":                 "keys of a desired state",
}

// A second list of secret names anywhere would be a second notion of a secret: three of
// them disagreed once.
func TestSecretNamesAreListedOnce(t *testing.T) {
	found := map[string]bool{}
	codetest.Each(t, "..", nil, func(name string, file *ast.File) {
		for _, place := range listsOfSecretNames(file) {
			found[name+": "+place] = true
		}
	})
	want, got := slices.Sorted(maps.Keys(secretLists)), slices.Sorted(maps.Keys(found))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lists of names of secrets (-known +found); ask plan.SecretName instead:\n%s", diff)
	}
}

// The scan sees a list in each shape that one could have.
func TestSecretListsAreSeen(t *testing.T) {
	for name, body := range map[string]string{
		"a slice":       `var x = []string{"token", "name", "password", "api_key"}`,
		"a map":         `var x = map[string]bool{"token": true, "PASSWORD": true, "x-api-key": true}`,
		"a switch":      `func x(s string) bool { switch s { case "token": return true; case "passwd", "secret": return true }; return false }`,
		"a condition":   `func x(s string) bool { return s == "token" || has(s, "secret") || s == "api_key" }`,
		"an expression": "var x = re(`(?i)(token|password|secret)$`)",
		"a split text":  `var x = fields("token password secret")`,
		"several ifs":   `func x(s string) bool { if has(s, "token") { return true }; if has(s, "password") { return true }; return has(s, "secret") }`,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+body, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := listsOfSecretNames(file); !slices.Equal(got, []string{"x"}) {
			t.Errorf("%s: found %v", name, got)
		}
	}
}

// listsOfSecretNames are the declarations of a file with three names of secrets or more
// that are no fields of a desired state or of a request.
func listsOfSecretNames(file *ast.File) []string {
	var out []string
	for _, decl := range file.Decls {
		for name, node := range declared(decl) {
			names := map[string]bool{}
			ast.Inspect(node, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					for _, word := range wordsOf(lit.Value) {
						names[word] = true
					}
				}
				return true
			})
			if len(names) > 2 {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

func declared(decl ast.Decl) map[string]ast.Node {
	out := map[string]ast.Node{}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		out[d.Name.Name] = d
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				out[v.Names[0].Name] = v
			}
		}
	}
	return out
}

// wordsOf are the names of secrets that a string of the program is, or lists.
func wordsOf(quoted string) []string {
	text, err := strconv.Unquote(quoted)
	if err != nil || strings.Contains(text, "://") {
		return nil
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("|()$^?: ,;", r) })
	if strings.Contains(text, " ") && slices.ContainsFunc(words, func(w string) bool { return !plan.SecretName(w) }) {
		return nil // a sentence
	}
	return slices.DeleteFunc(words, func(w string) bool { return !plan.SecretName(w) || strings.EqualFold(w, "key") })
}
