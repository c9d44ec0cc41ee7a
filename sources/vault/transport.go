package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

const (
	maxBody     = 1 << 20
	maxHeaders  = 64 << 10
	dialTimeout = 5 * time.Second
)

// newTransport makes the one way to a server: HTTP/1.1, because Go's HTTP/2 can be
// told by an environment variable to print every header and body; TLS 1.2 or
// newer, always verified; no compression, so that the bound on a body is one on
// what it unpacks to as well.
func newTransport(c Config, w World) (http.RoundTripper, error) {
	conf, err := tlsConfig(c, w)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig:        conf,
		TLSHandshakeTimeout:    dialTimeout,
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxResponseHeaderBytes: maxHeaders,
		DisableCompression:     true,
		IdleConnTimeout:        30 * time.Second,
	}
	if strings.HasPrefix(c.Address, "https:") {
		t.Proxy = w.Proxy
	}
	if path, ok := strings.CutPrefix(c.Address, "unix://"); ok {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, "unix", path)
		}
	}
	return guard{t}, nil
}

func tlsConfig(c Config, w World) (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CACert != "" {
		pem, err := w.ReadFile(c.CACert)
		if err != nil {
			return nil, configError(fmt.Sprintf("ca_cert: %s: %s", c.CACert, reason(err)), "name a PEM file that this user can read")
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, configError("ca_cert: "+c.CACert+" holds no certificate", "it has to be a PEM file")
		}
	}
	if c.ClientCert == "" {
		return conf, nil
	}
	pair, err := clientPair(c, w)
	conf.Certificates = []tls.Certificate{pair}
	return conf, err
}

func clientPair(c Config, w World) (tls.Certificate, error) {
	cert, err := w.ReadFile(c.ClientCert)
	if err != nil {
		return tls.Certificate{}, configError(fmt.Sprintf("client_cert: %s: %s", c.ClientCert, reason(err)), "name a PEM file that this user can read")
	}
	key, _, err := w.ReadSecret(c.ClientKey)
	if err != nil {
		return tls.Certificate{}, configError(fmt.Sprintf("client_key: %s: %s", c.ClientKey, reason(err)), "name a PEM file that this user can read")
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return pair, configError(fmt.Sprintf("client_cert: %s and client_key: %s are not a pair", c.ClientCert, c.ClientKey),
			"both have to be PEM files, and the key has to be the certificate's, not encrypted")
	}
	return pair, nil
}

// guard follows no redirect, lets no answer grow and wants no cookie. It sits
// below vault/api, which would send the token on to wherever it is told.
type guard struct{ next http.RoundTripper }

func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		res.Body.Close()
		return nil, &redirectError{status: res.StatusCode, to: redirectTarget(res)}
	}
	if res.ContentLength > maxBody {
		res.Body.Close()
		return nil, errTooLarge
	}
	res.Body = &boundedBody{res.Body, maxBody}
	return res, nil
}

type redirectError struct {
	status int
	to     string // scheme and host, "" when they cannot be shown
}

func (e *redirectError) Error() string { return "redirected" }

var plainHost = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9.:\[\]_-]{1,255}$`)
})

// redirectTarget is where a redirect leads, as far as it is fit to print.
func redirectTarget(res *http.Response) string {
	u, err := url.Parse(res.Header.Get("Location"))
	if err != nil || !plainHost().MatchString(u.Host) || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

var errTooLarge = errors.New("answer too large")

// boundedBody is errTooLarge once more than left bytes were read.
type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
