package gateway

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	// httpproxy is net/http's own reading of the proxy variables, which net/http
	// offers for the process environment only.
	"golang.org/x/net/http/httpproxy"
)

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
		return nil, c.clearProxy(u.Hostname())
	}
	value := c.first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
	// Whether is httpproxy's decision alone: from a value that it cannot parse it
	// would silently make a direct connection.
	rule := httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: c.first("NO_PROXY", "no_proxy")}
	if taken, err := rule.ProxyFunc()(u); value == "" || taken == nil || err != nil {
		return nil, nil
	}
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	proxy, err := url.Parse(value)
	if err != nil || proxy.Host == "" {
		return nil, &outcome{class: ProxyError, detail: "the value of HTTPS_PROXY or ALL_PROXY is not a URL"}
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

// clearProxy refuses a gateway on this computer where Codex would send the call,
// key and all, in clear to a proxy: unlike most programs, Codex makes no exception
// for loopback.
func (c *Client) clearProxy(host string) *outcome {
	if c.first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy") == "" || noProxy(c.first("NO_PROXY", "no_proxy"), host) {
		return nil
	}
	return &outcome{class: Insecure, detail: "Codex would send the key in clear to the proxy of HTTP_PROXY or ALL_PROXY: add " + host + " to NO_PROXY"}
}

// noProxy reports whether the list, as NO_PROXY is written, names a host of this computer.
func noProxy(list, host string) bool {
	ip, _ := netip.ParseAddr(host)
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "*" || strings.EqualFold(strings.TrimPrefix(entry, "."), host) {
			return true
		}
		if net, err := netip.ParsePrefix(entry); err == nil && net.Contains(ip) {
			return true
		}
	}
	return false
}
