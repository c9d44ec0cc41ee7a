package plan

import (
	"net/netip"
	"net/url"
	"strconv"
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
	host := strings.ToLower(u.Hostname())
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	switch port := u.Port(); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
	default:
		host += ":" + port
	}
	return u.Scheme + "://" + host
}

// NumberHost reports a host that is no address as it stands, and that Codex, as browsers
// do, makes one of: its last segment is a number.
func NumberHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	_, err := strconv.ParseUint(strings.ToLower(last), 0, 64)
	return err == nil || last != "" && strings.Trim(last, "0123456789") == ""
}

// Detour reports a base URL that Codex resolves to another path than it is written: one
// with "..", an empty segment, a backslash, or an escape of such.
func Detour(base string) bool {
	_, rest, _ := strings.Cut(base, "://")
	_, path, found := strings.Cut(strings.ToLower(strings.TrimRight(rest, "/")), "/")
	path = strings.NewReplacer("%2e", ".", "%2f", "/", "%5c", `\`).Replace(path)
	for segment := range strings.SplitSeq(path, "/") {
		if found && segment == "" || segment == "." || segment == ".." {
			return true
		}
	}
	return strings.Contains(rest, `\`) || strings.Contains(path, `\`)
}
