package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"syscall"

	// httpproxy is net/http's own reading of the proxy variables, which net/http
	// offers for the process environment only.
	"golang.org/x/net/http/httpproxy"
)

// transport is made for one target: one connection a try, never kept, HTTP/1.1
// only (the HTTP/2 code can be made to log headers), nothing decompressed.
func (c *Client) transport(t target, limits Limits) (*http.Transport, *outcome) {
	roots, bad := c.roots()
	if bad != nil {
		return nil, bad
	}
	proxy, bad := c.proxy(t.url)
	if bad != nil {
		return nil, bad
	}
	var http1 http.Protocols
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyURL(proxy),
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            c.dialer(t, limits),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, NextProtos: []string{"http/1.1"}},
		TLSHandshakeTimeout:    limits.TLS,
		ResponseHeaderTimeout:  limits.Header,
		MaxResponseHeaderBytes: 64 << 10,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		Protocols:              &http1,
	}, nil
}

// guardError is an address to which no connection is made.
type guardError struct{ outcome outcome }

func (e *guardError) Error() string { return e.outcome.detail }

// dialer looks at each address after the name was resolved and before the
// connection is made, so that a name cannot lead where its spelling does not.
func (c *Client) dialer(t target, limits Limits) func(context.Context, string, string) (net.Conn, error) {
	if c.dial != nil {
		return c.dial
	}
	d := net.Dialer{Timeout: limits.Connect, Resolver: c.resolver, KeepAlive: -1}
	d.Control = func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		switch {
		case err != nil || unsafeAddress(at.Addr()):
			return &guardError{outcome{class: ForbiddenPlace, detail: plain(t.url.Hostname()) + " leads to a link-local or metadata address"}}
		case t.url.Scheme == "http" && !at.Addr().Unmap().IsLoopback():
			return &guardError{outcome{class: Insecure, detail: plain(t.url.Hostname()) + " leads to another computer: http:// would send the key in clear"}}
		}
		return nil
	}
	return d.DialContext
}

// proxyError is a proxy that would not connect us.
type proxyError struct{ status int }

func (e *proxyError) Error() string { return "the proxy answered " + statusText(e.status) }

func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyError{resp.StatusCode}
	}
	return nil
}

// proxy is the proxy that Codex would take: from the variables in both spellings,
// for https only and never for this computer. It is nil for none.
func (c *Client) proxy(u *url.URL) (*url.URL, *outcome) {
	if u.Scheme != "https" {
		return nil, nil
	}
	config := httpproxy.Config{
		HTTPSProxy: c.first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
		NoProxy:    c.first("NO_PROXY", "no_proxy"),
	}
	proxy, err := config.ProxyFunc()(u)
	if err != nil {
		return nil, &outcome{class: ProxyError, detail: "the value of HTTPS_PROXY or ALL_PROXY is not a URL"}
	}
	if proxy == nil {
		return nil, nil
	}
	switch proxy.Scheme {
	case "http", "https", "socks5", "socks5h":
		return proxy, nil
	}
	return nil, &outcome{class: ProxyError, detail: "HTTPS_PROXY or ALL_PROXY names a kind of proxy that is not known"}
}

func (c *Client) first(names ...string) string {
	for _, name := range names {
		if v := c.getenv(name); v != "" {
			return v
		}
	}
	return ""
}

const bundleMax = 4 << 20

// roots are the computer's certificate authorities and those of the first of
// CODEX_CA_CERTIFICATE and SSL_CERT_FILE that is set; nil means the computer's own.
func (c *Client) roots() (*x509.CertPool, *outcome) {
	for _, name := range []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"} {
		path := c.getenv(name)
		if path == "" {
			continue
		}
		pem, err := readBundle(path)
		if err != nil {
			return nil, &outcome{class: TLSError, detail: name + " names a file that cannot be read: Codex would never connect"}
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, &outcome{class: TLSError, detail: name + " names a file without a certificate"}
		}
		return pool, nil
	}
	return nil, nil
}

// readBundle reads a regular file of bounded size: a FIFO would hang.
func readBundle(path string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, os.ErrInvalid)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, bundleMax))
}
