package plan

import (
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
