package plan_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

// openPlaces are the places of a user's in which any text may be a secret, with what else
// is written there in the wrong form. %s is the secret, as JSON has it between quotes.
var openPlaces = map[string][]string{
	"mcp_servers.s":                     {`{"env": {"A": {"B": "%s"}}}`, `{"env": ["A=%s"]}`, `{"http_headers": "X: %s"}`, `{"headers": ["%s"]}`, `{"url": ["%s"]}`},
	"mcp_servers.s.env.TEAM":            {`"%s"`, `["%s"]`, `{"value": "%s"}`, `{"command": "%s"}`},
	"mcp_servers.s.http_headers":        {`{"X-Odd": "%s"}`, `["X-Odd: %s"]`, `"X-Odd: %s"`},
	"mcp_servers.s.args":                {`["%s"]`, `["--k", "%s"]`, `["--k=%s"]`, `["--k", ["%s"]]`, `["--k", {"t": "%s"}]`, `"--k %s"`, `["-H", "X: %s"]`, `["KEY=%s"]`, `["export KEY=%s; run"]`, `["{\"a\": \"%s\"}"]`, `["-c", "curl -H 'X: %s'"]`, `["@%s"]`, `["/key:%s"]`},
	"mcp_servers.s.command":             {`"srv --key %s"`, `"KEY=%s srv"`, `["srv", "%s"]`, `["srv", "--key", "%s"]`},
	"mcp_servers.s.bearer_token":        {`"%s"`, `{"value": "%s"}`, `["%s"]`},
	"mcp_servers.s.oauth.client_secret": {`"%s"`},
	"mcp_servers.s.env_vars":            {`{"TEAM": "%s !"}`, `[{"name": "%s !"}]`, `["%s !"]`},
	"model_providers.p":                 {`{"http_headers": {"X": "%s"}}`, `{"query_params": ["t=%s"]}`, `{"query_params": {"t": "%s"}}`, `{"auth": {"command": "get", "args": ["--pw", "%s"]}}`, `{"auth": {"command": "echo", "args": ["%s"]}}`, `{"auth": {"command": "sh", "args": ["-c", "echo %s"]}}`, `{"auth": {"command": "get --pw %s"}}`},
	"profiles.work":                     {`{"mcp_servers": {"s": {"env": {"X": "%s"}}}}`, `{"model_providers": {"p": {"http_headers": {"X": "%s"}}}}`},
	"shell_environment_policy.set":      {`{"TEAM": "%s"}`, `["TEAM=%s"]`, `{"A": {"B": "%s"}}`},
	"otel.exporter.otlp-http.headers":   {`{"x-team": "%s"}`, `["x-team: %s"]`},
	"otel.headers_helper":               {`"get --team %s"`, `["get", "--team", "%s"]`},
	"hooks.Stop":                        {`[{"hooks": [{"type": "command", "command": "run %s"}]}]`, `[["run", "%s"]]`, `{"env": {"X": "%s"}}`},
	"notify":                            {`["n", "--k", "%s"]`, `["n", "--k=%s"]`, `"n --k %s"`, `["n", "-H", "X: %s"]`},
	"tools.credentials":                 {`{"team": "%s"}`, `{"team": ["%s"]}`, `[{"team": "%s"}]`},
	"tools.api_key_2":                   {`"%s"`, `["%s"]`, `{"prod": "%s"}`},
	"x.webApiKey":                       {`"%s"`},
	"x.DB2Password":                     {`"%s"`},
}

// Wherever any text may be a secret none shows, whatever its shape and however it is put
// there, and nothing of it is kept. Of a text nothing of eight characters is left.
func TestNothingShowsInOpenPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := 0
	for place, forms := range openPlaces {
		for _, form := range forms {
			for shape, make := range secretMakers(r) {
				secret := make()
				quoted, err := json.Marshal(secret)
				if err != nil {
					t.Fatal(err)
				}
				text := strings.ReplaceAll(form, "%s", string(quoted[1:len(quoted)-1]))
				if strings.Contains(form, `\"%s`) { // JSON in JSON
					text = strings.ReplaceAll(form, "%s", "c-"+strings.Map(plainOnly, secret))
				}
				var v plan.Value
				if err := v.UnmarshalJSON([]byte(text)); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				a := plan.Address(strings.Split(place, "."))
				shown := plan.Redact(a, v).TOML()
				if piece := pieceOf(secret, shown); piece != "" || plan.Secrecy(a, v) == plan.Harmless {
					t.Errorf("%s = %s: %s shows %q in %s", place, text, shape, piece, shown)
				}
				n++
			}
		}
	}
	if n < 500 {
		t.Errorf("%d cases", n)
	}
}

