package acceptance

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/codexform/codexform/cmd/codexform/roottest"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// layered is what else Codex reads on a machine, beside what a policy writes.
type layered struct {
	name    string
	etc     map[string]string // files of /etc/codex
	home    map[string]string // files beside config.toml
	user    string            // what config.toml held before the policy came
	profile string            // that a turn is taken with
	policy  string            // instead of layeredPolicy
	silent  bool              // a turn does not show the approval: the app server is asked
	since   codex.Version     // an older one does something of its own
}

const (
	other     = "model_provider = \"corp\"\n" + otherOnly
	otherOnly = "[model_providers.corp]\nname = \"Corp\"\nbase_url = \"OTHER\"\n"
)

var layerings = []layered{
	{name: "nothing"},
	{name: "system: another provider", etc: map[string]string{"config.toml": other}},
	{name: "system: another model", etc: map[string]string{"config.toml": "model = \"gpt-5\"\n"}},
	{name: "system: our provider takes a variable", etc: map[string]string{"config.toml": "[model_providers.gate]\nenv_key = \"SOME_KEY\"\n"}},
	{name: "system: our provider takes a bearer", etc: map[string]string{"config.toml": "[model_providers.gate]\nexperimental_bearer_token = \"sk-of-the-system\"\n"}},
	{name: "system: our provider has a header", etc: map[string]string{"config.toml": "[model_providers.gate.http_headers]\nX-Team = \"a\"\n"}},
	{name: "system: login by ChatGPT only", etc: map[string]string{"config.toml": "forced_login_method = \"chatgpt\"\n"}},
	{name: "system: a keyring", etc: map[string]string{"config.toml": "cli_auth_credentials_store = \"keyring\"\n"}},
	{name: "system: wire_api chat", etc: map[string]string{"config.toml": otherOnly + "wire_api = \"chat\"\n"}},
	{name: "system: an old approval", etc: map[string]string{"config.toml": "approval_policy = \"untrusted\"\n"}},
	{name: "system: a number for a text", etc: map[string]string{"config.toml": "review_model = 5\n"}},
	{name: "system: no TOML", etc: map[string]string{"config.toml": "model =\n"}},
	{name: "system: a profile", etc: map[string]string{"config.toml": "profile = \"work\"\n[profiles.work]\nmodel = \"gpt-5\"\n"}},
	{name: "managed: another provider", etc: map[string]string{"managed_config.toml": other}},
	{name: "managed: another provider, not chosen", etc: map[string]string{"managed_config.toml": otherOnly}},
	{name: "managed: another base_url", etc: map[string]string{"managed_config.toml": "[model_providers.gate]\nbase_url = \"OTHER\"\n"}},
	{name: "managed: another model", etc: map[string]string{"managed_config.toml": "model = \"gpt-5\"\n"}},
	{name: "managed: the same model", etc: map[string]string{"managed_config.toml": "model = \"gpt-5.4\"\n"}},
	{name: "managed: another approval", silent: true, etc: map[string]string{"managed_config.toml": "approval_policy = \"never\"\n"}},
	{name: "managed: login by ChatGPT only", etc: map[string]string{"managed_config.toml": "forced_login_method = \"chatgpt\"\n"}},
	{name: "managed: no credentials on disk", etc: map[string]string{"managed_config.toml": "cli_auth_credentials_store = \"ephemeral\"\n"}},
	// 0.47 takes the key of auth.json where the variable is not set.
	{name: "managed: our provider takes a variable", since: codex.Version{Minor: 74}, etc: map[string]string{"managed_config.toml": "[model_providers.gate]\nenv_key = \"SOME_KEY\"\n"}},
	{name: "managed: a number for a text", etc: map[string]string{"managed_config.toml": "review_model = 5\n"}},
	{name: "managed: no TOML", etc: map[string]string{"managed_config.toml": "model =\n"}},
	{name: "required: login by ChatGPT", etc: map[string]string{"requirements.toml": "allowed_login_methods = [\"chatgpt\"]\n"}},
	{name: "required: login by key", etc: map[string]string{"requirements.toml": "allowed_login_methods = [\"api\"]\n"}},
	{name: "required: login by either", etc: map[string]string{"requirements.toml": "allowed_login_methods = [\"chatgpt\", \"api\"]\n"}},
	{name: "required: no login", etc: map[string]string{"requirements.toml": "allowed_login_methods = []\n"}},
	{name: "required: a method that is none", etc: map[string]string{"requirements.toml": "allowed_login_methods = [\"carrier-pigeon\"]\n"}},
	{name: "required: login by ChatGPT, as config.toml says it", etc: map[string]string{"requirements.toml": "forced_login_method = \"chatgpt\"\n"}},
	{name: "required: names that are none", etc: map[string]string{"requirements.toml": "no_such_requirement = true\n[nor_this]\na = 1\n"}},
	{name: "required: a residency", etc: map[string]string{"requirements.toml": "enforce_residency = \"us\"\n"}},
	{name: "required: another provider", etc: map[string]string{"requirements.toml": other}},
	{name: "required: other providers, none chosen", etc: map[string]string{"requirements.toml": otherOnly}},
	{name: "required: our provider elsewhere", etc: map[string]string{"requirements.toml": "model_provider = \"gate\"\n[model_providers.gate]\nname = \"Gate\"\nbase_url = \"OTHER\"\n"}},
	{name: "required: our provider elsewhere, none chosen", etc: map[string]string{"requirements.toml": "[model_providers.gate]\nname = \"Gate\"\nbase_url = \"OTHER\"\n"}},
	{name: "required: ours is chosen, others are defined", etc: map[string]string{"requirements.toml": "model_provider = \"gate\"\n" + otherOnly}},
	{name: "required: ours is chosen", etc: map[string]string{"requirements.toml": "model_provider = \"gate\"\n"}},
	{name: "required: a provider of Codex's", etc: map[string]string{"requirements.toml": "model_provider = \"openai\"\n"}},
	{name: "required: a catalogue that is gone", etc: map[string]string{"requirements.toml": "model_catalog_json = \"/nowhere/models.json\"\n"}},
	{name: "system: a number for another text", etc: map[string]string{"config.toml": "compact_prompt = 5\n"}},
	{name: "managed: a number for another text", etc: map[string]string{"managed_config.toml": "compact_prompt = 5\n"}},
	{name: "managed: a server without a command", etc: map[string]string{"managed_config.toml": "[mcp_servers.docs]\nargs = [\"x\"]\n"}},
	{name: "system: a server without a command", etc: map[string]string{"config.toml": "[mcp_servers.docs]\nargs = [\"x\"]\n"}},
	{name: "system: a key that is none", etc: map[string]string{"config.toml": "no_such_key = 5\n"}},
	{name: "managed: another effort", etc: map[string]string{"managed_config.toml": "model_reasoning_effort = \"low\"\n"}},
	{name: "required: a feature that is none", etc: map[string]string{"requirements.toml": "[features]\nno_such_feature = true\n"}},
	{name: "required: a feature is a text", etc: map[string]string{"requirements.toml": "[features]\nshell_tool = \"yes\"\n"}},
	{name: "required: a residency that is none", etc: map[string]string{"requirements.toml": "enforce_residency = \"moon\"\n"}},
	{name: "required: a sandbox that is none", etc: map[string]string{"requirements.toml": "allowed_sandbox_modes = [\"castle\"]\n"}},
	{name: "required: no sandbox", etc: map[string]string{"requirements.toml": "allowed_sandbox_modes = []\n"}},
	{name: "required: not read-only", etc: map[string]string{"requirements.toml": "allowed_sandbox_modes = [\"workspace-write\"]\n"}},
	{name: "required: no approval", etc: map[string]string{"requirements.toml": "allowed_approval_policies = []\n"}},
	{name: "required: an approval that is none", etc: map[string]string{"requirements.toml": "allowed_approval_policies = [\"maybe\"]\n"}},
	{name: "required: no web search at all", etc: map[string]string{"requirements.toml": "allowed_web_search_modes = []\n"}},
	{name: "required: a provider that is not ours, without its table", etc: map[string]string{"requirements.toml": "model_provider = \"corp\"\n"}},
	{name: "required: a model", etc: map[string]string{"requirements.toml": "model = \"gpt-5\"\n"}},
	{name: "required: a model of new threads", etc: map[string]string{"requirements.toml": "[models.new_thread]\nmodel = \"gpt-5\"\n"}},
	{name: "required: allowed models", etc: map[string]string{"requirements.toml": "allowed_models = [\"gpt-5\"]\n"}},
	{name: "required: another approval", silent: true, etc: map[string]string{"requirements.toml": "allowed_approval_policies = [\"on-failure\", \"never\"]\n"}},
	{name: "required: no approval asked for", silent: true, etc: map[string]string{"requirements.toml": "allowed_approval_policies = [\"never\"]\n"}},
	{name: "required: our approval", silent: true, etc: map[string]string{"requirements.toml": "allowed_approval_policies = [\"on-request\", \"never\"]\n"}},
	{name: "required: another sandbox", etc: map[string]string{"requirements.toml": "allowed_sandbox_modes = [\"read-only\"]\n"}},
	{name: "required: no web search", etc: map[string]string{"requirements.toml": "allowed_web_search_modes = [\"disabled\"]\n"}},
	{name: "required: a feature is off", etc: map[string]string{"requirements.toml": "[features]\nshell_tool = false\n"}},
	{name: "required: a keyring", etc: map[string]string{"requirements.toml": "cli_auth_credentials_store = \"keyring\"\n"}},
	{name: "required: a number for a list", etc: map[string]string{"requirements.toml": "allowed_sandbox_modes = 5\n"}},
	{name: "required: a number for a text", etc: map[string]string{"requirements.toml": "default_permissions = 5\n"}},
	{name: "required: no TOML", etc: map[string]string{"requirements.toml": "a =\n"}},
	{name: "profile file: another model", home: map[string]string{"work.config.toml": "model = \"gpt-5\"\n"}, profile: "work"},
	{name: "profile file: our model", home: map[string]string{"work.config.toml": "model = \"gpt-5.4\"\n"}, profile: "work"},
	{name: "profile file: another provider", home: map[string]string{"work.config.toml": other}, profile: "work"},
	{name: "profile file: a provider that is gone", home: map[string]string{"work.config.toml": "model_provider = \"gone\"\n"}, profile: "work"},
	{name: "profile file: another base_url", home: map[string]string{"work.config.toml": "[model_providers.gate]\nbase_url = \"OTHER\"\n"}, profile: "work"},
	{name: "profile file: login by ChatGPT only", home: map[string]string{"work.config.toml": "forced_login_method = \"chatgpt\"\n"}, profile: "work"},
	{name: "profile file: another variable", home: map[string]string{"work.config.toml": "[model_providers.gate]\nenv_key = \"SOME_KEY\"\n"}, profile: "work"},
	{name: "profile file: wire_api chat", home: map[string]string{"work.config.toml": otherOnly + "wire_api = \"chat\"\n"}, profile: "work"},
	{name: "profile file: another effort", home: map[string]string{"work.config.toml": "model_reasoning_effort = \"low\"\n"}, profile: "work"},
	{name: "profile file: something else", home: map[string]string{"work.config.toml": "hide_agent_reasoning = true\n"}, profile: "work"},
	{name: "profile file: no TOML", home: map[string]string{"work.config.toml": "model =\n"}, profile: "work"},
	{name: "profile file: not taken", home: map[string]string{"work.config.toml": other}},
	{name: "profile table, chosen: another model", user: "profile = \"work\"\n[profiles.work]\nmodel = \"gpt-5\"\n"},
	{name: "profile table, chosen: another provider", user: "profile = \"work\"\n" + otherOnly + "[profiles.work]\nmodel_provider = \"corp\"\n"},
	{name: "profile table, chosen: something else", user: "profile = \"work\"\n[profiles.work]\nmodel_verbosity = \"low\"\n"},
	{name: "profile table, chosen: another approval", silent: true, user: "profile = \"work\"\n[profiles.work]\napproval_policy = \"never\"\n"},
	{name: "profile table, chosen and gone", user: "profile = \"work\"\n"},
	{name: "profile table, chosen: above what is managed", user: "profile = \"work\"\n[profiles.work]\nmodel = \"gpt-5.4\"\n", etc: map[string]string{"managed_config.toml": "model = \"gpt-5\"\n"}},
	{name: "managed: a profile", user: "[profiles.work]\nmodel = \"gpt-5\"\n", etc: map[string]string{"managed_config.toml": "profile = \"work\"\n"}},
	{name: "command: the system's variable comes first", policy: byCommandHere, etc: map[string]string{"config.toml": "[model_providers.gate]\nenv_key = \"SOME_KEY\"\n"}},
	{name: "command: login by ChatGPT", policy: byCommandHere, etc: map[string]string{"requirements.toml": "allowed_login_methods = [\"chatgpt\"]\n"}},
	{name: "command: no credentials on disk", policy: byCommandHere, etc: map[string]string{"config.toml": "cli_auth_credentials_store = \"ephemeral\"\n"}},
	{name: "profile table, there", user: otherOnly + "[profiles.work]\nmodel_provider = \"corp\"\n"},
	{name: "profile table, taken", user: otherOnly + "[profiles.work]\nmodel_provider = \"corp\"\n", profile: "work"},
	{name: "profile table and file", user: "[profiles.work]\nmodel = \"gpt-5\"\n", home: map[string]string{"work.config.toml": "model = \"gpt-5.4\"\n"}, profile: "work"},
}

