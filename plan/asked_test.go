package plan_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// What Codex 0.171 was seen to ask for a base URL, or what is said where it and we could
// ask something else. TestAsked in plan/codex has the real one ask the first half.
func TestAsked(t *testing.T) {
	for base, want := range map[string]string{
		"https://gate.example/v1//":             "https://gate.example/v1",
		"HTTPS://GATE.example:0443/V1":          "https://gate.example/V1",
		"http://LOCALHOST:08080":                "http://localhost:8080",
		"https://gate.example:/v1":              "https://gate.example/v1",
		"https://gate.example./v1":              "https://gate.example./v1",
		"https://BÜCHER.example/v1":             "https://xn--bcher-kva.example/v1",
		"https://XN--BCHER-KVA.example/v1":      "https://xn--bcher-kva.example/v1",
		"https://straße.example/v1":             "https://xn--strae-oqa.example/v1",
		"https://gate。example/v1":               "https://gate.example/v1",
		"https://ｇate．example/v1":               "https://gate.example/v1",
		"https://\u212a.example/v1":             "https://k.example/v1", // the sign for Kelvin
		"http://LOCALHO\u017fT/v1":              "http://localhost/v1",  // a long s
		"https://a_b.-c-.ab--c.example/v1":      "https://a_b.-c-.ab--c.example/v1",
		"https://[2001:DB8:0:0::1]/v1":          "https://[2001:db8::1]/v1",
		"https://[::ffff:1.2.3.4]/v1":           "https://[::ffff:102:304]/v1",
		"https://gate.example/ü/%c3%bc/%7e/v1":  "https://gate.example/%C3%BC/%c3%bc/%7e/v1",
		"https://gate.example/a\"<>`{}b c/v1":   "https://gate.example/a%22%3C%3E%60%7B%7Db%20c/v1",
		"https://gate.example/a'()*!$&,=:@[]~;": "https://gate.example/a'()*!$&,=:@[]~;",
		"https://gate.example/%2Fa%2fb/v1;p=1":  "detour",
		"https://gate.example/a%2fb/v1;p=1":     "https://gate.example/a%2fb/v1;p=1",
		"https://gate.example/a|b/v1":           "write it as %7C",
		"https://gate.example/a^b/v1":           "write it as %5E",
		"https://gate.example/%zz":              "is not a URL",
		"https://gate.example/v1?":              "query",
		"https://gate.example#":                 "query",
		"https://gate.example?a=|":              "query",
		"https://me@gate.example/v1":            "user name",
		"https://gate.example/a/../v1":          "detour",
		`https://gate.example\@evil.test/v1`:    "is not a URL",
		"https://gate.example\t/v1":             "control character",
		"https://gate\u00adway.example/v1":      "cannot be seen",
		"https://GRO\u1e9e.example/v1":          "not everybody reads alike",
		"https://xn--a.example/v1":              "not a name",
		"https://xn--.example/v1":               "no name",
		"https://\u05d0a.example/v1":            "not a name",
		"https://a\uff0fb.example/v1":           "no name",
		"https://a\"b.example/v1":               "no name",
		"https://gate..example/v1":              "no name",
		"https://.gate.example/v1":              "no name",
		"https://a.0x/v1":                       "number",
		"https://0x/v1":                         "number",
		"https://１２７.0.0.1/v1":                  "",
		"https://[fe80::1%25eth0]/v1":           "zone",
		"https://gate.example:65536":            "port over",
		"https://gate.example:0":                "port 0",
		"":                                      "is not a URL",
	} {
		if want == "" { // an address in other digits: the address, as Codex makes it
			want = "https://127.0.0.1/v1"
		}
		u, wrong := plan.Asked(base)
		switch {
		case u == nil && (strings.Contains(want, "://") && want != "https://" || !strings.Contains(wrong, want)):
			t.Errorf("%q: wrong: %s, want %s", base, wrong, want)
		case u != nil && u.String() != want:
			t.Errorf("%q: asked as %s, want %s", base, u, want)
		}
		if u == nil {
			continue
		}
		if again, wrong := plan.Asked(u.String()); wrong != "" || again.String() != u.String() {
			t.Errorf("%q: asked as %s, and that as %v %s", base, u, again, wrong)
		}
		if plan.HostOf(base) != u.Scheme+"://"+u.Host {
			t.Errorf("%q: a key belongs to %s, and %s is asked", base, plan.HostOf(base), u.Host)
		}
	}
}

func TestCallIn(t *testing.T) {
	for path, want := range map[string]string{
		"/v1": "", "/v1/mymodels": "", "/models/v1": "", "": "", "/v1/models/": "/models", "/v1/Chat/Completions": "/Chat/Completions", "/RESPONSES": "/RESPONSES",
	} {
		if got := plan.CallIn(path); got != want {
			t.Errorf("CallIn(%q) = %q, want %q", path, got, want)
		}
	}
}