// Texts with the shape of a secret show nowhere at all, in a place or as the name of a key.
func TestNothingOfAShapeShowsAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for shape, make := range secretMakers(r) {
		if strings.HasPrefix(shape, "word") {
			continue
		}
		for range 20 {
			secret := make()
			for _, v := range []plan.Value{
				plan.Str(secret), plan.List(plan.Str("a"), plan.List(plan.Str(secret))), plan.Table(plan.Member{Key: secret, Value: plan.Str("x")}),
				plan.Str("see " + secret + " there"), plan.Str(secret + "\nnext"), plan.Table(plan.Member{Key: "k", Value: plan.Table(plan.Member{Key: secret})}),
			} {
				for _, a := range []plan.Address{{"projects", "p", "note"}, {"unknown"}, {"tui", "x"}, {"model_reasoning_effort"}} {
					if piece := pieceOf(secret, plan.Redact(a, v).TOML()); piece != "" {
						t.Errorf("%s: %s shows %q in %s", a, shape, piece, plan.Redact(a, v).TOML())
					}
				}
			}
			if a := (plan.Address{"mcp_servers", secret, "command"}); pieceOf(secret, a.String()) != "" {
				t.Errorf("%s: %s", shape, a)
			}
			if text := plan.ShowText("the provider " + fmt.Sprintf("%q", secret) + " is not defined"); !strings.Contains(secret, "/") && pieceOf(secret, text) != "" {
				t.Errorf("%s: %s", shape, text)
			}
			if plan.ShowName(secret) == secret {
				t.Errorf("%s: %s is taken for the name of a variable", shape, secret)
			}
			if !note(t, "model = \"x\" # old: "+secret+"\n").Secret() || !note(t, "a = 1\n"+secret+" = 1\n# "+secret+"\n").Secret() {
				t.Errorf("%s: a note keeps %s", shape, secret)
			}
		}
	}
	for _, comment := range []string{"# pass: swordfish", "# the password = swordfish", "# postgres://ada:swordfish@db/x"} {
		if !note(t, "model = \"x\" "+comment+"\n").Secret() {
			t.Errorf("a note keeps %q", comment)
		}
	}
	for _, comment := range []string{"# the token: see the wiki", "# colour #a1b2c3", "# https://example.com/docs#top", "# was gpt-5.4-2026-03-05"} {
		if note(t, "model = \"x\" "+comment+"\n").Secret() && !strings.Contains(comment, "#top") {
			t.Errorf("%q is not kept", comment)
		}
	}
}

func note(t *testing.T, text string) plan.Note {
	t.Helper()
	out, err := json.Marshal([]map[string]any{{"seq": 1, "cut": []map[string]any{{"text": text}}}})
	if err != nil {
		t.Fatal(err)
	}
	return plan.Note(out)
}

func secretMakers(r *rand.Rand) map[string]func() string {
	const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	drawn := func(n int, from string) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = from[r.IntN(len(from))]
		}
		b[0], b[n/3], b[n/2], b[n-2] = from[0], from[len(from)-1], from[len(from)-2], from[len(from)-3] // a digit or three, always
		return string(b)
	}
	word := func() string { return drawn(4, "bdfgklmnprst") + "a" + drawn(3, "bdfgklmnprst") }
	raw := func(n int) []byte { return []byte(drawn(n, "\x01\x80\xfe\x33\x71\xc4\x9b\x5e")) }
	return map[string]func() string{
		"sk":         func() string { return "sk-" + drawn(32, alnum) },
		"github":     func() string { return "github_pat_" + drawn(40, alnum) },
		"Docker":     func() string { return "dckr_pat_" + drawn(27, alnum+"_-") },
		"webhook":    func() string { return "whsec_" + drawn(32, alnum[:52]) },
		"prefix hex": func() string { return "key-" + drawn(29, "0123456789abcdef") + "a1b2c3" },
		"JWT":        func() string { return "eyJ" + drawn(20, alnum) + "." + drawn(40, alnum) + "." + drawn(20, alnum) },
		"hex":        func() string { return drawn(40, "0123456789abcdef") + "a1b2c3" },
		"base64":     func() string { return base64.StdEncoding.EncodeToString(append(raw(30), 0xfb, 0xef)) + "9+8+7Aa=" },
		"letters":    func() string { return drawn(36, alnum) },
		"words":      func() string { return word() + " " + word() },
		"words with": func() string { return word() + `"` + word() + `\` + word() + "\n" + word() + "é" },
		"word-":      func() string { return word() + "-" + word() },
	}
}

func plainOnly(c rune) rune {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
		return c
	}
	return '-'
}

// pieceOf is eight characters of a secret that show in a text, "" where none do.
func pieceOf(secret, text string) string {
	for i := 0; i+8 <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+8]) {
			return secret[i : i+8]
		}
	}
	return ""
}
