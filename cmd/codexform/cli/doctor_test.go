package cli_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

const (
	doctorKey    = "sk-doctor-0123456789abcdef"
	doctorPolicy = `version: 1
model: gpt-5.4
provider: {id: gate, name: Gate, base_url: 'URL'}
secret: {env: GATE_KEY}
confirm: {attempts: 1}
`
)

// patient is a machine that nothing is wrong with, until a case breaks one thing.
type patient struct {
	*machine
	gateway *loopback.Gateway
	policy  bool // there is a codex.yaml
}

// newPatient applies a policy for real, against a gateway on loopback.
func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{machine: newMachine(t), policy: true}
	var err error
	p.gateway, err = loopback.Start(loopback.Config{Keys: []plan.Secret{plan.NewSecret([]byte(doctorKey))}, Models: []string{"gpt-5.4"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.gateway.Close)
	p.vars["GATE_KEY"] = doctorKey
	p.fs = etcFs{afero.NewOsFs(), filepath.Join(p.user, "root")}
	p.apply(doctorPolicy)
	return p
}

// apply makes the home what a policy wants, whatever the gateway says.
func (p *patient) apply(policy string) {
	p.t.Helper()
	file := p.write("codex.yaml", strings.ReplaceAll(policy, "URL", p.gateway.URL()))
	if code, out, errs := p.run("apply", "-f", file, "--auto-approve", "--no-confirm"); code != 0 {
		p.t.Fatalf("apply: exit %d\n%s%s", code, out, errs)
	}
}

// change edits a file of the Codex home by hand.
func (m *machine) change(name, from, to string) {
	m.t.Helper()
	text := m.read(".codex/" + name)
	if !strings.Contains(text, from) {
		m.t.Fatalf("no %q in %s:\n%s", from, name, text)
	}
	m.write(".codex/"+name, strings.Replace(text, from, to, 1))
}

func (p *patient) chmod(name string, mode os.FileMode) {
	p.t.Helper()
	if err := os.Chmod(filepath.Join(p.user, name), mode); err != nil {
		p.t.Fatal(err)
	}
}

// etcFs is the disk with another /etc.
type etcFs struct {
	afero.Fs
	etc string
}

func (f etcFs) place(name string) string {
	if strings.HasPrefix(name, "/etc/") {
		return filepath.Join(f.etc, name)
	}
	return name
}

func (f etcFs) Open(name string) (afero.File, error)  { return f.Fs.Open(f.place(name)) }
func (f etcFs) Stat(name string) (fs.FileInfo, error) { return f.Fs.Stat(f.place(name)) }
func (f etcFs) Name() string                          { return "etc" }
func (f etcFs) OpenFile(name string, flag int, mode os.FileMode) (afero.File, error) {
	return f.Fs.OpenFile(f.place(name), flag, mode)
}

// examination is what doctor --format json says.
type examination struct {
	Doctor struct {
		Healthy  bool
		Checks   []struct{ Name, State, Detail string }
		Findings []struct{ Severity, ID, Summary, Evidence, Fix, Origin string }
	}
}

func (p *patient) examine(args ...string) (int, examination) {
	p.t.Helper()
	if p.policy {
		args = append(args, "-f", filepath.Join(p.user, "codex.yaml"))
	}
	code, out, errs := p.run(append([]string{"doctor", "--format", "json"}, args...)...)
	var e examination
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		p.t.Fatalf("exit %d: %v\n%s%s", code, err, out, errs)
	}
	if strings.Contains(out+errs, doctorKey) {
		p.t.Errorf("the key is in what doctor says:\n%s%s", out, errs)
	}
	return code, e
}

const tokensJSON = `"tokens": {"id_token": "a.b.c", "access_token": "d.e.f", "refresh_token": "g", "account_id": "h"}`

