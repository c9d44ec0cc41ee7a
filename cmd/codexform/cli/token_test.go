package cli_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// tokenPolicy names a secret; SOURCE stands for where it is.
const tokenPolicy = `version: 1
provider: {id: gate, name: Gate, base_url: 'https://gate.example/v1'}
delivery: command
secret: SOURCE
settings:
  model_providers: {gate: {auth: {timeout_ms: 1000}}}
`

// commands are what the tests run, where each system has it.
func commands(source string) string {
	if runtime.GOOS != "windows" {
		return source
	}
	return strings.NewReplacer(
		"[cat, '${home}/key']", `[cmd, /c, type, '${home}\key']`,
		"[sh, ./print-key]", `[cmd, /c, type, '..\key']`,
		"[sh, -c, 'echo half; exit 3']", "[cmd, /c, 'echo half& exit 3']",
		"[sleep, '60']", "[ping, -n, '60', 127.0.0.1]",
	).Replace(source)
}

func TestToken(t *testing.T) {
	const key = "sk-token-0123456789abcdef"
	for _, c := range []struct {
		name, source string
		args         []string
		code         int
		said         string // on stderr
	}{
		{name: "a variable", source: "{env: TOKEN_KEY}"},
		{name: "a program", source: "{command: [cat, '${home}/key']}"},
		{name: "a program of the policy's folder", source: "{command: [sh, ./print-key]}"},
		{name: "not set", source: "{env: NOBODY}", code: 4, said: "env:NOBODY: the variable is not set"},
		{name: "a program that fails", source: "{command: [sh, -c, 'echo half; exit 3']}", code: 4, said: "the program failed (exit status 3)"},
		{name: "no key", source: "{env: NOT_A_KEY}", code: 4, said: "space"},
		{name: "too slow for Codex", source: "{command: [sleep, '60']}", code: 4, said: "no secret within 900ms, and Codex does not wait longer"},
		{name: "two sources", source: "{env: A, file: b}", code: 3, said: "2 sources where exactly one is wanted"},
		{name: "as JSON", source: "{env: TOKEN_KEY}", args: []string{"--format", "json"}, code: 3, said: "--format: token prints the secret and nothing else"},
		{name: "an argument", source: "{env: TOKEN_KEY}", args: []string{"more"}, code: 3, said: "more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMachine(t)
			m.write("key", key+"\n")
			m.write("policy/print-key", "cat ../key\n")
			m.vars["TOKEN_KEY"], m.vars["NOT_A_KEY"] = key, "two words here"
			file := m.write("policy/codex.yaml", strings.Replace(tokenPolicy, "SOURCE", commands(c.source), 1))
			code, out, errs := m.run(append([]string{"token", "-f", file}, c.args...)...)
			want := ""
			if c.code == 0 {
				want = key + "\n"
			}
			if code != c.code || out != want {
				t.Errorf("exit %d with %q on stdout, want %d with %q", code, out, c.code, want)
			}
			if !strings.Contains(errs, c.said) || c.code == 0 && errs != "" {
				t.Errorf("stderr is %q, want %q in it", errs, c.said)
			}
		})
	}
}

func TestTokenNeedsASecret(t *testing.T) {
	m := newMachine(t)
	file := m.write("codex.yaml", "version: 1\nsettings: {model: m}\n")
	code, out, errs := m.run("token", "-f", file)
	if code != 3 || out != "" || !strings.Contains(errs, "names no secret") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}

// Without a timeout_ms in the policy, Codex waits its own five seconds.
func TestTokenEndsBeforeCodexStopsWaiting(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	policy := strings.Replace(tokenPolicy, "SOURCE", commands("{command: [sleep, '60']}"), 1)
	file := m.write("codex.yaml", policy[:strings.Index(policy, "settings:")])
	if code, _, errs := m.run("token", "-f", file); code != 4 || !strings.Contains(errs, "no secret within 4.5s") {
		t.Errorf("exit %d, %q", code, errs)
	}
}

// The key is printed first, and a Vault that does not answer when its token is given
// back keeps nobody waiting: Codex gives the program its time and then has no key.
func TestTokenEndsThoughRevokingHangs(t *testing.T) {
	hangs := make(chan struct{})
	asked := make(chan struct{}, 1)
	vault := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/auth/approle/login"):
			w.Write([]byte(`{"auth":{"client_token":"hvs.0123456789abcdef01234567","lease_duration":300,"policies":["default"]}}`))
		case strings.HasSuffix(r.URL.Path, "/revoke-self"):
			asked <- struct{}{}
			<-hangs
		default:
			w.Write([]byte(`{"data":{"api_key":"sk-token-0123456789abcdef"}}`))
		}
	}))
	defer vault.Close()
	defer close(hangs)
	m := newMachine(t)
	m.vars["SECRET_ID"] = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
	file := m.write("codex.yaml", strings.Replace(tokenPolicy, "SOURCE", "{vault: {address: '"+vault.URL+
		"', mount: kv, path: codex, engine: kv1, auth: {method: approle, role_id: laptops, secret_id: {env: SECRET_ID}}}}", 1))
	start := time.Now()
	code, out, errs := m.run("token", "-f", file)
	if took := time.Since(start); code != 0 || out != "sk-token-0123456789abcdef\n" || took > time.Second {
		t.Errorf("exit %d after %s, %q, %q", code, took, out, errs)
	}
	select {
	case <-asked:
	default:
		t.Error("the token was not to be given back, so nothing hung")
	}
}
