package acceptance

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever goes wrong with Vault, and however much is logged: no key, token,
// password or identity token is in what the program prints.
func TestVaultFailuresShowNoSecret(t *testing.T) {
	v := newVault(t)
	logins := v.logins(t)
	echo := echoServer(t)
	at := func(address string, l login, lines ...string) string {
		return "secret:\n  vault:\n    " + strings.Join(append([]string{"address: " + address, l.lines}, lines...), "\n    ") + "\n"
	}
	wrong := func(name, env string) login {
		l := logins[name]
		l.env = []string{env}
		return l
	}
	plain := login{lines: "auth: {method: token}", env: []string{"VAULT_TOKEN=" + canary + "token"}}
	v.issuer.Claims["repository"] = "eve/laptops"
	for name, tc := range map[string]struct {
		secret string
		login
	}{
		"wrong secret-id":    {v.secret(wrong("approle", "")), wrong("approle", "SECRET_ID="+canary+"id")},
		"no secret-id":       {v.secret(logins["approle"]), login{}},
		"wrong password":     {v.secret(logins["userpass"]), wrong("userpass", "PASSWORD="+canary+"password")},
		"wrong in directory": {v.secret(logins["ldap"]), wrong("ldap", "PASSWORD="+canary+"password")},
		"fork":               {v.secret(logins["github"]), logins["github"]},
		"spent wrapping":     {v.secret(logins["handed-over token"]), wrong("handed-over token", "WRAPPED="+canary+"wrapped")},
		"bogus token":        {v.secret(plain), plain},
		"no such field":      {v.secret(logins["approle"], "field: none"), logins["approle"]},
		"no such version":    {v.secret(logins["approle"], "version: 9"), logins["approle"]},
		"not allowed":        {v.secret(logins["approle"], "mount: other"), logins["approle"]},
		"unknown authority":  {at(v.Address, logins["approle"], "path: codex"), logins["approle"]},
		"echo of a token":    {at(echo, plain, "path: codex"), plain},
		"echo of a login":    {at(echo, logins["approle"], "path: codex"), logins["approle"]},
		"echo of a password": {at(echo, logins["userpass"], "path: codex"), logins["userpass"]},
	} {
		t.Run(name, func(t *testing.T) {
			m := v.machine(t, tc.login, "")
			m.policy("version: 1\nmodel: gpt-5.4\nprovider: {id: gate, name: Gate, base_url: 'https://gateway.example/v1'}\n" + tc.secret)
			for _, args := range [][]string{{"plan"}, {"plan", "--format", "json"}, {"apply", "--auto-approve", "--format", "json"}, {"token"}} {
				if name == "spent wrapping" && args[0] == "plan" {
					// A plan leaves what opens once to the apply. It prints the home, whose
					// path may well hold the word that is this server's root token.
					stdout, stderr := m.codexform(0, append(args, "--log-level", "debug")...)
					wantNoSecret(t, stdout+stderr, append(tc.env, turnKey)...)
					continue
				}
				stdout, stderr := m.codexform(4, append(args, "--log-level", "debug")...)
				said := strings.ReplaceAll(stdout+stderr, m.home, "HOME") // whose path may hold the word that is the root token
				wantNoSecret(t, said, append(tc.env, turnKey, v.RootToken)...)
			}
		})
	}
}

const canary = "hushhush-0123456789-"

func wantNoSecret(t *testing.T, said string, secrets ...string) {
	t.Helper()
	for _, s := range append(secrets, canary, "hvs.", "eyJ") {
		if _, value, found := strings.Cut(s, "="); found {
			s = value
		}
		if len(s) > 0 && !strings.HasPrefix(s, "http") && strings.Contains(said, s) {
			t.Errorf("%q is printed:\n%s", s, said)
		}
	}
}

// echoServer answers 403 with all that it was sent, as JSON and as nothing of the kind.
func echoServer(t *testing.T) string {
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		said := r.Header.Get("X-Vault-Token") + strings.ReplaceAll(string(body), `"`, "")
		w.WriteHeader(http.StatusForbidden)
		if n++; n%2 == 0 {
			io.WriteString(w, said)
			return
		}
		io.WriteString(w, `{"errors":["`+said+`"]}`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
