package cli_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/ui"
	"github.com/codexform/codexform/plan"
)

// userSecret is one line of the table of shapes in package plan.
type userSecret struct {
	what, secret string
	address      plan.Address
	value        plan.Value
}

func userSecrets(t *testing.T) []userSecret {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "plan", "testdata", "secrets.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var out []userSecret
	for line := range strings.Lines(string(data)) {
		f := strings.Split(line, "\t")
		if len(f) != 6 || f[3] == "" || f[0][0] == '#' {
			continue
		}
		s := userSecret{what: f[0], secret: f[3], address: strings.Split(f[1], ".")}
		if err := json.Unmarshal([]byte(f[2]), &s.value); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if len(out) < 60 {
		t.Fatalf("%d shapes", len(out))
	}
	return out
}

// configWith is a config.toml that holds all of them.
func configWith(all []userSecret) string {
	var b strings.Builder
	b.WriteString("# old key: sk-Zq3vTn8KpWx2RbY7mLd5Hc9f\n")
	for _, s := range all {
		fmt.Fprintf(&b, "%s = %s # %s\n", s.address, s.value.TOML(), s.what)
		if s.address[0] != "model_providers" {
			continue
		}
		for key, v := range map[string]string{"name": "n", "base_url": "https://h.example/v1"} {
			if a := (plan.Address{"model_providers", s.address[1], key}); !a.Equal(s.address) {
				fmt.Fprintf(&b, "%s = %q\n", a, v)
			}
		}
	}
	return b.String()
}

// inventory are secrets that were found where none may be.
func (m *machine) inventory(all []userSecret, where, text string) {
	m.t.Helper()
	for _, s := range all {
		if strings.Contains(text, s.secret) {
			m.t.Errorf("%s: %s shows %s", where, s.what, s.secret)
		}
	}
}

func (m *machine) inventoryOfFiles(all []userSecret) {
	m.t.Helper()
	err := filepath.WalkDir(m.user, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "config.toml" {
			return err
		}
		data, err := os.ReadFile(path)
		m.inventory(all, path, string(data))
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// replacing is a policy that puts something else in the place of each.
func replacing(t *testing.T, all []userSecret) string {
	t.Helper()
	root := map[string]any{}
	for _, s := range all {
		at := root
		last := s.address[len(s.address)-1]
		if s.value.Kind() == plan.KindTable || s.address[0] == "hooks" || last == "env" || last == "http_headers" {
			continue // nothing takes the place of a table, and no table that of a list or a text
		}
		for _, key := range s.address[:len(s.address)-1] {
			if at[key] == nil {
				at[key] = map[string]any{}
			}
			at = at[key].(map[string]any)
		}
		if at[last] = ""; last == "command" {
			at[last] = "other"
		} else if s.value.Kind() == plan.KindList {
			at[last] = []string{"other"}
		} else if last == "base_url" {
			at[last] = "https://new.example/v1"
		}
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return "version: 1\nsettings: " + string(text) + "\n"
}

// removing is a policy that wants none of them.
func removing(t *testing.T, all []userSecret) string {
	t.Helper()
	text := "version: 1\nabsent:\n"
	for _, s := range all {
		path, err := json.Marshal(s.address)
		if err != nil {
			t.Fatal(err)
		}
		text += "  - " + string(path) + "\n"
	}
	return text
}

// Whatever is taken from the user's files or replaced in them, no secret of theirs
// shows in any format of any command, nor stays in any file of ours.
func TestUsersSecretsShowNowhere(t *testing.T) {
	all := userSecrets(t)
	for name, policy := range map[string]string{
		"remove": removing(t, all), "replace": replacing(t, all), "tables": "version: 1\nabsent: [[mcp_servers], [model_providers], [hooks], [otel], [projects], [notify], [shell_environment_policy], [tools]]\n",
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.write(".codex/config.toml", configWith(all))
			m.write("codex.yaml", policy)
			home := []string{"--log-level=debug", "--codex-home", m.home()}
			file, saved := []string{"-f", filepath.Join(m.user, "codex.yaml")}, filepath.Join(m.user, "saved.json")
			say := func(args ...string) {
				t.Helper()
				code, out, errs := m.run(args...)
				if code != 0 && (args[0] != "doctor" || code != 2) || out == "" {
					t.Errorf("%v: exit %d: %s", args, code, errs)
				}
				m.inventory(all, strings.Join(args[:2], " "), out+errs)
			}
			off := slices.Concat(home, file)
			for _, format := range ui.Formats {
				say(slices.Concat([]string{"plan", "--format=" + string(format)}, off)...)
				say(slices.Concat([]string{"doctor", "--codex=off", "--format=" + string(format)}, home)...)
			}
			say(slices.Concat([]string{"plan", "--out=" + saved}, off)...)
			for _, format := range ui.Formats {
				say("show", "--format="+string(format), saved)
			}
			say(slices.Concat([]string{"init", "-o", filepath.Join(m.user, "new.yaml")}, home)...)
			say(slices.Concat([]string{"apply", "--auto-approve", "--codex=off"}, off)...)
			m.inventoryOfFiles(all)
			for _, format := range ui.Formats {
				say(slices.Concat([]string{"history", "--format=" + string(format)}, home)...)
			}
			say(slices.Concat([]string{"destroy", "--auto-approve"}, home)...)
			m.inventoryOfFiles(all)
		})
	}
}

// What a policy reads from the environment shows as ${env.NAME} in every output and
// file, and a plan that was stored so can be applied.
func TestVariablesOfAPolicyShowAsWritten(t *testing.T) {
	const canary = "Tw1tter-canary"
	m := newMachine(t)
	m.vars["CANARY"], m.vars["BELOW"] = canary, filepath.Join(m.user, "below-"+canary)
	m.write("key-"+canary, "sk-0123456789abcdef")
	m.write("codex.yaml", `version: 1
model: gpt-5.4
provider: {base_url: "http://127.0.0.1:1/v1"}
codex_home: ${home}/home-${env.CANARY}
secret: {file: "${home}/key-${env.CANARY}"}
confirm: {attempts: 1}
`)
	m.write("other.yaml", `version: 1
model: gpt-5.4
provider: {base_url: "http://127.0.0.1:1/v1"}
codex_home: ${env.BELOW}
secret: {file: "${home}/no-${env.CANARY}"}
`)
	saved := filepath.Join(m.user, "saved.json")
	say := func(want int, args ...string) {
		t.Helper()
		code, out, errs := m.run(append(args, "--log-level=debug")...)
		if code != want {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
		if text := out + errs; strings.Contains(text, canary) {
			t.Errorf("%v: %s", args, text)
		}
	}
	file, other := "-f="+filepath.Join(m.user, "codex.yaml"), "-f="+filepath.Join(m.user, "other.yaml")
	for _, format := range ui.Formats {
		f := "--format=" + string(format)
		say(0, "plan", f, file)
		say(0, "validate", f, file)
		say(4, "plan", f, other)
		say(0, "plan", f, other, "--secrets=skip")
		say(0, "plan", f, file, "--base="+filepath.Join(m.user, "other.yaml"))
		say(5, "apply", f, file, "--auto-approve", "--codex=off")
	}
	say(0, "plan", "--out="+saved, file)
	if text := m.read("saved.json"); strings.Contains(text, canary) || !strings.Contains(text, "home-${env.CANARY}") {
		t.Errorf("the stored plan: %s", text)
	}
	say(0, "apply", saved, "--no-confirm", "--codex=off")
	say(0, "history", file)
	say(0, "plan", "--destroy", file)
	say(2, "doctor", file, "--codex=off")
	say(5, "confirm", file)
	err := filepath.WalkDir(filepath.Join(m.user, "home-"+canary, ".codexform"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), canary) {
			t.Errorf("%s: %s", path, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	say(0, "destroy", file, "--auto-approve", "--codex=off")
}

// What stands in a base_url beside host and path is printed by nobody, nor is a key
// in the place of a variable's name.
func TestSecretsOfAProviderShowNowhere(t *testing.T) {
	const canary = "c4nary0123456789ABCDEFGHIJ"
	for name, config := range map[string]string{
		"user": `base_url = "http://ada:` + canary + `@127.0.0.1:1/v1"`, "token": `base_url = "http://` + canary + `@127.0.0.1:1/v1"`,
		"query": `base_url = "http://127.0.0.1:1/v1?code=` + canary + `"`, "fragment": `base_url = "http://127.0.0.1:1/v1#` + canary + `"`,
		"env_key":  "base_url = \"http://127.0.0.1:1/v1\"\nenv_key = \"" + canary + `"`,
		"header":   "base_url = \"http://127.0.0.1:1/v1\"\nenv_http_headers = {Authorization = \"" + canary + `"}`,
		"bearer":   "base_url = \"http://127.0.0.1:1/v1\"\nexperimental_bearer_token = \"" + canary + `"`,
		"model":    "base_url = \"http://127.0.0.1:1/v1\"\nwire_api = \"" + canary + `"`,
		"envshape": "base_url = \"http://127.0.0.1:1/v1\"\nenv_key = \"sk-" + canary + `"`,
	} {
		m := newMachine(t)
		m.write(".codex/config.toml", "model_provider = \"p\"\nmodel = \"m\"\n[model_providers.p]\nname = \"p\"\n"+config+"\n")
		m.write("codex.yaml", "version: 1\nmodel: m\nprovider: {id: p, base_url: 'http://127.0.0.1:1/v1'}\nsecret: {env: K}\nconfirm: {attempts: 1}\n")
		m.vars["K"] = "sk-0123456789abcdef"
		file := "-f=" + filepath.Join(m.user, "codex.yaml")
		for _, format := range []ui.Format{ui.Text, ui.JSON} {
			for _, args := range [][]string{
				{"confirm"},
				{"confirm", file},
				{"doctor", "--codex=off"},
				{"plan", file},
				{"apply", file, "--auto-approve", "--codex=off"},
				{"init", "-o", "-"},
			} {
				code, out, errs := m.run(append(args, "--format="+string(format), "--log-level=debug")...)
				if text := out + errs; strings.Contains(text, canary) || code == 70 {
					t.Errorf("%s: %v --format=%s: %s", name, args, format, text)
				}
			}
		}
	}
}

// A key that stands where the name of a provider or a model belongs is in no message either.
func TestKeysInThePlaceOfNamesShowNowhere(t *testing.T) {
	const id, model = "sk-c4naryProvider0123456789", "sk-c4naryModel0123456789"
	m := newMachine(t)
	m.write(".codex/config.toml", "model_provider = \""+id+"\"\nmodel = \""+model+"\"\n[model_providers."+id+"]\nname = \"p\"\nbase_url = \"http://127.0.0.1:1/v1\"\n")
	m.write("codex.yaml", "version: 1\nsettings: {hide_agent_reasoning: true}\n")
	file := "-f=" + filepath.Join(m.user, "codex.yaml")
	for _, args := range [][]string{{"confirm"}, {"doctor", "--codex=off"}, {"plan", file, "--codex=off"}, {"init", "-o", "-"}, {"status", file}} {
		for _, format := range []string{"text", "json"} {
			code, out, errs := m.run(append(args, "--format="+format, "--log-level=debug")...)
			if text := out + errs; strings.Contains(text, "c4nary") || code == 70 {
				t.Errorf("%v --format=%s: %s", args, format, text)
			}
		}
	}
}
