package cli_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
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
	"sync"
	"testing"
	"time"

	"github.com/codexform/codexform/plan"
)

// sighting is one credential that one host was sent.
type sighting struct{ host, credential string }

// wire is a network of two hosts on loopback and every other one behind a proxy. All
// of them take any key, as a lenient gateway does, and all that they are sent is kept.
type wire struct {
	here, there string // base URLs of the two
	proxy       string
	authority   string // path of the proxy's certificate authority

	mutex    sync.Mutex
	requests map[string][]string // by host: what was sent, as text
	signer   tls.Certificate
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{requests: map[string][]string{}}
	for _, base := range []*string{&w.here, &w.there} {
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.note("http://"+r.Host, r)
			answer(rw)
		}))
		t.Cleanup(s.Close)
		*base = s.URL + "/v1"
	}
	var ca []byte
	w.signer, ca = newAuthority(t)
	w.authority = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(w.authority, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.HandlerFunc(w.connect))
	t.Cleanup(proxy.Close)
	w.proxy = proxy.URL
	return w
}

const modelList = `{"data":[{"id":"gpt-5.4"}]}`

func answer(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, modelList)
}

// connect opens what goes through the proxy and answers in the host's place.
func (w *wire) connect(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		w.note("proxy in clear: "+r.Host, r)
		answer(rw)
		return
	}
	conn, _, err := rw.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	secure := tls.Server(conn, &tls.Config{GetCertificate: w.certificate})
	inner, err := http.ReadRequest(bufio.NewReader(secure))
	if err != nil {
		w.note("https://"+strings.TrimSuffix(r.Host, ":443")+" (connected only)", r)
		return
	}
	w.note("https://"+inner.Host, inner)
	io.WriteString(secure, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"+modelList)
	secure.Close()
}

func (w *wire) note(host string, r *http.Request) {
	var sent bytes.Buffer
	sent.WriteString(r.URL.RequestURI() + "\n")
	r.Header.Write(&sent)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.requests[host] = append(w.requests[host], sent.String())
}

// seen is what was sent since the last call, told apart by credentials that are all
// different.
func (w *wire) seen(credentials []string) (out []sighting, requests int) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for host, texts := range w.requests {
		requests += len(texts)
		for _, text := range texts {
			for _, c := range credentials {
				if strings.Contains(text, c) {
					out = append(out, sighting{host, c})
				}
			}
		}
	}
	clear(w.requests)
	return out, requests
}

func (w *wire) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	parent, err := x509.ParseCertificate(w.signer.Certificate[0])
	if err != nil {
		return nil, err
	}
	key := w.signer.PrivateKey.(*ecdsa.PrivateKey)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hello.ServerName}, DNSNames: []string{hello.ServerName},
		NotBefore: parent.NotBefore, NotAfter: parent.NotAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, parent, &key.PublicKey, key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

func newAuthority(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority of a recording proxy"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// place is the host of a base URL as sightings name it.
func place(base string) string { return plan.HostOf(base) }
