package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	diskKey = "sk-on-the-disk-0123456789"
	login   = `"tokens": {"id_token": "a.b.c", "access_token": "secret-access", "refresh_token": "secret-refresh", "account_id": "x"}`
)

// guide is the home that people write by hand after a gateway's setup guide.
const guide = `model_provider = "OpenAI"
model = "gpt-5.4"
review_model = "gpt-5.4"
model_reasoning_effort = "xhigh"
disable_response_storage = true
network_access = "enabled"
windows_wsl_setup_acknowledged = true
model_context_window = 1000000
model_auto_compact_token_limit = 900000

[model_providers.OpenAI]
name = "OpenAI"
base_url = "https://api.routescope.ai/v1"
wire_api = "responses"
requires_openai_auth = true
`

var homes = []struct {
	name         string
	config, auth string
	want         []string // lines that the YAML must have
	not          []string // texts that it must not have
	changes      []string // what a plan of it changes, as its notes say
	notes        string   // a part of a note
}{
	{
		name: "written by the guide", config: guide, auth: `{"OPENAI_API_KEY": "` + diskKey + `"}`,
		want:  []string{"model: gpt-5.4", "reasoning_effort: xhigh", "  base_url: https://api.routescope.ai/v1", "  env: CODEXFORM_KEY", "  model_context_window: 1000000"},
		not:   []string{"\n  disable_response_storage", "review_model"},
		notes: "Codex does not know and ignores disable_response_storage, network_access, windows_wsl_setup_acknowledged",
	},
	{
		name: "env_key, as Codex's own dialog writes it",
		config: `model = "gpt-5.4"
model_provider = "gate"
sandbox_mode = "workspace-write"

[model_providers.gate]
base_url = "https://gate.example/v1"
env_key = "GATE_KEY"
name = "Gate"
wire_api = "responses"
request_max_retries = 2
`,
		want: []string{"  id: gate", "  env_key: GATE_KEY", "delivery: env_key", "      request_max_retries: 2", "  sandbox_mode: workspace-write", "  model: gpt-5.4"},
		not:  []string{"secret:"},
	},
	{
		name: "env_key and little else",
		config: `model = "m"
model_provider = "gate"
[model_providers.gate]
base_url = "https://gate.example/v1"
env_key = "GATE_KEY"
name = "Gate"
`,
		want: []string{"  - [model_providers, gate, wire_api]"},
	},
	{
		name: "a ChatGPT login alone", config: "model = \"gpt-5.4\"\n",
		auth: `{"auth_mode": "chatgpt", "OPENAI_API_KEY": null, ` + login + `}`,
		want: []string{"settings:", "  model: gpt-5.4"},
		not:  []string{"provider", "secret-", "env: CODEXFORM_KEY"},
	},
	{
		name: "a ChatGPT login and a gateway", config: guide,
		auth:  `{"auth_mode": "chatgpt", ` + login + `}`,
		want:  []string{"provider:", "# secret:", "#   env: CODEXFORM_KEY"},
		not:   []string{"\nsecret:", "secret-"},
		notes: "auth.json holds a ChatGPT login, which stays",
	},
	{
		name: "a login that comes before the key", config: guide,
		auth: `{"auth_mode": "chatgpt", "OPENAI_API_KEY": "` + diskKey + `", ` + login + `}`,
		want: []string{"# secret:"}, not: []string{"\nsecret:"},
	},
	{
		name: "an auth command",
		config: `model_provider = "gate"
model = "gpt-5.4"
[model_providers.gate]
name = "Gate"
base_url = "https://gate.example/v1"
auth = { command = "/usr/local/bin/helper", args = ["--password", "hunter2hunter2"] }
`,
		want:  []string{"  model_provider: gate", "  model_providers:", "      base_url: https://gate.example/v1"},
		not:   []string{"hunter2", "helper", "provider:\n  id"},
		notes: "model_providers.gate gets its key from a command",
	},
	{
		name: "codexform token already",
		config: `model_provider = "gate"
[model_providers.gate]
name = "Gate"
base_url = "https://gate.example/v1"
auth = { command = "codexform", args = ["token", "-f", "/etc/codexform/codex.yaml"] }
`,
		notes: "runs codexform already",
	},
	{
		name: "several providers",
		config: guide + `
[model_providers.local]
name = "Local"
base_url = "http://127.0.0.1:11434/v1"

[model_providers."a b"]
name = "Other"
base_url = "https://other.example/v1"
experimental_bearer_token = "` + diskKey + `"
`,
		auth:  `{"OPENAI_API_KEY": "` + diskKey + `"}`,
		not:   []string{"127.0.0.1", "other.example"},
		notes: "other providers stay as they are: local, a b",
	},
	{
		name: "keys in clear everywhere",
		config: `model_provider = "gate"
model = "gpt-5.4"
openai_base_url = "https://x.example/v1?key=hunter2hunter2"
[model_providers.gate]
name = "Gate"
base_url = "https://gate.example/v1"
experimental_bearer_token = "hunter2hunter2"
http_headers = { "X-Key" = "hunter2hunter2" }
query_params = { key = "hunter2hunter2" }
`,
		not:   []string{"hunter2"},
		notes: "model_providers.gate holds a key in clear",
	},
	{
		name: "no key is sent", config: strings.Replace(guide, "requires_openai_auth = true\n", "", 1),
		want: []string{"  model_provider: OpenAI"}, not: []string{"requires_openai_auth"},
		notes: "Codex sends model_providers.OpenAI no key",
	},
	{
		name: "a provider that a policy may not ask for", config: strings.Replace(guide, "https://", "http://", 1),
		auth: `{"OPENAI_API_KEY": "` + diskKey + `"}`,
		not:  []string{"provider:", "CODEXFORM_KEY"}, notes: "the provider is left out: provider.base_url: http:// would send the key in clear",
	},
	{
		name: "no name, and wider than it should be", config: strings.Replace(guide, "name = \"OpenAI\"\n", "", 1),
		auth: `{"OPENAI_API_KEY": "` + diskKey + `"}`, changes: []string{"create model_providers.OpenAI.name in config.toml"},
	},
	{
		name: "hostile names and values",
		config: `model = "a\u0007b"
oss_provider = "yes"
service_tier = "1e3"
model_verbosity = "#low: [x"
"model_\u202e" = 1
model_provider = "a\"b\\c"
[model_providers."a\"b\\c"]
name = "it's: {fine} # or not"
base_url = "https://gate.example/v1"
wire_api = "responses"
requires_openai_auth = true
[model_providers."x\u202ey"]
name = "x"
`,
		auth: `{"OPENAI_API_KEY": "` + diskKey + `"}`,
		want: []string{`  oss_provider: "yes"`, `  service_tier: "1e3"`},
	},
}