// brokenHomes are homes with one fault each, and the finding that must come first.
var brokenHomes = []struct {
	name  string
	want  string
	fix   string // a part of the fix
	hurt  func(*patient)
	mild  bool // a warning: it works for now
	plain bool // without a codex.yaml
	modes bool // a fault of permission bits
}{
	{
		name: "a catalogue without an end", want: "endless-file", fix: "plain file",
		hurt: func(p *patient) {
			huge := p.write("models.json", "")
			if err := os.Truncate(huge, 65<<20); err != nil {
				p.t.Fatal(err)
			}
			p.write(".codex/config.toml", "model_catalog_json = '"+huge+"'\n"+p.read(".codex/config.toml"))
		},
	},
	{
		name: "a wrong key in the YAML", want: "desired-state", fix: "did you mean",
		hurt: func(p *patient) { p.write("codex.yaml", strings.Replace(p.read("codex.yaml"), "model:", "modle:", 1)) },
	},
	{
		name: "the secret's variable is not set", want: "secret-source", fix: "set it to the key",
		hurt: func(p *patient) { delete(p.vars, "GATE_KEY") },
	},
	{
		name: "others may write the secret's file", want: "secret-source", fix: "chmod 600", modes: true,
		hurt: func(p *patient) {
			p.write("codex.yaml", strings.Replace(p.read("codex.yaml"), "{env: GATE_KEY}", "{file: key}", 1))
			p.write("key", doctorKey)
			p.chmod("key", 0o666)
		},
	},
	{
		name: "bad TOML", want: "file-damaged", fix: "mend it",
		hurt: func(p *patient) { p.change("config.toml", "model = ", "model = = ") },
	},
	{
		name: "zeros after a power cut", want: "file-damaged", fix: "--repair",
		hurt: func(p *patient) { p.write(".codex/config.toml", strings.Repeat("\x00", 200)) },
	},
	{
		name: "half an auth.json", want: "file-damaged", fix: "move it away",
		hurt: func(p *patient) { p.write(".codex/auth.json", `{"OPENAI_API_KEY": "sk-doc`) },
	},
	{
		name: "an unreadable config.toml", want: "file-unreadable", fix: "right to read", modes: true,
		hurt: func(p *patient) {
			if os.Geteuid() != 0 {
				p.chmod(".codex/config.toml", 0)
				return
			}
			// What not even root may read.
			os.Remove(filepath.Join(p.home(), "config.toml"))
			if err := os.Symlink("/proc/sys/vm/compact_memory", filepath.Join(p.home(), "config.toml")); err != nil {
				p.t.Fatal(err)
			}
		},
	},
	{
		name: "a folder in place of auth.json", want: "not-writable", fix: "move it away",
		hurt: func(p *patient) {
			os.Remove(filepath.Join(p.home(), "auth.json"))
			os.Mkdir(filepath.Join(p.home(), "auth.json"), 0o700)
		},
	},
	{
		name: "others may read auth.json", want: "auth-mode", fix: "chmod 600", mild: true, modes: true,
		hurt: func(p *patient) { p.chmod(".codex/auth.json", 0o644) },
	},
	{
		name: "others may write the home", want: "not-writable", fix: "chmod", modes: true,
		hurt: func(p *patient) { p.chmod(".codex", 0o777) },
	},
	{
		name: "a second name for config.toml", want: "not-writable",
		hurt: func(p *patient) {
			if err := os.Link(filepath.Join(p.home(), "config.toml"), filepath.Join(p.user, "other")); err != nil {
				p.t.Fatal(err)
			}
		},
	},
	{
		name: "an interrupted run", want: "interrupted-run", fix: "codexform apply",
		hurt: func(p *patient) { p.write(".codex/.codexform/intent", "{}") },
	},
	{
		name: "CODEX_HOME leads nowhere", want: "codex-home", fix: "make the folder",
		hurt: func(p *patient) { p.vars["CODEX_HOME"] = filepath.Join(p.user, "nowhere") },
	},
	{
		name: "nothing is set up", want: "nothing-set-up", fix: "codexform init", plain: true,
		hurt: func(p *patient) { os.RemoveAll(p.home()) },
	},
	{
		name: "nothing is applied yet", want: "not-applied", fix: "codexform apply",
		hurt: func(p *patient) { os.RemoveAll(p.home()) },
	},
	{
		name: "nothing is applied yet, and there is no key to do it with", want: "secret-source", fix: "set it to the key",
		hurt: func(p *patient) {
			os.RemoveAll(p.home())
			delete(p.vars, "GATE_KEY")
		},
	},
	{
		name: "nothing is applied yet, and the YAML is wrong", want: "desired-state",
		hurt: func(p *patient) {
			os.RemoveAll(p.home())
			os.Mkdir(p.home(), 0o700)
			p.write("codex.yaml", strings.Replace(p.read("codex.yaml"), "model:", "modle:", 1))
		},
	},
	{
		name: "no home, and the YAML is wrong", want: "desired-state",
		hurt: func(p *patient) {
			os.RemoveAll(p.home())
			p.write("codex.yaml", strings.Replace(p.read("codex.yaml"), "model:", "modle:", 1))
		},
	},
	{
		name: "base_url changed by hand", want: "not-applied", fix: "codexform apply",
		hurt: func(p *patient) { p.change("config.toml", "/v1", "/v9") },
	},
	{
		name: "another key in auth.json", want: "not-applied", fix: "codexform apply",
		hurt: func(p *patient) { p.change("auth.json", doctorKey, "sk-another-0123456789abcdef") },
	},
	{
		name: "requires_openai_auth removed by hand", want: "not-applied", fix: "codexform apply",
		hurt: func(p *patient) { p.change("config.toml", "requires_openai_auth = true\n", "") },
	},
	{
		name: "a model changed by hand", want: "not-applied", fix: "codexform apply", mild: true,
		hurt: func(p *patient) { p.change("config.toml", `review_model = "gpt-5.4"`, `review_model = "o4"`) },
	},
	{
		name: "a ChatGPT login came back", want: "not-applied", fix: "codexform apply",
		hurt: func(p *patient) { p.change("auth.json", "{", `{"auth_mode": "chatgpt", `+tokensJSON+`,`) },
	},
	{
		name: "not logged in to OpenAI", want: "credential", fix: "codex login", plain: true,
		hurt: func(p *patient) {
			p.write(".codex/config.toml", "model = \"gpt-5.5\"\n")
			os.Remove(filepath.Join(p.home(), "auth.json"))
		},
	},
	{
		name: "a ChatGPT login for a gateway", want: "token-would-reach-gateway", plain: true,
		hurt: func(p *patient) { p.write(".codex/auth.json", `{`+tokensJSON+`}`) },
	},
	{
		name: "a key that the provider does not use", want: "auth-file-unused", fix: "requires_openai_auth", plain: true,
		hurt: func(p *patient) { p.change("config.toml", "requires_openai_auth = true\n", "") },
	},
	{
		name: "no auth.json", want: "credential", fix: "codexform apply", plain: true,
		hurt: func(p *patient) { os.Remove(filepath.Join(p.home(), "auth.json")) },
	},
	{
		name: "an empty key", want: "credential", plain: true,
		hurt: func(p *patient) { p.change("auth.json", doctorKey, "") },
	},
	{
		name: "the variable of env_key is not set", want: "env-key-unset", fix: "set it",
		hurt: func(p *patient) {
			p.apply(strings.NewReplacer("secret: {env: GATE_KEY}", "delivery: env_key", "'URL'", "'URL', env_key: OTHER").Replace(doctorPolicy))
		},
	},
	{
		name: "the same without a policy", want: "env-key-unset", fix: "set it", plain: true,
		hurt: func(p *patient) {
			p.change("config.toml", "requires_openai_auth = true", `env_key = "OTHER"`)
		},
	},
	{
		name: "no program for the key", want: "command-missing", fix: "install it",
		hurt: func(p *patient) {
			p.apply(doctorPolicy + "delivery: command\n")
			p.t.Setenv("PATH", p.t.TempDir()) // where a codexform may be installed
		},
	},
	{
		name: "keys are kept in the keyring", want: "credential-store", fix: `"file"`,
		hurt: func(p *patient) {
			p.change("config.toml", "model = ", "cli_auth_credentials_store = \"keyring\"\nmodel = ")
		},
	},
	{
		name: "a forced login", want: "login-method-conflict", fix: "remove it",
		hurt: func(p *patient) { p.change("config.toml", "model = ", "forced_login_method = \"chatgpt\"\nmodel = ") },
	},
	{
		name: "a provider of old", want: "wire-api-chat",
		hurt: func(p *patient) {
			p.write(".codex/config.toml", p.read(".codex/config.toml")+"\n[model_providers.old]\nname = \"Old\"\nbase_url = \"https://old.example/v1\"\nwire_api = \"chat\"\n")
		},
	},
	{
		name: "a profile of old", want: "legacy-profile",
		hurt: func(p *patient) { p.change("config.toml", "model = ", "profile = \"work\"\nmodel = ") },
	},
	{
		name: "a provider that is not defined", want: "missing-provider", plain: true,
		hurt: func(p *patient) { p.change("config.toml", `model_provider = "gate"`, `model_provider = "gat"`) },
	},
	{
		name: "an administrator's file wins", want: "overridden", fix: "managed_config.toml",
		hurt: func(p *patient) {
			p.write("root/etc/codex/managed_config.toml", "model = \"gpt-5.5\"\n")
		},
	},
	{
		name: "a revoked key", want: "gateway-unauthorized", fix: "the full sk-… value",
		hurt: func(p *patient) { p.gateway.Revoke(plan.NewSecret([]byte(doctorKey))) },
	},
	{
		name: "a key that may not", want: "gateway-forbidden", fix: "IP restrictions",
		hurt: func(p *patient) { p.behind(http.StatusForbidden) },
	},
	{
		name: "no /v1", want: "gateway-not-found", fix: "/v1: that was tried",
		hurt: func(p *patient) { p.apply(strings.Replace(doctorPolicy, "URL", p.gateway.Origin(), 1)) },
	},
	{
		name: "a model that the account has not", want: "gateway-model-missing", fix: "ask for gpt-5.4-mini instead of gpt-5.4",
		hurt: func(p *patient) { p.gateway.SetModels("gpt-5.4-mini", "o4") },
	},
	{
		name: "a portal", want: "gateway-not-a-model-list", fix: "portal",
		hurt: func(p *patient) { p.gateway.SetFault(loopback.Portal) },
	},
	{
		name: "a redirect", want: "gateway-redirected",
		hurt: func(p *patient) { p.gateway.SetFault(loopback.Elsewhere) },
	},
	{
		name: "the gateway is in trouble", want: "gateway-gateway-error", fix: "wait",
		hurt: func(p *patient) { p.gateway.SetFault(loopback.Unavailable) },
	},
	{
		name: "too many requests", want: "gateway-rate-limited", fix: "wait",
		hurt: func(p *patient) { p.gateway.SetFault(loopback.RateLimited) },
	},
	{
		name: "the gateway is down", want: "gateway-refused", fix: "start the gateway",
		hurt: func(p *patient) { p.gateway.Close() },
	},
	{
		name: "a proxy in between", want: "gateway-insecure", fix: "NO_PROXY",
		hurt: func(p *patient) { p.vars["HTTP_PROXY"] = "http://127.0.0.1:9" },
	},
	{
		name: "a proxy that is down", want: "gateway-proxy", fix: "HTTPS_PROXY",
		hurt: func(p *patient) {
			p.apply(strings.Replace(doctorPolicy, "URL", "https://gate.example/v1", 1))
			p.vars["HTTPS_PROXY"] = "http://127.0.0.1:9"
		},
	},
	{
		name: "no file with authorities", want: "ca-file", fix: "unset SSL_CERT_FILE",
		hurt: func(p *patient) { p.vars["SSL_CERT_FILE"] = filepath.Join(p.user, "nowhere.pem") },
	},
	{
		name: "an authority that nobody knows", want: "gateway-tls-error", fix: "CODEX_CA_CERTIFICATE",
		hurt: func(p *patient) {
			g, err := loopback.Start(loopback.Config{TLS: true})
			if err != nil {
				p.t.Fatal(err)
			}
			p.t.Cleanup(g.Close)
			p.apply(strings.Replace(doctorPolicy, "URL", g.URL(), 1))
		},
	},
	{
		name: "a clock that is wrong", want: "clock-skew", fix: "set the clock", mild: true,
		hurt: func(p *patient) { p.now = p.now.Add(2 * time.Hour) },
	},
}

