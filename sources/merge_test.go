package sources_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/sources"
	"github.com/google/go-cmp/cmp"
)

const basePolicy = `version: 1
model: gpt-5.4
provider: {base_url: "https://a.example/v1", name: A}
secret: {first_of: [{env: ONE}, {env: TWO}]}
settings:
  table: {one: 1, two: 2}
  list: [1, 2]
absent: [[x], [y]]
`

const overPolicy = `version: 1
provider:
  base_url: https://b.example/v1
secret:
  file: keys/key
settings:
  table: {two: 22, three: 3}
  list: [3]
absent: [[z]]
`

func TestMerge(t *testing.T) {
	needPOSIXPaths(t)
	w := world(t, map[string]string{"/p/base.yaml": basePolicy, "/q/over.yaml": overPolicy}, nil)
	p, err := sources.Load(w, []string{"/p/base.yaml", "/q/over.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`model_provider = "OpenAI" /p/base.yaml:3:11`,
		`model = "gpt-5.4" /p/base.yaml:2:8`,
		`review_model = "gpt-5.4" /p/base.yaml:2:8`,
		`list = [3] /q/over.yaml:8:9`,
		`model_providers.OpenAI.name = "A" /p/base.yaml:3:52`,
		`model_providers.OpenAI.base_url = "https://b.example/v1" /q/over.yaml:3:13`,
		`model_providers.OpenAI.wire_api = "responses" /p/base.yaml:3:11`,
		`model_providers.OpenAI.requires_openai_auth = true /p/base.yaml:3:11`,
		`table.one = 1 /p/base.yaml:6:16`,
		`table.two = 22 /q/over.yaml:7:16`,
		`table.three = 3 /q/over.yaml:7:27`,
		`z absent /q/over.yaml:9:10`,
	}
	if diff := cmp.Diff(want, listed(p.Desired)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := p.Desired.Secret; got.Ref != "file:/q/keys/key" || got.Origin.String() != "/q/over.yaml:5:3" {
		t.Errorf("secret: got %s from %s", got.Ref, got.Origin)
	}
}

// A file may leave out what another one has, but for the version.
func TestMergeParts(t *testing.T) {
	w := world(t, map[string]string{
		"name.yaml": "version: 1\nprovider: {name: Gateway}\n",
		"url.yaml":  "version: 1\nprovider: {base_url: 'https://g.example/v1'}\n",
		"key.yaml":  "version: 1\nsecret: {env: KEY}\n",
		"bare.yaml": "model: x\n",
	}, nil)
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"name.yaml", "url.yaml", "key.yaml"}, ""},
		{[]string{"key.yaml", "url.yaml"}, ""},
		{[]string{"name.yaml", "key.yaml"}, "name.yaml:2:1: provider: base_url is missing"},
		{[]string{"key.yaml"}, "key.yaml:2:1: secret: there is no provider; add one, or remove secret"},
		{[]string{"url.yaml", "bare.yaml"}, "bare.yaml:1:1: version is missing; write version: 1 at the top"},
	} {
		got := ""
		if _, err := sources.Load(w, c.names); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v:\ngot  %s\nwant %s", c.names, got, c.want)
		}
	}
}

func listed(d plan.Desired) []string {
	var out []string
	for _, s := range d.Settings {
		out = append(out, s.Address.String()+" = "+s.Value.String()+" "+s.Origin.String())
	}
	for _, r := range d.Absent {
		out = append(out, r.Address.String()+" absent "+r.Origin.String())
	}
	return out
}

