package tomlfile

import (
	"os"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2/unstable"
)

// TestParserVersion fails when go-toml moves: the facts below have to be looked
// at again then.
func TestParserVersion(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/pelletier/go-toml/v2 v2.4.3") {
		t.Error("go-toml is not v2.4.3, the one that is known to have these facts")
	}
}

// TestParserFacts pins what the reader relies on in go-toml's unstable parser.
func TestParserFacts(t *testing.T) {
	raw := func(p *unstable.Parser, n *unstable.Node) string { return string(p.Raw(n.Raw)) }
	first := func(t *testing.T, text string) (*unstable.Parser, *unstable.Node) {
		t.Helper()
		p := new(unstable.Parser)
		data := []byte(text)
		p.Reset(data[:len(data):len(data)])
		if !p.NextExpression() {
			t.Fatalf("%q: %v", text, p.Error())
		}
		return p, p.Expression()
	}

	t.Run("a pair's range is from its key to the end of its value", func(t *testing.T) {
		for _, value := range []string{
			`1`, `"x"`, `'x'`, "'''\nx'''", `"""x"""""`, `[ 1, # c` + "\n" + `]`, `{ a = 1 }`, "{ # c\n a = [ 1 ],\n}",
			`1979-05-27 07:32:00`, `1979-05-27`, `07:32`, `nan`, `0xDEAD_beef`, `true`, `-1e5`,
		} {
			for _, end := range []string{"", " ", "\n", "  # c", "\t# c\r\nb = 1"} {
				p, e := first(t, " a . 'b'\t=  "+value+end)
				if got, want := raw(p, e), "a . 'b'\t=  "+value; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		}
	})
	t.Run("a key part has its own range and its decoded text", func(t *testing.T) {
		p, e := first(t, `a . "b.\u0063" . 'd\' = 1`)
		want := [][2]string{{"a", "a"}, {`"b.\u0063"`, "b.c"}, {`'d\'`, `d\`}}
		it := e.Key()
		for i := 0; it.Next(); i++ {
			if got := [2]string{raw(p, it.Node()), string(it.Node().Data)}; got != want[i] {
				t.Errorf("part %d: got %q, want %q", i, got, want[i])
			}
		}
	})
	t.Run("a pair in an inline table has a range too", func(t *testing.T) {
		p, e := first(t, `a = { b.c = [ 1 ] , d = {} }`)
		it := e.Value().Children()
		for _, want := range []string{`b.c = [ 1 ]`, `d = {}`} {
			if it.Next(); raw(p, it.Node()) != want {
				t.Errorf("got %q, want %q", raw(p, it.Node()), want)
			}
		}
	})
	t.Run("a string's range has its quotes", func(t *testing.T) {
		for _, s := range []string{`"x\n"`, `'x'`, "'''x'''", "\"\"\"\nx\"\"\""} {
			if p, e := first(t, "a = "+s); raw(p, e.Value()) != s {
				t.Errorf("got %q, want %q", raw(p, e.Value()), s)
			}
		}
	})
	t.Run("headers have no range, their key parts do", func(t *testing.T) {
		for _, text := range []string{"[ a . b ] # c", "[[a.b]]"} {
			p, e := first(t, text)
			it := e.Key()
			it.Next()
			if e.Raw.Length != 0 || raw(p, it.Node()) != "a" {
				t.Errorf("%s: header %v, first part %q", text, e.Raw, raw(p, it.Node()))
			}
		}
	})
	t.Run("duplicates and impossible dates are left to us", func(t *testing.T) {
		p := new(unstable.Parser)
		p.Reset([]byte("a = 1\na = 2025-13-45\n[a]\n[a]\n"))
		n := 0
		for p.NextExpression() {
			n++
		}
		if p.Error() != nil || n != 4 {
			t.Errorf("%d expressions, %v", n, p.Error())
		}
	})
}
