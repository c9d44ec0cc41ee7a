package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A gateway that wants the key in a header of its own gets it there, and nowhere else.
func TestAuthHeader(t *testing.T) {
	const key = "sk-header-0123456789"
	asked := 0
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Header.Get("api-key") != key || r.Header.Get("Authorization") != "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer(w)
	}))
	defer gateway.Close()
	for name, inShell := range map[string]bool{"set in the shell": true, "from the secret": false} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.vars["GATE_KEY"], m.vars["SECRET"] = key, key
			if !inShell {
				m.vars = map[string]string{"SECRET": key}
			}
			before := "[model_providers.gate]\nname = \"Mine\"\nbase_url = \"https://old.example/v1\"\nrequires_openai_auth = true\n"
			m.write(".codex/config.toml", before)
			m.write(".codex/auth.json", `{"OPENAI_API_KEY":"sk-theirs-0123456789"}`)
			file := m.write("codex.yaml", "version: 1\nmodel: gpt-5.4\ndelivery: env_key\nsecret: {env: SECRET}\nprovider: {id: gate, base_url: '"+
				gateway.URL+"/v1', env_key: GATE_KEY, auth_header: api-key}\n")
			if code, out, errs := m.run("apply", "-f", file, "--auto-approve", "--codex", "off"); code != 0 {
				t.Fatalf("apply: exit %d\n%s%s", code, out, errs)
			}
			code, out, errs := m.run("confirm", "-f", file, "--format", "json")
			var got struct {
				Confirm struct{ Class, Credential string }
			}
			if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 {
				t.Fatalf("confirm: exit %d, %v\n%s%s", code, err, out, errs)
			}
			credential := map[bool]string{true: "header:api-key", false: "env:SECRET"}[inShell] // what was sent, and not what would be
			if got.Confirm.Class != "ok" || got.Confirm.Credential != credential {
				t.Errorf("confirm says %+v", got.Confirm)
			}
			if code, out, errs := m.run("doctor", "-f", file, "--codex", "off"); code != 0 && inShell {
				t.Errorf("doctor: exit %d\n%s%s", code, out, errs)
			}
			if config := m.read(".codex/config.toml"); strings.Contains(config, "requires_openai_auth") || strings.Contains(config, key) {
				t.Errorf("config.toml:\n%s", config)
			}
			m.run("destroy", "--auto-approve", "--codex-home", m.home(), "--codex", "off")
			if config := m.read(".codex/config.toml"); config != before {
				t.Errorf("destroy leaves\n%s", config)
			}
		})
	}
	if asked < 4 {
		t.Errorf("the gateway was asked %d times", asked)
	}
}

// init describes such a home, and a plan from what it wrote finds nothing to do.
func TestInitOfAuthHeader(t *testing.T) {
	m := newMachine(t)
	m.write(".codex/config.toml", "model_provider = \"gate\"\nmodel = \"gpt-5.4\"\n[model_providers.gate]\nname = \"Mine\"\n"+
		"base_url = \"https://gate.example/v1\"\nwire_api = \"responses\"\nenv_http_headers = { api-key = \"GATE_KEY\" }\n")
	if code, out, errs := m.run("init", "-o", m.user+"/codex.yaml"); code != 0 {
		t.Fatalf("init: exit %d\n%s%s", code, out, errs)
	}
	for _, line := range []string{"auth_header: api-key", "env_key: GATE_KEY", "delivery: env_key"} {
		if written := m.read("codex.yaml"); !strings.Contains(written, line) {
			t.Errorf("no %q in\n%s", line, written)
		}
	}
	if code, out, errs := m.run("plan", "--detailed-exitcode", "--codex", "off", "-f", m.user+"/codex.yaml"); code != 0 {
		t.Errorf("plan: exit %d\n%s%s", code, out, errs)
	}
}
