package vaulttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority is a private certificate authority. Its files lie in Dir.
type Authority struct {
	Dir  string
	File string // its certificate
	PEM  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewAuthority makes an authority of the given name in a folder of its own.
func NewAuthority(tb testing.TB, name string) *Authority {
	tb.Helper()
	a := &Authority{Dir: tb.TempDir(), key: newKey(tb)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.PEM = sign(tb, template, template, a.key, a.key)
	a.File = a.write(tb, "ca.pem", a.PEM)
	return a
}

// Issue makes a certificate for a common name, good for 127.0.0.1 and localhost as
// a server and for a client, and gives its files.
func (a *Authority) Issue(tb testing.TB, name string) (certFile, keyFile string) {
	tb.Helper()
	return a.issue(tb, name, time.Now().Add(time.Hour), net.IPv4(127, 0, 0, 1))
}

// IssueExpired is Issue with a certificate that ended a minute ago.
func (a *Authority) IssueExpired(tb testing.TB, name string) (certFile, keyFile string) {
	tb.Helper()
	return a.issue(tb, name, time.Now().Add(-time.Minute), net.IPv4(127, 0, 0, 1))
}

// IssueElsewhere is Issue with a certificate for another host.
func (a *Authority) IssueElsewhere(tb testing.TB, name string) (certFile, keyFile string) {
	tb.Helper()
	return a.issue(tb, name, time.Now().Add(time.Hour))
}

func (a *Authority) issue(tb testing.TB, name string, until time.Time, ips ...net.IP) (certFile, keyFile string) {
	tb.Helper()
	key := newKey(tb)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		IPAddresses: ips, DNSNames: []string{name},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	_, cert := sign(tb, template, a.cert, key, a.key)
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return a.write(tb, name+".pem", cert),
		a.write(tb, name+".key", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func sign(tb testing.TB, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (*x509.Certificate, []byte) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), by)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (a *Authority) write(tb testing.TB, name string, content []byte) string {
	path := filepath.Join(a.Dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// StartTLS starts a server with a certificate of the authority.
func (a *Authority) StartTLS(tb testing.TB, flags ...string) *Server {
	tb.Helper()
	cert, key := a.Issue(tb, "vault.test")
	return a.startWith(tb, cert, key, flags...)
}

func (a *Authority) startWith(tb testing.TB, cert, key string, flags ...string) *Server {
	tb.Helper()
	s := Start(tb, append(flags, "-tls-cert", cert, "-tls-key", key)...)
	s.trust = a.PEM
	return s
}