func TestInitAsksForWhatIsThere(t *testing.T) {
	for _, h := range homes {
		t.Run(h.name, func(t *testing.T) {
			m := newMachine(t)
			m.vars["CODEXFORM_KEY"] = diskKey
			m.write(".codex/config.toml", h.config)
			if h.auth != "" {
				m.write(".codex/auth.json", h.auth)
			}
			file := filepath.Join(m.user, "made.yaml")
			code, out, errs := m.run("init", "-o", file, "--format", "json")
			if code != 0 {
				t.Fatalf("init: exit %d\n%s%s", code, out, errs)
			}
			yaml := m.read("made.yaml")
			checkText(t, yaml, h.want, append(h.not, diskKey))
			checkNotes(t, out, h.notes, h.changes)

			if code, out, errs := m.run("validate", "-f", file); code != 0 {
				t.Fatalf("validate: exit %d\n%s%s\n%s", code, out, errs, yaml)
			}
			if got := planned(t, m, file); !slices.Equal(got, h.changes) {
				t.Errorf("the plan changes %q, want %q\n%s", got, h.changes, yaml)
			}
		})
	}
}

func checkText(t *testing.T, text string, want, not []string) {
	t.Helper()
	for _, line := range want {
		if !slices.Contains(strings.Split(text, "\n"), line) {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
	for _, part := range not {
		if strings.Contains(text, part) {
			t.Errorf("%q is in\n%s", part, text)
		}
	}
}

func checkNotes(t *testing.T, out, want string, changes []string) {
	t.Helper()
	var doc struct{ Init struct{ Notes []string } }
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, n := range doc.Init.Notes {
		if what, ok := strings.CutPrefix(n, "a plan of it will "); ok {
			said = append(said, what)
		}
	}
	if diff := cmp.Diff(changes, said); diff != "" {
		t.Errorf("announced changes (-want +got):\n%s", diff)
	}
	if !strings.Contains(strings.Join(doc.Init.Notes, "\n"), want) {
		t.Errorf("no note with %q in %q", want, doc.Init.Notes)
	}
}

// planned are the changes of a plan, as init says them.
func planned(t *testing.T, m *machine, file string) []string {
	t.Helper()
	code, out, errs := m.run("plan", "-f", file, "--format", "json")
	var doc struct {
		Error *struct{ Message string }
		Files []struct {
			Path    string
			Changes []struct{ Address, Action string }
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("plan: exit %d: %v\n%s%s", code, err, out, errs)
	}
	if len(doc.Files) == 0 {
		t.Fatalf("plan: exit %d\n%s%s", code, out, errs)
	}
	var got []string
	for _, f := range doc.Files {
		for _, c := range f.Changes {
			if c.Action != "noop" {
				got = append(got, c.Action+" "+c.Address+" in "+f.Path)
			}
		}
	}
	return got
}

func TestInitIsStableOverItsOwnApply(t *testing.T) {
	m := newMachine(t)
	m.vars["CODEXFORM_KEY"] = diskKey
	m.write(".codex/config.toml", guide)
	m.write(".codex/auth.json", `{"OPENAI_API_KEY": "`+diskKey+`"}`)
	file := filepath.Join(m.user, "codex.yaml")
	m.run("init", "-o", file)
	if code, out, errs := m.run("apply", "-f", file, "--auto-approve", "--no-confirm"); code != 0 {
		t.Fatalf("apply: exit %d\n%s%s", code, out, errs)
	}
	if got := m.read(".codex/config.toml"); got != guide {
		t.Errorf("apply changed config.toml:\n%s", cmp.Diff(guide, got))
	}
	if code, _, errs := m.run("init", "-o", file); code != 3 || !strings.Contains(errs, "--force") {
		t.Errorf("over an existing file: exit %d, %s", code, errs)
	}
	if _, out, _ := m.run("init", "-o", file, "--force"); !strings.Contains(out, "codexform manages this home already") {
		t.Errorf("nothing about the earlier apply in %s", out)
	}
}

func TestInitWithoutAHome(t *testing.T) {
	m := newMachine(t)
	_, out, _ := m.run("init", "-o", "-")
	file := m.write("form.yaml", out)
	if code, _, errs := m.run("validate", "-f", file); code != 0 {
		t.Errorf("the form is not valid: %s", errs)
	}
	on := strings.NewReplacer("# delivery", "delivery", "# settings", "settings", "#   ", "  ", "# defaults", "defaults", "# absent", "absent").Replace(out)
	file = m.write("on.yaml", on)
	if code, _, errs := m.run("validate", "-f", file); code != 0 {
		t.Errorf("the form with everything switched on is not valid: %s\n%s", errs, on)
	}
	if code, _, errs := m.run("init", "-o", "-", "--codex-home", filepath.Join(m.user, "nowhere")); code != 3 {
		t.Errorf("a home that is not there: exit %d, %s", code, errs)
	}
}

// Whatever home there is: what init writes is valid, and changes what it says.
func TestInitTellsTheTruthAboutEveryHome(t *testing.T) {
	files, err := filepath.Glob("../../../plan/tomlfile/testdata/corpus/*.toml")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	told := 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			config, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := newMachine(t)
			m.vars["CODEXFORM_KEY"] = diskKey
			m.write(".codex/config.toml", string(config))
			m.write(".codex/auth.json", `{"OPENAI_API_KEY": "`+diskKey+`"}`)
			made := filepath.Join(m.user, "made.yaml")
			code, out, _ := m.run("init", "-o", made, "--format", "json")
			if code == 1 {
				return // a home that Codex cannot read either
			}
			if code, _, errs := m.run("validate", "-f", made); code != 0 {
				t.Fatalf("%s\n%s", errs, m.read("made.yaml"))
			}
			if strings.Contains(out, `"codex_home"`) { // not the form, for a home with nothing to take
				told++
				checkNotes(t, out, "", planned(t, m, made))
			}
		})
	}
	if told < 50 {
		t.Errorf("only %d homes had something to take", told)
	}
}

