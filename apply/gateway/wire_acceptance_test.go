package gateway

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex/codextest"
)

// printable is what values of a query and a path are drawn from: all that a config.toml
// may hold there, but for what ends a query or a path.
const printable = "abcXYZ0189 !\"$%&'()*+,-.:;<=>@[]^_`{|}~é\t"

// TestAsCodexSends has the real Codex send what stands in config.toml, and List send the
// same: the query, the path and the Host, to the byte.
func TestAsCodexSends(t *testing.T) {
	codextest.Binary(t)
	r := rand.New(rand.NewPCG(3, 7))
	draw := func(without string) string {
		var out []rune
		for range 1 + r.IntN(12) {
			c := []rune(printable)[r.IntN(len([]rune(printable)))]
			if !strings.ContainsRune(without, c) {
				out = append(out, c)
			}
		}
		return "x" + string(out)
	}
	type sent struct{ URI, Host string }
	for i := range 12 {
		query, path, host := draw("")+[]string{"", " ", "+ "}[i%3], draw("%\t.|^"), []string{"127.0.0.1", "LocalHost", "localhost"}[i%3]
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var got []sent
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				uri, _, _ := strings.Cut(r.RequestURI, "?")
				got = append(got, sent{strings.Replace(r.RequestURI, uri, uri[:strings.LastIndex(uri, "/")], 1), r.Host})
				mu.Unlock()
				if r.Method == http.MethodPost {
					codextest.SayHi(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, `{"data":[]}`)
			}))
			defer s.Close()
			base := strings.Replace(s.URL, "127.0.0.1", host, 1) + "/" + path + "/v1"
			home := codextest.Home(t)
			codextest.WriteFile(t, home, "auth.json", `{"OPENAI_API_KEY":"sk-wire-0123456789"}`)
			codextest.WriteFile(t, home, "config.toml", fmt.Sprintf(`model_provider = "g"
[model_providers.g]
name = "Gate"
base_url = %s
requires_openai_auth = true
query_params = { k = %s }
`, quoted(base), quoted(query)))
			codextest.Turn(t, home, nil)
			if len(got) == 0 {
				t.Fatalf("Codex sent nothing for %q", base)
			}
			want := got[0]
			got = nil
			if a := (&Client{}).List(t.Context(), Request{BaseURL: base, Query: map[string]string{"k": query}}); !a.OK() {
				t.Fatalf("%s (%s) for %q", a.Class, a.Detail, base)
			}
			if diff := cmp.Diff(want, got[0]); diff != "" {
				t.Errorf("%q with %q (-Codex +ours):\n%s", base, query, diff)
			}
		})
	}
}

// quoted is a text as TOML.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\t", `\t`).Replace(s) + `"`
}