// behind puts the home behind a gateway that answers everything with one status.
func (p *patient) behind(status int) {
	p.t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	p.t.Cleanup(s.Close)
	p.apply(strings.Replace(doctorPolicy, "URL", s.URL+"/v1", 1))
}

// Each fault is named first, with evidence and one fix, and nothing else is an error.
func TestDoctorNamesTheFault(t *testing.T) {
	for _, c := range brokenHomes {
		t.Run(c.name, func(t *testing.T) {
			if c.modes && runtime.GOOS == "windows" {
				t.Skip("there are no modes")
			}
			p := newPatient(t)
			c.hurt(p)
			p.policy = !c.plain
			code, e := p.examine("--codex", "off")
			if code != 2 || e.Doctor.Healthy || len(e.Doctor.Findings) == 0 {
				t.Fatalf("exit %d, %+v", code, e.Doctor)
			}
			severity := map[bool]string{true: "warning", false: "error"}[c.mild]
			first := e.Doctor.Findings[0]
			if first.ID != c.want || first.Severity != severity || !strings.Contains(first.Fix, c.fix) {
				t.Errorf("first is %+v, want %s %s with %q", first, severity, c.want, c.fix)
			}
			for i, f := range e.Doctor.Findings {
				if f.Fix == "" || f.Summary == "" {
					t.Errorf("%+v lacks something", f)
				}
				if i > 0 && f.Severity == "error" {
					t.Errorf("an error beside it: %+v", f)
				}
			}
		})
	}
}