const byCommandHere = `version: 1
model: gpt-5.4
reasoning_effort: high
provider: {id: gate, name: Gate, base_url: 'URL'}
secret: {file: key}
delivery: command
settings: {approval_policy: on-request, sandbox_mode: workspace-write, web_search: live}
`

const layeredPolicy = `version: 1
model: gpt-5.4
reasoning_effort: high
provider: {id: gate, name: Gate, base_url: 'URL'}
secret: {env: TURN_KEY}
settings: {approval_policy: on-request, sandbox_mode: workspace-write, web_search: live}
`

// TestLayersOfVersions holds what is said of the other files that Codex reads against
// what each version does with them: whether a turn starts, whom it asks, with which key,
// for which model, and under which approval.
func TestLayersOfVersions(t *testing.T) {
	t.Setenv("CODEXES", codextest.Cache(t)) // root has a cache of its own
	if !roottest.Alone(t) {
		return
	}
	if err := os.MkdirAll(etc, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", etc, "tmpfs", 0, "mode=755"); err != nil {
		t.Fatal(err)
	}
	only := regexp.MustCompile(os.Getenv("LAYERS"))
	codextest.Each(t, func(t *testing.T, version, program string) {
		held, failed := 0, 0
		for _, l := range layerings {
			if !only.MatchString(l.name) || before(t, version, l.since) || l.silent && before(t, version, threadsStart) {
				continue
			}
			held++
			if !t.Run(l.name, func(t *testing.T) { l.hold(t, version, program) }) {
				failed++
			}
		}
		t.Logf("Codex %s: %d cases, %d differ", version, held, failed)
	})
}

