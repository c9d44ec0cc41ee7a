package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"syscall"
)

// transport is made for one target: one connection a try, never kept, HTTP/1.1
// only (the HTTP/2 code can be made to log headers), nothing decompressed.
func (c *Client) transport(t target, limits Limits, roots *x509.CertPool, proxy *url.URL) *http.Transport {
	var http1 http.Protocols
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyURL(proxy),
		OnProxyConnectResponse: proxyAnswer,
		DialContext:            c.dialer(t, limits),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, NextProtos: []string{"http/1.1"}, VerifyConnection: anchored},
		TLSHandshakeTimeout:    limits.TLS,
		MaxResponseHeaderBytes: 64 << 10,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		Protocols:              &http1,
	}
}

// guardError is an address, or a certificate, to which no request is sent.
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
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if asksFirst && c.leadsNowhere(ctx, address) {
			return nil, &guardError{outcome{class: ForbiddenPlace, detail: plain(t.url.Hostname()) + " leads to 0.0.0.0"}}
		}
		return d.DialContext(ctx, network, address)
	}
}

// asksFirst is where net takes 0.0.0.0 for loopback before the dialer's guard sees it.
var asksFirst = runtime.GOOS == "windows"

// leadsNowhere reports a name that leads to the unspecified address. One that cannot be
// resolved is for the dialer to tell.
func (c *Client) leadsNowhere(ctx context.Context, address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	resolver := c.resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	return err == nil && slices.ContainsFunc(found, func(ip netip.Addr) bool { return ip.Unmap().IsUnspecified() })
}
