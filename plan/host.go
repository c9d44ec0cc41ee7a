package plan

import (
	"net/netip"
	"net/url"
	"strings"
)

// HostOf is scheme, host and port of a base URL, in one spelling for equal ones: the
// place that a key belongs to. It is "" where the URL names no host, and never holds
// a user name, path or query.
func HostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	place := url.URL{Scheme: u.Scheme, Host: u.Host}
	if asked, wrong := askedOrigin(place.String()); wrong == "" {
		return asked.String()
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) // what nobody asks is equal to itself alone
}

// NumberHost reports a host that is no address as it stands, and that Codex, as browsers
// do, makes one of: its last segment is a number.
func NumberHost(host string) bool {
	short := strings.TrimSuffix(host, ".")
	last := strings.ToLower(short[strings.LastIndexByte(short, '.')+1:])
	if last == "" || last[0] < '0' || last[0] > '9' {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	hex, isHex := strings.CutPrefix(last, "0x")
	return isHex && strings.Trim(hex, "0123456789abcdef") == "" || strings.Trim(last, "0123456789") == ""
}

// Detour reports a base URL that Codex resolves to another path than it is written: one
// with "..", an empty segment, a backslash, or an escape of such.
func Detour(base string) bool {
	_, rest, _ := strings.Cut(base, "://")
	_, path, found := strings.Cut(strings.ToLower(strings.TrimRight(rest, "/")), "/")
	if strings.Contains(path, "%") {
		path = strings.NewReplacer("%2e", ".", "%2f", "/", "%5c", `\`).Replace(path)
	}
	for segment := range strings.SplitSeq(path, "/") {
		if found && segment == "" || segment == "." || segment == ".." {
			return true
		}
	}
	return strings.Contains(rest, `\`) || strings.Contains(path, `\`)
}

// calls are the ends of URLs that people copy from examples of requests.
var calls = []string{"/chat/completions", "/completions", "/responses", "/models", "/embeddings"}

// CallIn is the call that the path of a base URL ends in, as it is written there, "" for none.
func CallIn(path string) string {
	path = strings.TrimRight(path, "/")
	for _, c := range calls {
		if end := len(path) - len(c); end >= 0 && strings.EqualFold(path[end:], c) {
			return path[end:]
		}
	}
	return ""
}
