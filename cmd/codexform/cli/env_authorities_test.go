package cli_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Codex takes its authorities from .env in its home too, and before those of the
// environment: so do all that ask a gateway.
func TestAuthoritiesOfDotenv(t *testing.T) {
	gateway := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(w) }))
	defer gateway.Close()
	m := newMachine(t)
	m.vars["KEY"] = "sk-authorities-0123456789"
	ca := m.write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: gateway.Certificate().Raw})))
	bad := m.write("bad.pem", "nothing")
	file := m.write("codex.yaml", "version: 1\nmodel: gpt-5.4\nsecret: {env: KEY}\nprovider: {id: gate, base_url: '"+gateway.URL+"/v1'}\n")
	for name, tc := range map[string]struct{ shell, dotenv, want string }{
		"neither":             {want: "tls_error"},
		"a file that is none": {shell: ca, dotenv: "SSL_CERT_FILE=" + bad, want: "SSL_CERT_FILE names a file that holds no certificate"},
		"of Codex's own":      {dotenv: "CODEX_CA_CERTIFICATE=" + ca, want: "tls_error"},
	} {
		t.Run(name, func(t *testing.T) {
			m.vars["SSL_CERT_FILE"] = tc.shell
			m.write(".codex/.env", tc.dotenv+"\n")
			_, out, _ := m.run("apply", "-f", file, "--auto-approve", "--codex", "off", "--format", "json")
			if !strings.Contains(out, tc.want) {
				t.Errorf("apply: no %q in\n%s", tc.want, out)
			}
		})
	}
	m.vars["SSL_CERT_FILE"] = ""
	m.write(".codex/.env", "SSL_CERT_FILE="+ca+"\n")
	for command, args := range map[string][]string{"apply": {"--auto-approve"}, "doctor": nil} {
		code, out, errs := m.run(append([]string{command, "-f", file, "--codex", "off"}, args...)...)
		if code != 0 && command == "apply" || !strings.Contains(out+errs, "models") || strings.Contains(out+errs, "tls") {
			t.Errorf("%s: exit %d\n%s%s", command, code, out, errs)
		}
	}
}