// Whatever home there is: its own plan accepts what init wrote, with --codex off.
func TestInitIsAcceptedByItsPlan(t *testing.T) {
	homes := homesOf(t)
	made, enough := 0, 300
	if testing.Short() {
		enough = 30
		for n, name := range slices.Sorted(maps.Keys(homes)) {
			if n%8 != 0 {
				delete(homes, name)
			}
		}
	}
	for name, config := range homes {
		m := newMachine(t)
		m.vars["CODEXFORM_KEY"] = diskKey
		m.write(".codex/config.toml", config)
		m.write(".codex/auth.json", `{"OPENAI_API_KEY": "`+diskKey+`"}`)
		file := filepath.Join(m.user, "made.yaml")
		if code, _, _ := m.run("init", "-o", file); code == 1 {
			continue // Codex cannot read it either
		}
		made++
		form := !strings.Contains(m.read("made.yaml"), "as it was found") // for a home with nothing to take
		if code, out, errs := m.run("plan", "-f", file, "--codex", "off"); code != 0 && (code != 3 || !form) {
			t.Errorf("%s: plan: exit %d\n%s\n%s%s\n%s", name, code, config, out, errs, m.read("made.yaml"))
		}
	}
	t.Logf("init wrote %d desired states from %d homes", made, len(homes))
	if made < enough {
		t.Errorf("init wrote only %d from %d homes", made, len(homes))
	}
}

