package vault_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

// What Vault's own tools take from the environment does not change what we do.
func TestLibrarySeesNoEnvironment(t *testing.T) {
	s := server(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("another server was asked")
	}))
	defer elsewhere.Close()
	w, c := asRoot(t, s)
	key := newKey()
	put(t, s, "secret/data/hostile", obj{"api_key": key})
	c.Path = "hostile"
	for name, value := range map[string]string{
		"VAULT_ADDR": elsewhere.URL, "VAULT_AGENT_ADDR": elsewhere.URL, "VAULT_PROXY_ADDR": elsewhere.URL,
		"VAULT_HTTP_PROXY": elsewhere.URL, "HTTP_PROXY": elsewhere.URL, "VAULT_TOKEN": "hvs.other", "VAULT_NAMESPACE": "other",
		"VAULT_HEADERS": `{"X-Tenant":"other"}`, "VAULT_WRAP_TTL": "60s", "VAULT_SKIP_VERIFY": "true",
		"VAULT_SRV_LOOKUP": "true", "VAULT_MAX_RETRIES": "50", "VAULT_RATE_LIMIT": "0.001:1", "VAULT_CLIENT_TIMEOUT": "1",
		"VAULT_TLS_SERVER_NAME": "other.example",
	} {
		t.Setenv(name, value)
	}
	w.want(c, key, "1")

	hw, hc := hostile(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Tenant") != "" || r.Header.Get("X-Vault-Namespace") != "" || r.Header.Get("X-Vault-Wrap-Ttl") != "" {
			t.Errorf("headers of the environment are sent: %v", r.Header)
		}
		if r.Header.Get("X-Vault-Request") != "true" {
			t.Errorf("the header that an agent may insist on is missing")
		}
	})
	hw.fetch(hc)

	ours := vaulttest.NewAuthority(t, "ours")
	secure := ours.StartTLS(t, "-root-token", w.env["VAULT_TOKEN"])
	c.Address = secure.Address
	w.wantError("tls_unknown_authority", c, secure.Address, "https://vault.example:8200")
	put(t, secure, "secret/data/hostile", obj{"api_key": key})
	c.CACert = ours.File
	w.want(c, key, "1")
}

func TestVariablesThatStopTheLibrary(t *testing.T) {
	w := newWorld(t)
	w.env["VAULT_PROXY_ADDR"] = "http://ada:" + newPassword() + "@%zz"
	t.Setenv("VAULT_PROXY_ADDR", w.env["VAULT_PROXY_ADDR"])
	w.wantError("environment", vault.Config{Address: "https://vault.example:8200", Path: "codex"})
}

// The token and the key never cross the network in clear, whoever names the address.
func TestInClearToThisMachineOnly(t *testing.T) {
	for _, address := range []string{"http://vault.example", "http://127.0.0.1.example", "http://localhost.example:80", "http://10.0.0.1:8200"} {
		for _, byVariable := range []bool{false, true} {
			w, c := newWorld(t), vault.Config{Address: address, Path: "codex"}
			if byVariable {
				w.env["VAULT_ADDR"], c.Address = address, ""
			}
			if _, err := vault.New(c, w.vault()); err == nil || !strings.Contains(err.Error(), "in clear") {
				t.Errorf("%s: got %v", address, err)
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	for name, test := range map[string]struct {
		address string
		env     map[string]string
		want    []string
	}{
		"nothing to say": {"https://vault.example:8200", map[string]string{"VAULT_SKIP_VERIFY": "0", "VAULT_TOKEN": "t"}, nil},
		"loopback":       {"http://127.0.0.1:8200", nil, nil},
		"IPv6 loopback":  {"http://[::1]:8200", nil, nil},
		"localhost":      {"http://localhost", nil, nil},
		"not verified":   {"https://vault.example", map[string]string{"VAULT_SKIP_VERIFY": "true"}, []string{"VAULT_SKIP_VERIFY is not honoured"}},
		"not used":       {"https://vault.example", map[string]string{"VAULT_PROXY_ADDR": "x", "VAULT_CAPATH": "y"}, []string{"VAULT_CAPATH, VAULT_PROXY_ADDR: set"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for k, v := range test.env {
				w.env[k] = v
			}
			client, err := vault.New(vault.Config{Address: test.address, Path: "codex"}, w.vault())
			if err != nil {
				t.Fatal(err)
			}
			got := client.Warnings()
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for i := range got {
				if !strings.Contains(got[i], test.want[i]) {
					t.Errorf("got %q, want %q", got[i], test.want[i])
				}
			}
		})
	}
}

// A file with a credential that others may read is used, and said.
func TestWarningAboutACredential(t *testing.T) {
	s := server(t)
	w, c := asRoot(t, s)
	put(t, s, "secret/data/codex", obj{"api_key": newKey()})
	c.Auth.Token.File = w.file("token", s.RootToken)
	world := w.vault()
	world.ReadSecret = func(path string) ([]byte, []string, error) {
		return []byte(s.RootToken), []string{"others may read it"}, nil
	}
	client, err := vault.New(c, world)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"others may read it"}, client.Warnings()); diff != "" {
		t.Error(diff)
	}
}

// A proxy is for https alone: it would read what goes to http.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	s := server(t)
	w, c := asRoot(t, s)
	key := newKey()
	put(t, s, "secret/data/proxied", obj{"api_key": key})
	c.Path = "proxied"
	world := w.vault()
	world.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	fetch := func() error {
		client, err := vault.New(c, world)
		if err == nil {
			_, _, err = client.Fetch(t.Context())
		}
		return err
	}
	if err := fetch(); err != nil || len(asked) != 0 {
		t.Errorf("http: %v, the proxy was asked %v", err, asked)
	}
	c.Address = "https://vault.example:8200"
	var e *vault.Error
	if err := fetch(); !errors.As(err, &e) || e.Kind != vault.KindUnreachable {
		t.Errorf("https by a proxy that refuses: %v", err)
	} else {
		golden(t, "proxy_refuses", render(e, nil))
	}
	if len(asked) == 0 || asked[0] != "CONNECT vault.example:8200" {
		t.Errorf("the proxy was asked %v", asked)
	}
}

// An answer without end costs no more than its bound.
func TestLargeAnswerCostsLittle(t *testing.T) {
	w, c := hostile(t, func(w http.ResponseWriter, _ *http.Request) { endless(w) })
	c.Timeout = 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if got := w.fetch(c); got.err == nil {
		t.Fatal("300 MB are taken for an answer")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
		t.Errorf("allocated %d MiB in all, want at most 32", n>>20)
	} else {
		t.Logf("allocated %d KiB in all", n>>10)
	}
}
