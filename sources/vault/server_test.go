package vault_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/codexform/codexform/sources/vault"
	"github.com/codexform/codexform/sources/vaulttest"
)

func TestSealed(t *testing.T) {
	s := vaulttest.Start(t, "-state", "sealed")
	w, c := asRoot(t, s)
	w.env["VAULT_TOKEN"] = newPassword()
	w.wantError("sealed", c, s.Address, "https://vault.example:8200")
	if len(w.slept) != 0 {
		t.Errorf("waits %v for a sealed Vault", w.slept)
	}
	c.Auth = vault.Auth{Method: vault.MethodCert}
	c.ClientCert, c.ClientKey = vaulttest.NewAuthority(t, "devices").Issue(t, "laptop-7")
	w.wantError("sealed", c, s.Address, "https://vault.example:8200")
}

func TestUninitialised(t *testing.T) {
	s := vaulttest.Start(t, "-state", "uninitialized")
	w, c := asRoot(t, s)
	w.env["VAULT_TOKEN"] = newPassword()
	w.wantError("uninitialised", c, s.Address, "https://vault.example:8200")
}

func TestStandby(t *testing.T) {
	s := vaulttest.Start(t, "-standby", "-root-token", newPassword())
	put(t, s, "secret/data/codex", obj{"api_key": newKey()})
	w, c := asRoot(t, s)
	c.Address = s.Standby
	w.wantError("standby", c, s.Standby, "https://vault-2.example:8200", s.Address, "https://vault-1.example:8200")
}

func TestRateQuota(t *testing.T) {
	s := server(t)
	put(t, s, "secret/data/codex", obj{"api_key": newKey()})
	w, c := asRoot(t, s)
	s.Do(t, http.MethodPost, "sys/quotas/rate-limit/all", obj{"path": "secret/", "rate": 0.001, "interval": "60s"})
	w.fetch(c) // uses up what the quota allows
	w.wantError("rate_limited", c, s.Address, "https://vault.example:8200")
	if len(w.slept) == 0 {
		t.Error("a quota that passes is not waited for")
	}
}

func TestTLS(t *testing.T) {
	ours, others := vaulttest.NewAuthority(t, "ours"), vaulttest.NewAuthority(t, "others")
	s := ours.StartTLS(t, "-root-token", newPassword())
	key := newKey()
	put(t, s, "secret/data/codex", obj{"api_key": key})
	w, c := asRoot(t, s)
	https := []string{s.Address, "https://vault.example:8200", ours.Dir, "/etc/ssl", others.Dir, "/etc/ssl"}

	c.CACert = ours.File
	w.want(c, key, "1")
	c.CACert = ""
	w.wantError("tls_unknown_authority", c, https...)
	w.env["VAULT_SKIP_VERIFY"] = "true"
	w.wantError("tls_unknown_authority", c, https...)
	c.CACert = others.File
	w.wantError("tls_unknown_authority", c, https...)
	w.env["VAULT_CACERT"] = ours.File
	w.wantError("tls_unknown_authority", c, https...) // what is written comes before the environment
	c.CACert = ""
	w.want(c, key, "1")

	c.CACert = w.file("not.pem", "no certificate")
	w.wantError("ca_cert_empty", c, w.home, "/etc/ssl")
	c.CACert = "/etc/ssl/none.pem"
	w.wantError("ca_cert_missing", c)
	_, c.ClientKey = ours.Issue(t, "a")
	c.ClientCert, _ = ours.Issue(t, "b")
	c.CACert = ours.File
	w.wantError("client_cert_no_pair", c, https...)
}

// A server that has nothing newer than TLS 1.1 gets no token.
func TestOldTLSIsRefused(t *testing.T) {
	asked := false
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	w := newWorld(t)
	w.env["VAULT_TOKEN"] = newPassword()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := vault.New(vault.Config{Address: s.URL, Path: "codex", CACert: ca}, w.vault())
	if err == nil {
		_, _, err = client.Fetch(t.Context())
	}
	if err == nil || asked || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("asked: %v, %v", asked, err)
	}
}

func TestTLSServers(t *testing.T) {
	ours := vaulttest.NewAuthority(t, "ours")
	for name, issue := range map[string]func(testing.TB, string) (string, string){
		"tls_expired": ours.IssueExpired, "tls_other_host": ours.IssueElsewhere,
	} {
		t.Run(name, func(t *testing.T) {
			cert, key := issue(t, name)
			s := vaulttest.Start(t, "-tls-cert", cert, "-tls-key", key)
			w, c := asRoot(t, s)
			c.CACert = ours.File
			w.wantError(name, c, s.Address, "https://vault.example:8200")
		})
	}
}

func TestWrongScheme(t *testing.T) {
	ours := vaulttest.NewAuthority(t, "ours")
	plain, secure := server(t), ours.StartTLS(t)
	w, c := asRoot(t, plain)
	c.Address = strings.Replace(plain.Address, "http:", "https:", 1)
	w.wantError("https_to_http", c, c.Address, "https://vault.example:8200")
	c.Address = strings.Replace(secure.Address, "https:", "http:", 1)
	w.wantError("http_to_https", c, c.Address, "http://vault.example:8200")
}

func TestUnreachable(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	w := newWorld(t)
	w.env["VAULT_TOKEN"] = newPassword()
	c := vault.Config{Address: "http://" + ln.Addr().String(), Path: "codex"}
	w.wantError("refused", c, ln.Addr().String(), "127.0.0.1:8200")
	if len(w.slept) != 2 {
		t.Errorf("tried again %d times, want 2", len(w.slept))
	}
	c.Address = "https://vault.invalid:8200"
	w.wantError("dns", c)
}