// threadsStart is the first version whose app server says what a new thread has to ask for.
var threadsStart = codex.Version{Minor: 74}

// underLayers is one case with one version of Codex.
type underLayers struct {
	layered
	t                *testing.T
	version, program string
	ours, others     *codextest.Gateway
	home, dir        string
	fill             *strings.Replacer
	env              []string
}

func (l layered) on(t *testing.T, version, program string) *underLayers {
	m := &underLayers{layered: l, t: t, version: version, program: program, ours: codextest.NewGateway(t), others: codextest.NewGateway(t), home: codextest.Home(t), dir: t.TempDir()}
	m.fill = strings.NewReplacer("URL", m.ours.URL, "OTHER", m.others.URL)
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	m.env = []string{"CODEX_HOME=" + m.home, "TURN_KEY=" + turnKey, "PATH=" + filepath.Dir(bin) + ":" + os.Getenv("PATH")}
	codextest.WriteFile(t, m.dir, "key", turnKey)
	policy := m.fill.Replace(cmp.Or(l.policy, layeredPolicy))
	if m.searchless() {
		policy = strings.ReplaceAll(policy, ", web_search: live", "")
	}
	write(t, m.dir, policy)
	return m
}

// searchless reports a version without a key for the web search, which is one more thing
// that is said.
func (m *underLayers) searchless() bool { return before(m.t, m.version, codex.Version{Minor: 89}) }

