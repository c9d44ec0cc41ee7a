package gateway

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
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// server is a TCP server on loopback that answers byte by byte as a case wants,
// and keeps everything that it was sent.
type server struct {
	listener net.Listener
	tls      *tls.Config
	answer   func(conn net.Conn, n int) // the n-th request, from 1; the head was read
	mute     bool                       // answer before anything was read

	mu    sync.Mutex
	conns int
	heard bytes.Buffer
}

func serve(t *testing.T, s *server) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = l
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			n := s.conns
			s.mu.Unlock()
			go s.handle(conn, n)
		}
	}()
	return s
}

func (s *server) handle(conn net.Conn, n int) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if s.tls != nil {
		conn = tls.Server(conn, s.tls)
		defer conn.Close()
	}
	if !s.mute && !s.hear(conn) {
		return
	}
	s.answer(conn, n)
}

// hear reads one request head and reports whether there was one.
func (s *server) hear(conn net.Conn) bool {
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		s.mu.Lock()
		s.heard.WriteString(line)
		s.mu.Unlock()
		if err != nil {
			return false
		}
		if line == "\r\n" {
			return true
		}
	}
}

func (s *server) port() string {
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	return port
}

func (s *server) url() string {
	if s.tls != nil {
		return "https://gw.test:" + s.port() + "/v1"
	}
	return "http://127.0.0.1:" + s.port() + "/v1"
}

// keys counts the requests that carried the key.
func (s *server) keys() int {
	return strings.Count(s.text(), "Authorization: Bearer "+canary+"\r\n")
}

// text is all that the server was sent so far.
func (s *server) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

func (s *server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// names is a name server that knows hosts below .test, and gives no answer at all
// for silent.test.
func names(t *testing.T, hosts map[string]string) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil && runtime.GOOS == "windows" {
		t.Skip("Wine cannot listen for UDP: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := lookup(buf[:n], hosts); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

func lookup(query []byte, hosts map[string]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	name := strings.TrimSuffix(q.Name.String(), ".")
	m.Response, m.Additionals = true, nil
	switch ip := net.ParseIP(hosts[name]); {
	case name == "silent.test":
		return nil
	case name == "broken.test":
		m.RCode = dnsmessage.RCodeServerFailure
	case ip == nil:
		m.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeA && ip.To4() != nil:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte(ip.To4())},
		}}
	case q.Type == dnsmessage.TypeAAAA && ip.To4() == nil:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AAAAResource{AAAA: [16]byte(ip)},
		}}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// authority signs certificates for the tests; file is its own in PEM.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{key: newKey(t), file: filepath.Join(t.TempDir(), "ca.pem")}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// config is a TLS server's, with a certificate for the names, valid from now+from
// to now+to.
func (a authority) config(t *testing.T, from, to time.Duration, names ...string) *tls.Config {
	t.Helper()
	key := newKey(t)
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: names,
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(to),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