func TestDoctorFindsNothingInAHealthyHome(t *testing.T) {
	for _, policy := range []bool{true, false} {
		p := newPatient(t)
		p.policy = policy
		code, e := p.examine("--codex", "off")
		if code != 0 || !e.Doctor.Healthy || len(e.Doctor.Findings) > 0 {
			t.Errorf("policy %t: exit %d, %+v", policy, code, e.Doctor.Findings)
		}
		if n := len(p.gateway.Requests()); n != 1 {
			t.Errorf("policy %t: the gateway was asked %d times, want 1", policy, n)
		}
	}
}

// A key of the user's does not meet the host that the policy names among its settings, and
// that is no fault of theirs.
func TestDoctorSendsAPolicysSettingsNoKeyOfTheUsers(t *testing.T) {
	p := newPatient(t)
	p.write(".codex/config.toml", "model = \"gpt-5.4\"\nmodel_provider = \"gate\"\n[model_providers.gate]\nname = \"Gate\"\nbase_url = \""+p.gateway.URL()+"\"\nexperimental_bearer_token = \""+doctorKey+"\"\n")
	p.write("codex.yaml", "version: 1\nsettings: {model_providers: {gate: {base_url: '"+p.gateway.URL()+"'}}}\n")
	before := len(p.gateway.Requests())
	_, e := p.examine("--codex", "off")
	if n := len(p.gateway.Requests()) - before; n > 0 {
		t.Errorf("%d requests", n)
	}
	for _, f := range e.Doctor.Findings {
		if strings.HasPrefix(f.ID, "gateway-") {
			t.Errorf("%+v", f)
		}
	}
}