// Problems of all files come together, in the order in which the files were named.
func TestProblemsOfSeveralFiles(t *testing.T) {
	w := world(t, map[string]string{"z.yaml": "version: 1\nmodle: x\n", "a.yaml": "version: 1\nmodel: 5\nx: 1\n"}, nil)
	_, err := sources.Load(w, []string{"z.yaml", "gone.yaml", "a.yaml"})
	var got []string
	for _, p := range sources.Problems(err) {
		got = append(got, p.Error())
	}
	want := []string{
		`z.yaml:2:1: modle: unknown key; did you mean "model"?`,
		"gone.yaml: no such file; codexform init writes one to start from",
		"a.yaml:2:8: model: must be text, not an integer; quote it",
		"a.yaml:3:1: x: unknown key; keys of config.toml go under settings",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Two places that name one key are reported with both, across files too.
func TestTwiceAcrossFiles(t *testing.T) {
	w := world(t, map[string]string{"a.yaml": "version: 1\nsettings: {k: 1}\n", "b.yaml": "version: 1\ndefaults: {k: 1}\n"}, nil)
	_, err := sources.Load(w, []string{"b.yaml", "a.yaml"})
	if want := "a.yaml:2:15: k: this key is named at b.yaml:2:15 too; name it in one place"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestFolderAndStandardInput(t *testing.T) {
	w := world(t, map[string]string{
		"d/20-b.yaml": "version: 1\nmodel: b\n", "d/10-a.yaml": "version: 1\nmodel: a\nreview_model: a\n",
		"d/.hidden.yaml": "broken: [", "d/notes.txt": "broken: [", "d/sub/30.yaml": "broken: [",
		"empty/x.txt": "", "-": "version: 1\nreview_model: in\n",
	}, nil)
	p, err := sources.Load(w, []string{"d", "-"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.FromSlash(`model = "b" d/20-b.yaml:2:8`), `review_model = "in" <stdin>:2:15`}
	if diff := cmp.Diff(want, listed(p.Desired)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = sources.Load(w, []string{"empty"})
	if want := "empty: the folder has no *.yaml to read"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// Our own defaults give way to whatever else the policy says of the key.
func TestDefaultsGiveWay(t *testing.T) {
	p := load(t, `version: 1
model: x
provider: {base_url: "https://g.example/v1"}
settings: {model_providers: {OpenAI: {name: Mine, request_max_retries: 2}}}
defaults: {review_model: y}
absent: [[model_providers, OpenAI, wire_api]]
`)
	var got []string
	for _, s := range p.Desired.Settings {
		got = append(got, s.Address.String()+" = "+s.Value.String())
	}
	want := []string{
		`model_provider = "OpenAI"`, `model = "x"`, `review_model = "y"`,
		`model_providers.OpenAI.base_url = "https://g.example/v1"`, `model_providers.OpenAI.requires_openai_auth = true`,
		`model_providers.OpenAI.name = "Mine"`, `model_providers.OpenAI.request_max_retries = 2`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p.Desired.Provider.Name != "Mine" {
		t.Errorf("provider name: got %q", p.Desired.Provider.Name)
	}
}

func TestDeliveries(t *testing.T) {
	needPOSIXPaths(t)
	const provider = "version: 1\nprovider: {id: G, base_url: \"https://g.example/v1\"%}\n"
	with := func(more, rest string) string { return strings.Replace(provider, "%", more, 1) + rest }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"auth_json", with("", ""), []string{"model_providers.G.requires_openai_auth = true"}},
		{"env_key", with(", env_key: KEY", "delivery: env_key\n"), []string{`model_providers.G.env_key = "KEY"`}},
		{"command", with("", "delivery: command\nsecret: {env: KEY}\n"), []string{
			`model_providers.G.auth.command = "codexform"`,
			`model_providers.G.auth.args = ["token", "-f", "/work/codex.yaml", "-f", "/etc/more.yaml"]`,
			"model_providers.G.requires_openai_auth absent", "model_providers.G.env_key absent",
			"model_providers.G.experimental_bearer_token absent", "model_providers.G.gateway_oauth absent",
		}},
	} {
		w := world(t, map[string]string{"codex.yaml": c.text, "/etc/more.yaml": "version: 1\nmodel: x\n"}, nil)
		p, err := sources.Load(w, []string{"codex.yaml", "/etc/more.yaml"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, line := range listed(p.Desired)[6:] {
			got = append(got, line[:strings.LastIndex(line, " ")])
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	w := world(t, map[string]string{"-": with("", "delivery: command\nsecret: {env: KEY}\n")}, nil)
	_, err := sources.Load(w, []string{"-"})
	want := "<stdin>:3:11: delivery: command runs codexform again, which cannot read this standard input; give the policy as a file"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestPlaceholders(t *testing.T) {
	needPOSIXPaths(t)
	w := world(t, map[string]string{"/p/c.yaml": `version: 1
model: ${user}
codex_home: ${home}/.codex-${os}
provider: {base_url: "https://g.example/v1"}
secret:
  command: ["${env.TOOL}", "${user}/${uid}@${host}", "$${x}", "-$x", "$"]
settings:
  a: "${home}/$${home}/${other}/$HOME/{{x}}"
defaults: {b: "$X", c: "${hom}"}

`}, map[string]string{"TOOL": "/usr/bin/tool"})
	p, err := sources.Load(w, []string{"/p/c.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if got := sources.Argv(p.Source); !cmp.Equal(got, []string{"/usr/bin/tool", "ada/1000@analytical", "${x}", "-$x", "$"}) {
		t.Errorf("got %q", got)
	}
	if p.CodexHome != "/home/ada/.codex-linux" {
		t.Errorf("codex_home: got %q", p.CodexHome)
	}
	for i, want := range map[int]string{1: "ada", 3: "/home/ada/${home}/${other}/$HOME/{{x}}", 4: "$X"} {
		if got := p.Desired.Settings[i].Value.Text(); got != want {
			t.Errorf("setting %s: got %q, want %q", p.Desired.Settings[i].Address, got, want)
		}
	}
	if len(p.Warnings) != 1 || p.Warnings[0].Fix != "did you mean ${home}?" {
		t.Errorf("warnings: %v", p.Warnings)
	}
}

// Codex's tables have paths for names: a key below settings, defaults and absent is
// expanded as a value is.
func TestPlaceholdersInKeys(t *testing.T) {
	const policy = `version: 1
settings:
  projects: {"${home}/work": {trust_level: trusted}, "$${home}/x": {trust_level: trusted}, "${other}": {trust_level: trusted}}
absent: [[projects, "${home}/old"]]
`
	p, err := sources.Load(world(t, map[string]string{"/p/c.yaml": policy}, nil), []string{"/p/c.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range p.Desired.Settings {
		got = append(got, s.Address.String())
	}
	want := []string{`projects."/home/ada/work".trust_level`, `projects."${home}/x".trust_level`, `projects."${other}".trust_level`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if got := p.Desired.Absent[0].Address.String(); got != `projects."/home/ada/old"` {
		t.Errorf("absent %s", got)
	}
	w := world(t, map[string]string{"/p/c.yaml": policy}, nil)
	w.AsWritten = true
	if p, err = sources.Load(w, []string{"/p/c.yaml"}); err != nil || p.Desired.Settings[0].Address.String() != `projects."${home}/work".trust_level` {
		t.Errorf("as written: %v, %v", p, err)
	}
	twice := "version: 1\nsettings:\n  projects: {\"${home}/a\": {trust_level: trusted}, /home/ada/a: {trust_level: untrusted}}\n"
	_, err = sources.Load(world(t, map[string]string{"/p/c.yaml": twice}, nil), []string{"/p/c.yaml"})
	if err == nil {
		t.Error("two keys that come to the same were taken")
	}
}

// What other programs would replace is an error outside of Codex's own keys.
func TestForeignPlaceholders(t *testing.T) {
	for line, want := range map[string]string{
		"model: $MODEL":                      "codex.yaml:2:8: model: variables of a shell are not replaced here; write the value; the names are user, uid, home, host, os",
		"model: ${env.M}":                    "codex.yaml:2:8: model: ${env.M} is not known; variables are for secret and codex_home only: what a policy asks for is the same on every machine",
		"model: ${usr}":                      "codex.yaml:2:8: model: ${usr} is not known; did you mean ${user}?",
		`model: "{{ .M }}"`:                  "codex.yaml:2:8: model: a template that nobody has filled in: {{…}}; render the file first, or write the value",
		"model: {{ .Model }}":                "codex.yaml:2:8: model: a template that nobody has filled in: {{…}}; render the file first, or write the value",
		"settings: {a: [{{ .M }}, b]}":       "codex.yaml:2:16: settings.a.1: a template that nobody has filled in: {{…}}; render the file first, or write the value",
		"provider: {base_url: '${GW}/v1'}":   "codex.yaml:2:22: provider.base_url: ${GW} is not known; the names are user, uid, home, host, os",
		"codex_home: $HOME/x":                "codex.yaml:2:13: codex_home: variables of a shell are not replaced here; write ${home}",
		"provider: {base_url: $GATEWAY_URL}": "codex.yaml:2:22: provider.base_url: variables of a shell are not replaced here; write the value; the names are user, uid, home, host, os",
		"provider: {base_url: 'https://${host}'}\nconfirm: {models: ['${x}']}": "codex.yaml:3:20: confirm.models.1: ${x} is not known; write the value itself; the names are user, uid, home, host, os",
	} {
		if got := strings.TrimSpace(problemsOf(t, "version: 1\n"+line+"\n")); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", line, got, want)
		}
	}
}

// The bounds of numbers and names hold.
func TestBounds(t *testing.T) {
	const provider = "version: 1\nprovider: {base_url: 'https://g.example/v1', id: %s}\nsecret: {vault: {path: a, version: %s, auth: {token: {env: T}}}}\n"
	for _, c := range []struct{ id, version, want string }{
		{strings.Repeat("i", 64), "1", ""},
		{strings.Repeat("i", 65), "1", "provider.id: is longer than 64 characters"},
		{"p", "0", "secret.vault.version: must be from 1 to"},
		{"p", "-1", "secret.vault.version: must be from 1 to"},
	} {
		got := problemsOf(t, fmt.Sprintf(provider, c.id, c.version))
		if c.want == "" && strings.Contains(got, "must") || !strings.Contains(got, c.want) {
			t.Errorf("id of %d, version %s: got %q", len(c.id), c.version, got)
		}
	}
}

// The value of a variable shows as the policy names it, in references and in errors.
func TestVariablesShowAsWritten(t *testing.T) {
	for _, secret := range []string{
		`{file: "/tmp/${env.CANARY}"}`, `{file: {path: "/tmp/${env.CANARY}/x", format: json, field: "${env.CANARY}"}}`,
		`{command: ["/opt/${env.CANARY}"]}`, `{credential: "${env.CANARY}"}`, `{env: "${env.CANARY}"}`,
		`{vault: {address: "http://127.0.0.1:1", path: "a/${env.CANARY}", mount: "${env.CANARY}", auth: {token: {file: "/x/${env.CANARY}"}}}}`,
		`{vault: {address: "https://${env.CANARY}.example.invalid", path: a, ca_cert: "/x/${env.CANARY}", auth: {token: {env: T}}}}`,
		`{first_of: [{env: "${env.CANARY}"}, {file: "${env.CANARY}"}]}`,
	} {
		w := world(t, map[string]string{"codex.yaml": "version: 1\nprovider: {base_url: 'https://g.example/v1'}\nsecret: " + secret + "\n"},
			map[string]string{"CANARY": "tweet", "T": "token-012345"})
		p, err := sources.Load(w, []string{"codex.yaml"})
		if err != nil {
			t.Errorf("%s: %v", secret, err)
			continue
		}
		_, _, err = p.Resolve(t.Context())
		var e *sources.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", secret, err)
			continue
		}
		text := p.Desired.Secret.Ref + e.Error() + e.Hint + string(p.Source.Ref())
		if strings.Contains(text, "tweet") || !strings.Contains(text, "${env.CANARY}") {
			t.Errorf("%s: %s", secret, text)
		}
	}
}

// Of two variables of which one begins as the other, the longer one goes first: nothing
// of it is left over.
func TestLongestVariableFirst(t *testing.T) {
	for range 20 { // the order of maps
		w := world(t, map[string]string{"codex.yaml": "version: 1\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {command: ['/opt/${env.SHORT}', '/x/${env.LONG}']}\n"},
			map[string]string{"SHORT": "tweet-of-a-bird", "LONG": "tweet-of-a-bird-and-another"})
		p, err := sources.Load(w, []string{"codex.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Written("sh: tweet-of-a-bird-and-another: not found"); got != "sh: ${env.LONG}: not found" {
			t.Fatalf("got %q", got)
		}
	}
}

// Equal policies have equal digests, others have others.
// A digest stays what it is from version to version: a home that remembers it would take the
// same policy for another.
func TestDigestsStay(t *testing.T) {
	for text, want := range map[string]string{
		"version: 1\nmodel: m\n":                     "sha256:d433a74b9fbc63eef1127fb35df76c52057c387a5432c2d4874766b857ea1823",
		"version: 1\nsettings: {a: 'x < y > z &'}\n": "sha256:5584d956049ba82bd4c63065d878162cd0f50f4c41f353016ca7186b72c4f859",
	} {
		if got := load(t, text).Desired.Digest; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestDigest(t *testing.T) {
	digest := func(text string) string {
		t.Helper()
		return load(t, text).Desired.Digest
	}
	const one = "version: 1\nmodel: x\nprovider: {base_url: 'https://g.example/v1'}\nsecret: {env: A}\n" +
		"settings: {a: 1, b: [{c: 1, d: 2}]}\nabsent: [[p], [q]]\n"
	same := []string{
		"# other places, order and spelling\nabsent:\n- [q]\n- [\"p\"]\nsettings:\n  b:\n  - d: 2\n    c: 1\n  a: 1\nsecret: {env: A}\n" +
			"provider: {base_url: \"https://g.example/v1\"}\nmodel: x\nversion: 1\n",
		one + "review_model: x\ndelivery: auth_json\nlayer: user\nconfirm: {attempts: 3, timeout: 10000ms, models: [x]}\n",
	}
	for _, text := range same {
		if digest(text) != digest(one) {
			t.Errorf("another digest for the same policy:\n%s", text)
		}
	}
	seen := map[string]string{digest(one): one}
	for _, change := range [][2]string{
		{"model: x", "model: y"},
		{"https://g", "https://h"},
		{"env: A", "env: B"},
		{"env: A", "file: A"},
		{"a: 1", "a: 1.0"},
		{"a: 1", "a: '1'"},
		{"a: 1", "a: true"},
		{"c: 1, d: 2", "c: 2, d: 1"},
		{"[q]", "[r]"},
		{"[q]", "[q, r]"},
		{"settings", "defaults"},
		{"version: 1", "version: 1\ncodex_home: /x"},
		{"version: 1", "version: 1\nconfirm: {on_failure: keep}"},
		{"version: 1", "version: 1\nconfirm: {attempts: 2}"},
		{"env: A", "command: [A]"},
		{"secret: {env: A}\n", ""},
		{"env: A", "env: '${user}'"},
	} {
		text := strings.Replace(one, change[0], change[1], 1)
		d := digest(text)
		if other, clash := seen[d]; clash {
			t.Errorf("one digest for\n%s\nand\n%s", other, text)
		}
		seen[d] = text
		if !strings.HasPrefix(d, "sha256:") || len(d) != 71 {
			t.Errorf("no digest: %q", d)
		}
	}
	// Where the policy lies and who reads it is no part of its meaning.
	const command = "version: 1\nprovider: {base_url: 'https://g.example/v1'}\ndelivery: command\nsecret: {file: '${home}/key'}\n"
	a := world(t, map[string]string{"/a/codex.yaml": command}, nil)
	b := world(t, map[string]string{"/b/codex.yaml": command}, nil)
	b.Home = "/home/grace"
	first, err1 := sources.Load(a, []string{"/a/codex.yaml"})
	second, err2 := sources.Load(b, []string{"/b/codex.yaml"})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if first.Desired.Digest != second.Desired.Digest {
		t.Error("the digest depends on the machine")
	}
}