// homesOf are many a config.toml: of an editor's corpus, of files with which Codex does
// not start, and of such as do no harm.
func homesOf(t *testing.T) map[string]string {
	t.Helper()
	homes := map[string]string{}
	files, err := filepath.Glob("../../../plan/tomlfile/testdata/corpus/*.toml")
	documented, otherErr := filepath.Glob("../../../plan/codex/testdata/documented/*.toml")
	if err := errors.Join(err, otherErr); err != nil || len(documented) == 0 {
		t.Fatal(err, "or no documented files")
	}
	for _, file := range append(files, documented...) {
		homes[filepath.Base(file)] = readText(t, file)
	}
	for _, file := range []string{"stops.txt", "mistakes.txt"} {
		for n, line := range strings.Split(readText(t, "../../../plan/codex/testdata/"+file), "\n") {
			if line != "" && !strings.HasPrefix(line, "#") {
				config := strings.ReplaceAll(line, `\n`, "\n") + "\n"
				homes[fmt.Sprint(file, ":", n+1)] = config
				homes[fmt.Sprint(file, ":", n+1, ", with a model")] = "model = \"gpt-5.4\"\n" + config
			}
		}
	}
	return homes
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What an admin usually takes over stands there as a comment that holds when it is
// switched on, and holds no secret.
func TestInitOffersWhatAPolicyTakesOver(t *testing.T) {
	m := newMachine(t)
	m.write(".codex/config.toml", `model = "gpt-5.4"
[features]
shell_tool = true
[mcp_servers.docs]
command = "docs"
args = ["--stdio"]
env = { TOKEN = "abc123" }
[projects.'`+m.user+`/work']
trust_level = "trusted"
[projects."/opt/x"]
trust_level = "trusted"
[model_providers.old]
name = "old"
base_url = "https://o.example/v1"
`)
	_, out, _ := m.run("init", "-o", "-")
	_, offered, found := strings.Cut(out, "\n# settings:\n")
	if !found {
		t.Fatalf("nothing is offered: %s", out)
	}
	offered = "version: 1\n" + strings.ReplaceAll("\n# settings:\n"+offered, "\n# ", "\n")
	offered = strings.ReplaceAll(offered, "\nWhat stands", "\n# What stands")
	for _, want := range []string{"- \"--stdio\"", "    shell_tool: true", "\"${home}/work\"", "- [model_providers, old]", "- [mcp_servers, docs]"} {
		if !strings.Contains(offered, want) {
			t.Errorf("no %s in %s", want, offered)
		}
	}
	if strings.Contains(out, "abc123") || strings.Contains(out, "/opt/x") {
		t.Errorf("a secret, or a path of this machine: %s", out)
	}
	file := m.write("on.yaml", strings.ReplaceAll(offered, "\n  - [mcp_servers, docs]", ""))
	if code, _, errs := m.run("validate", "-f", file); code != 0 {
		t.Errorf("exit %d: %s\n%s", code, errs, offered)
	}
}

// The key's way into the variable is told in the words of the shell that people have there.
func TestInitNamesTheKeyInTheShellOfTheSystem(t *testing.T) {
	for os, want := range map[string]string{
		"linux":   `CODEXFORM_KEY="$(jq -r .OPENAI_API_KEY '` + "%s" + `')"`,
		"windows": `$env:CODEXFORM_KEY = (Get-Content -Raw -LiteralPath '` + "%s" + `' | ConvertFrom-Json).OPENAI_API_KEY`,
	} {
		m := newMachine(t)
		m.os = os
		m.write("o'clock & co/config.toml", guide)
		auth := m.write("o'clock & co/auth.json", `{"OPENAI_API_KEY": "`+diskKey+`"}`)
		_, out, errs := m.run("init", "-o", "-", "--codex-home", filepath.Dir(auth))
		quoted := map[string]string{"linux": `'\''`, "windows": `''`}[os]
		want = fmt.Sprintf(want, strings.ReplaceAll(auth, "'", quoted))
		if !strings.Contains(out, want) {
			t.Errorf("%s: no %s in\n%s%s", os, want, out, errs)
		}
	}
}