// A credential that opens once is not spent on an examination.
func TestDoctorSpendsNothing(t *testing.T) {
	p := newPatient(t)
	vault := "{vault: {address: 'http://127.0.0.1:9', path: codex, auth: {method: approle, role_id: r, secret_id: {file: id, wrapped: true}}}}"
	p.write("codex.yaml", strings.Replace(p.read("codex.yaml"), "{env: GATE_KEY}", vault, 1))
	p.write("id", "hvs.wrapping-token-0123456789")
	_, e := p.examine("--codex", "off")
	for _, f := range e.Doctor.Findings {
		if f.Severity == "error" {
			t.Errorf("Vault was asked: %+v", f)
		}
	}
	if c := e.Doctor.Checks[1]; c.Name != "secret" || c.State != "skipped" {
		t.Errorf("%+v", c)
	}
}

func TestDoctorIsToldOfACodexThatIsNotThere(t *testing.T) {
	p := newPatient(t)
	code, _, errs := p.run("doctor", "--codex", filepath.Join(p.user, "codex"))
	if code != 3 || !strings.Contains(errs, "--codex") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// Nothing that doctor does changes a file.
func TestDoctorWritesNothing(t *testing.T) {
	p := newPatient(t)
	before := tree(t, p.user)
	p.examine("--codex", "off")
	if after := tree(t, p.user); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// tree is every file below a folder, with its time and size.
func tree(t *testing.T, root string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		info, infoErr := d.Info()
		if err := errors.Join(err, infoErr); err != nil {
			return err
		}
		b.WriteString(path + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
