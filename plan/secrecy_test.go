package plan_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
)

var updateSecrets = flag.Bool("update", false, "rewrite testdata/secrets.tsv and docs/reference/secrets.md")

const secretsTable, secretsPage = "testdata/secrets.tsv", "../docs/reference/secrets.md"

// secretShape is one line of the table that plan, policies, outputs and docs share.
type secretShape struct {
	what, address, json, secret, policy, shown string
}

func secretShapes(t *testing.T) []secretShape {
	t.Helper()
	data, err := os.ReadFile(secretsTable)
	if err != nil {
		t.Fatal(err)
	}
	var out []secretShape
	for line := range strings.Lines(string(data)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 6 && f[0][0] != '#' {
			out = append(out, secretShape{f[0], f[1], f[2], f[3], f[4], f[5]})
		}
	}
	return out
}

func (s secretShape) value(t *testing.T) plan.Value {
	t.Helper()
	var v plan.Value
	if err := v.UnmarshalJSON([]byte(s.json)); err != nil {
		t.Fatalf("%s: %v", s.what, err)
	}
	return v
}

// Each shape is refused or shown in a policy, and masked in what is the user's, as
// the table says. No line shows what it calls a secret.
func TestSecretShapes(t *testing.T) {
	shapes := secretShapes(t)
	if len(shapes) < 60 {
		t.Errorf("%d shapes", len(shapes))
	}
	var rows []string
	for _, s := range shapes {
		v, a := s.value(t), plan.Address(strings.Split(s.address, "."))
		shown := plan.Redact(a, v).TOML()
		if *updateSecrets {
			s.shown = shown
		}
		if shown != s.shown {
			t.Errorf("%s: shown as %s, want %s", s.what, shown, s.shown)
		}
		if s.secret == "" != plan.Redact(a, v).Equal(v) || s.secret != "" && strings.Contains(shown, s.secret) {
			t.Errorf("%s: shown as %s", s.what, shown)
		}
		want := map[bool]string{true: "refused", false: "shown"}[plan.Secrecy(a, v) == plan.IsSecret]
		if want != s.policy {
			t.Errorf("%s: %s in a policy, want %s", s.what, want, s.policy)
		}
		rows = append(rows, strings.Join([]string{s.what, s.address, s.json, s.secret, s.policy, s.shown}, "\t"))
	}
	head := "# what\taddress\tvalue (JSON)\tthe secret in it\tin a policy\tfrom a file of the user's\n"
	golden(t, secretsTable, head+strings.Join(rows, "\n")+"\n")
}

// The page of the reference is the same table.
func TestSecretsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(secretsIntro)
	for _, s := range secretShapes(t) {
		key := "`" + plan.Address(strings.Split(s.address, ".")).String() + "`"
		b.WriteString("| " + s.what + " | " + key + " | " + s.policy + " | `` " + s.shown + " `` |\n")
	}
	golden(t, secretsPage, b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *updateSecrets {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is out of date: go test ./plan -run TestSecret -update", name)
	}
}

// What the secrets of a value are is told with the place of each.
func TestSecretsPlaces(t *testing.T) {
	v := plan.Table(plan.Member{Key: "one", Value: plan.Table(
		plan.Member{Key: "args", Value: plan.List(plan.Str("--token"), plan.Str("c-123456"))},
		plan.Member{Key: "env", Value: plan.Table(plan.Member{Key: "DB_PASS", Value: plan.Str("c-654321")})},
	)})
	var got []string
	for _, a := range plan.Secrets(plan.Address{"mcp_servers"}, v) {
		got = append(got, a.String())
	}
	if want := []string{"mcp_servers.one.args.2", "mcp_servers.one.env.DB_PASS"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A text of another program keeps its words and loses its secrets.
func TestMaskText(t *testing.T) {
	for text, want := range map[string]string{
		"token: permission denied for user ada":                                    "token: permission denied for user ada",
		"bad --token=c-123456 in https://ada:pw@h.example/x?k=v":                   "bad --token=(secret) in https://(secret)@h.example/x?k=(secret)",
		"see https://ada:hunter2h.example/x and http://[::1]:80/, http://h:8080/x": "see https://ada:(secret)/x and http://[::1]:80/, http://h:8080/x",
		"Authorization: Bearer abcd1234 (401)":                                     "Authorization: Bearer (secret) (401)",
		`{"key":"sk-abcdefgh12345678"}`:                                            `{"(secret)"}`,
		"id 9f86d081884c7d659a2feaa0c55ad015 was seen":                             "id (secret) was seen",
	} {
		if got := plan.MaskText(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A sentence of ours shows no key that stands where a name belongs.
func TestShowText(t *testing.T) {
	for text, want := range map[string]string{
		`no credential to provider "sk-abcdefgh12345678"`: `no credential to provider "(hidden)"`,
		"provider task-force, credential: none":           "provider task-force, credential: none",
	} {
		if got := plan.ShowText(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

const secretsIntro = `# What counts as a secret

Of one text there is one opinion, in policies, plans, saved plans, the ledger, the history, findings,
` + "`doctor`, `init`" + ` and the log. It has two grades.

- **Is a secret**, by the name of its key or by its own shape: no policy may hold it
  (` + "`secret-in-file`" + `), and it is masked wherever else it stands.
- **May be a secret**, by its place: an argument behind a flag or a ` + "`=`" + `; anything below a server's
  ` + "`env`, `http_headers`, `args` and `url`" + `; a provider's headers and parameters; variables for commands; headers
  of telemetry; commands of hooks; a long text that looks drawn by lot. Where it is the user's, it is masked and not
  kept. A policy's own value is shown: a reviewer has to see it.

What is masked is not kept either: where a policy takes such a value away, the plan says that it will not come
back. Harmless are booleans and numbers, flags without a ` + "`=`" + `, a command's own path, the package that npx or uvx runs,
names of variables, and scheme, host and port of a URL.

This page is checked by the test that tries each line.

| what | for example at | in a policy | the user's, as a plan shows it |
|---|---|---|---|
`