// hostile is a server on loopback that is not Vault.
func hostile(t *testing.T, h http.HandlerFunc) (*world, vault.Config) {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	w := newWorld(t)
	w.env["VAULT_TOKEN"] = newPassword()
	return w, vault.Config{Address: s.URL, Path: "codex", Timeout: 300 * time.Millisecond}
}

func TestHostileServers(t *testing.T) {
	say := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			// It echoes all it was sent, as a debugging proxy does.
			fmt.Fprint(w, strings.ReplaceAll(body, "ECHO", r.Header.Get("X-Vault-Token")))
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"html_200":      say(200, "text/html", "<html>sign in ECHO</html>"),
		"html_404":      say(404, "text/html", "<html>nothing ECHO</html>"),
		"html_403":      say(403, "text/html", "<html>no ECHO</html>"),
		"html_502":      say(502, "text/html", "<html>bad gateway ECHO</html>"),
		"proxy_407":     say(407, "text/html", "who are you, ECHO"),
		"json_500":      say(500, "application/json", `{"errors":["internal error, ECHO"]}`),
		"json_403_echo": say(403, "application/json", `{"errors":["ECHO is not allowed"]}`),
		"json_empty":    say(200, "application/json", `{}`),
		"json_other":    say(200, "application/json", `{"data":{"data":"ECHO"}}`),
		"json_418":      say(418, "application/json", `{"errors":["ECHO"]}`),
		"json_cut":      say(200, "application/json", `{"data":{"data":{"api_key":"ECHO`),
		"closed_early":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"slow":          func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"slow_body":     slowBody,
		"large_declared": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "300000000")
			endless(w)
		},
		"large":       func(w http.ResponseWriter, _ *http.Request) { endless(w) },
		"large_error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403); endless(w) },
		"large_header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<18))
			w.WriteHeader(200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, c := hostile(t, h)
			w.wantError(name, c, c.Address, "https://vault.example:8200")
		})
	}
}

// endless writes up to 300 MB of a secret that goes on and on.
func endless(w http.ResponseWriter) {
	io.WriteString(w, `{"data":{"data":{"api_key":"`)
	chunk := []byte(strings.Repeat("x", 1<<16))
	for range 300_000_000 >> 16 {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func slowBody(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, `{"data":`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func TestRedirectIsNotFollowed(t *testing.T) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		w, c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path+"?token="+r.Header.Get("X-Vault-Token"), status)
		})
		w.wantError("redirected", c, c.Address, "https://vault.example:8200", elsewhere.URL, "https://elsewhere.example", fmt.Sprint(status), "30x")
	}
	w, c := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://user:password@red ex\u2028ample/?token=1")
		w.WriteHeader(302)
	})
	w.wantError("redirected_unprintable", c, c.Address, "https://vault.example:8200")
	if visits.Load() != 0 {
		t.Errorf("the other host was visited %d times", visits.Load())
	}
}

func TestCanceled(t *testing.T) {
	w, c := hostile(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c.Timeout = time.Minute
	client, err := vault.New(c, w.vault())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, _, err = client.Fetch(ctx)
	var e *vault.Error
	if !errors.As(err, &e) || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want an *Error that is context.Canceled", err)
	}
	golden(t, "canceled", render(e, []string{c.Address, "https://vault.example:8200"}))
}

// A passing trouble is waited out; a login that spends something is not sent twice.
func TestTriesAgain(t *testing.T) {
	var n atomic.Int32
	s := server(t)
	w, c := asRoot(t, s)
	key := newKey()
	put(t, s, "secret/data/again", obj{"api_key": key})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) < 3 {
			w.Header().Set("Retry-After", "2")
			http.Error(w, `{"errors":["try later"]}`, http.StatusTooManyRequests)
			return
		}
		forward(t, s, w, r)
	}))
	defer front.Close()
	c.Address, c.Path = front.URL, "again"
	w.want(c, key, "1")
	if len(w.slept) != 2 || w.slept[0] != 2*time.Second {
		t.Errorf("slept %v, want 2 s twice", w.slept)
	}
}

func TestLongRetryAfterIsNotWaitedFor(t *testing.T) {
	w, c := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		http.Error(w, `{"errors":[]}`, http.StatusTooManyRequests)
	})
	w.wantError("rate_limited", c, c.Address, "https://vault.example:8200")
	if len(w.slept) != 0 {
		t.Errorf("slept %v", w.slept)
	}
}

func TestOneUseLoginIsSentOnce(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"500":    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"errors":[]}`, 500) },
		"closed": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		var logins atomic.Int32
		w, c := hostile(t, func(rw http.ResponseWriter, r *http.Request) { logins.Add(1); answer(rw, r) })
		w.env["SECRET_ID"] = newPassword()
		c.Auth = vault.Auth{Method: vault.MethodAppRole, RoleID: "r", SecretID: vault.Parameter{Env: "SECRET_ID"}}
		if got := w.fetch(c); got.err == nil || logins.Load() != 1 {
			t.Errorf("%s: %d logins, error %v", name, logins.Load(), got.err)
		}
	}
}

func forward(t *testing.T, s *vaulttest.Server, w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequest(r.Method, s.Address+r.URL.RequestURI(), r.Body)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header = r.Header.Clone()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	w.WriteHeader(res.StatusCode)
	io.Copy(w, res.Body)
}