// lay puts the other files where Codex looks.
func (m *underLayers) lay(home string) {
	for name, text := range m.layered.home {
		codextest.WriteFile(m.t, home, name, m.fill.Replace(text))
	}
	for name, text := range m.etc {
		if err := os.WriteFile(filepath.Join(etc, name), []byte(m.fill.Replace(text)), 0o644); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (l layered) hold(t *testing.T, version, program string) {
	m := l.on(t, version, program)
	empty(t)
	offline := []string{"--codex", "off", "--codex-version", version}
	if l.policy == byCommandHere && before(t, version, codex.Version{Minor: 120}) {
		if _, errs := codexform(t, m.dir, 3, m.env, append([]string{"plan"}, offline...)...); !strings.Contains(errs, "send none") {
			t.Errorf("refused for something else: %s", errs)
		}
		return
	}
	codexform(t, m.dir, 0, m.env, append([]string{"apply", "--auto-approve", "--no-confirm"}, offline...)...)
	m.beside()
	m.lay(m.home)
	does := m.turn()
	says := m.says(offline)
	said := says.finds(func(f spoken) bool { return f.Severity == "error" || f.Severity == "warning" })
	if l.profile != "" {
		said = says.finds(func(f spoken) bool { return strings.Contains(f.Summary+f.Fix, "--profile "+l.profile) })
		if does.unknownProfile && !said {
			return // this version reads no such files
		}
	}
	report := fmt.Sprintf("Codex: %+v\nplan %d %v, doctor %d, confirm %d asked %d and %d", does, says.code, says.found, says.doctor, says.confirm, says.asked, says.askedOthers)
	switch {
	case said == does.holds:
		t.Errorf("the policy holds: %v; something is said: %v\n%s", does.holds, said, report)
	case says.code == 3 && does.holds:
		t.Errorf("an error where nothing is wrong\n%s", report)
	case l.profile == "" && (says.doctor == 0) != does.holds:
		t.Errorf("the policy holds: %v; doctor differs\n%s", does.holds, report)
	case l.profile == "" && does.turned && (says.confirm == 0) != does.key:
		t.Errorf("the key goes to the policy's host: %v; confirm differs\n%s", does.key, report)
	case says.askedOthers > 0:
		t.Errorf("another host was asked\n%s", report)
	}
}

// beside puts what the user has around what the policy wrote.
func (m *underLayers) beside() {
	written, err := os.ReadFile(filepath.Join(m.home, "config.toml"))
	if err != nil {
		m.t.Fatal(err)
	}
	user := m.fill.Replace(m.user)
	tables := max(0, strings.Index(user+"[", "["))
	codextest.WriteFile(m.t, m.home, "config.toml", user[:tables]+string(written)+user[tables:])
}

// deed is what a turn came to.
type deed struct {
	turned, key, holds bool
	unknownProfile     bool
	seen               string
}

var banner = regexp.MustCompile(`(?m)^(model|provider|approval|sandbox|reasoning effort): (.*)$`)

// turn takes a turn with the version at hand.
func (m *underLayers) turn() deed {
	args := []string{"exec", "--skip-git-repo-check"}
	if m.profile != "" {
		args = append(args, "--profile", m.profile)
	}
	auth, _ := os.ReadFile(filepath.Join(m.home, "auth.json"))
	out, _ := runCodex(m.t, m.program, m.home, m.env, append(args, "say hi")...)
	if auth != nil {
		codextest.WriteFile(m.t, m.home, "auth.json", string(auth)) // Codex may have taken it away
	}
	d := deed{unknownProfile: strings.Contains(out, "config profile `"+m.profile+"` not found"), seen: strings.Join(strings.Fields(out[max(0, len(out)-200):]), " ")}
	shown := map[string]string{}
	for _, f := range banner.FindAllStringSubmatch(out, -1) {
		shown[f[1]] = f[2]
	}
	turns := m.ours.Turns()
	d.turned = len(turns)+len(m.others.Turns()) > 0
	if len(turns) == 0 {
		return d
	}
	var body struct {
		Model string
		Tools []struct {
			Type     string
			External *bool `json:"external_web_access"`
		}
	}
	_ = json.Unmarshal([]byte(turns[0].Body), &body)
	live := false
	for _, tool := range body.Tools {
		live = live || tool.Type == "web_search" && tool.External != nil && *tool.External
	}
	d.key = turns[0].Header.Get("Authorization") == "Bearer "+turnKey
	d.holds = d.key && body.Model == "gpt-5.4" && (live || m.searchless()) && shown["reasoning effort"] == "high" && strings.HasPrefix(shown["sandbox"], "workspace-write")
	d.seen = fmt.Sprint(shown, live, body.Model)
	if d.holds && m.silent {
		approval := m.approval()
		d.holds, d.seen = approval == "on-request", d.seen+" "+approval
	}
	return d
}

// approval is what a new thread of the app server has to ask for.
func (m *underLayers) approval() string {
	ctx, cancel := context.WithTimeout(m.t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, m.program, "app-server")
	cmd.Dir, cmd.Env = m.home, append([]string{"HOME=" + m.home, "HTTPS_PROXY=http://127.0.0.1:9"}, m.env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		m.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait()
	}()
	for _, line := range []string{
		`{"id":1,"method":"initialize","params":{"clientInfo":{"name":"c","title":"c","version":"1"}}}`,
		`{"method":"initialized"}`, `{"id":2,"method":"thread/start","params":{}}`,
	} {
		_, _ = io.WriteString(in, line+"\n")
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a struct {
			ID     int
			Result struct{ ApprovalPolicy any }
		}
		if json.Unmarshal(lines.Bytes(), &a) == nil && a.ID == 2 {
			return fmt.Sprint(a.Result.ApprovalPolicy)
		}
	}
	m.t.Errorf("the app server starts no thread: %v", ctx.Err())
	return ""
}

// speech is what codexform says of a case.
type speech struct {
	code, doctor, confirm int
	found                 []spoken
	asked, askedOthers    int
}

type spoken struct{ Severity, Rule, Summary, Fix string }

func (s speech) finds(is func(spoken) bool) bool { return slices.ContainsFunc(s.found, is) }

// says plans into a home as it was before the policy, and examines the one that has it.
func (m *underLayers) says(offline []string) speech {
	fresh, s := codextest.Home(m.t), speech{}
	if m.user != "" {
		codextest.WriteFile(m.t, fresh, "config.toml", m.fill.Replace(m.user))
	}
	m.lay(fresh)
	planned, _, code := run(m.t, m.dir, m.env, append([]string{"plan", "--format", "json", "--codex-home", fresh}, offline...)...)
	var doc struct{ Diagnostics []spoken }
	if err := json.Unmarshal([]byte(planned), &doc); err != nil {
		m.t.Fatal(err)
	}
	s.code, s.found = code, doc.Diagnostics
	asked, others := len(m.ours.Lists()), len(m.others.Lists())
	_, _, s.doctor = run(m.t, m.dir, m.env, append([]string{"doctor"}, offline...)...)
	installed := m.env[: len(m.env)-1 : len(m.env)-1]
	installed = append(installed, m.env[len(m.env)-1]+":"+filepath.Dir(m.program))
	_, _, s.confirm = run(m.t, m.dir, installed, "confirm")
	s.asked, s.askedOthers = len(m.ours.Lists())-asked, len(m.others.Lists())-others
	return s
}

// empty leaves nothing in /etc/codex.
func empty(t *testing.T) {
	t.Helper()
	found, err := os.ReadDir(etc)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if err := os.Remove(filepath.Join(etc, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
}
