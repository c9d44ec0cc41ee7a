package gateway

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func (i identity) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.cert.Raw})
}

func keyOf(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	key, err := crypto.Signer(nil), error(nil)
	if bits == 0 {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, bits)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue makes a certificate; a nil issuer signs it with its own key.
func issue(t *testing.T, name string, authority bool, bits int, issuer *identity) identity {
	t.Helper()
	key := keyOf(t, bits)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: authority, BasicConstraintsValid: true,
	}
	by := identity{c, key}
	if issuer != nil {
		by = *issuer
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by.cert, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return identity{made, key}
}

// Whom Codex does not take for a server is none here either, and the other way round.
func TestCertificatesAsCodexTakesThem(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	ca := issue(t, "CA", true, 0, nil)
	weak := issue(t, "Weak", true, 1024, nil)
	tests := []struct {
		name   string
		server identity
		trust  identity
		want   string // "" for a connection
		later  bool   // not to the newest Codex, and to older ones
	}{
		{"of an authority", issue(t, "gate", false, 0, &ca), ca, "", false},
		{"its own, no authority", issue(t, "gate", false, 0, nil), identity{}, "", false},
		{"its own, an authority", issue(t, "gate", true, 0, nil), identity{}, "", true},
		{"an authority's, below another", issue(t, "gate", true, 0, &ca), ca, "", true},
		{"itself trusted, its authority not", issue(t, "gate", false, 0, &ca), identity{}, "trusted by itself", false},
		{"a short key", issue(t, "gate", false, 1024, &ca), ca, "fewer than 2048", false},
		{"an authority's short key", issue(t, "gate", false, 2048, &weak), weak, "fewer than 2048", false},
		{"a usual key", issue(t, "gate", false, 2048, &ca), ca, "", false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					codextest.SayHi(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, `{"data":[]}`)
			}))
			s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{tc.server.cert.Raw}, PrivateKey: tc.server.key}}}
			s.StartTLS()
			defer s.Close()
			if tc.trust.cert == nil {
				tc.trust = tc.server
			}
			home := codextest.Home(t)
			bundle := filepath.Join(home, "ca.pem")
			if err := os.WriteFile(bundle, tc.trust.pem(), 0o600); err != nil {
				t.Fatal(err)
			}
			base := strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/v1"
			client := &Client{Getenv: func(name string) (string, bool) { return bundle, name == "SSL_CERT_FILE" }}
			a := client.List(t.Context(), Request{BaseURL: base, Key: plan.NewSecret([]byte(canary)), Attempts: 1})
			if a.OK() != (tc.want == "") || !strings.Contains(a.Detail, tc.want) {
				t.Errorf("%s: %s, want %q", a.Class, a.Detail, tc.want)
			}
			codextest.Binary(t)
			codextest.WriteFile(t, home, "auth.json", `{"OPENAI_API_KEY":"sk-chain-0123456789"}`)
			codextest.WriteFile(t, home, "config.toml", "model_provider = \"g\"\n[model_providers.g]\nname = \"Gate\"\nrequires_openai_auth = true\nrequest_max_retries = 0\nstream_max_retries = 0\nbase_url = \""+base+"\"\n")
			if ran := codextest.Turn(t, home, []string{"SSL_CERT_FILE=" + bundle, "NO_PROXY=localhost"}); (ran.Exit == 0) != (tc.want == "" && !tc.later) {
				t.Errorf("Codex: exit %d\n%s", ran.Exit, ran.Stderr)
			}
		})
	}
}
