package plan

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	// idna is net/http's own reading of names with letters of other scripts.
	"golang.org/x/net/idna"
)

// Asked is the URL that Codex asks for a base URL, without the call that it appends and
// in the one spelling that Codex and we send byte for byte: the host in small ASCII
// letters, an address in its shortest form, no port that goes without saying, and a path
// of which no escape is undone or added. Where there is none, or where what we would send
// could be another one, wrong says what is the matter with base_url.
func Asked(base string) (u *url.URL, wrong string) {
	base = strings.TrimRight(base, "/")
	if strings.ContainsFunc(base, unicode.IsControl) {
		return nil, "has a control character, which Codex leaves out"
	}
	scheme, rest, _ := strings.Cut(base, "://")
	authority, path, _ := strings.Cut(rest, "/")
	if path != "" {
		path = "/" + escapedPath(path)
	}
	if u, wrong = askedOrigin(scheme + "://" + strings.TrimRight(authority, "?#")); wrong != "" {
		return nil, wrong
	}
	switch {
	case strings.ContainsAny(base, "?#"):
		return nil, "holds a query or fragment"
	case Detour(base):
		return nil, "takes a detour (.., //, a backslash or an escape of one), which Codex resolves to another path"
	}
	if !strings.ContainsFunc(path, notPlainPath) {
		u.Path = path
		return u, ""
	}
	if i := strings.IndexAny(path, "|^"); i >= 0 {
		return nil, fmt.Sprintf("has a %c in its path, which proxies and gateways read differently: write it as %%%02X", path[i], path[i])
	}
	whole, err := url.Parse(u.String() + path)
	if err != nil {
		return nil, "is not a URL"
	}
	return whole, ""
}

// askedOrigin is scheme, host and port as Codex reads them.
func askedOrigin(base string) (*url.URL, string) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Opaque != "":
		return nil, "is not a URL"
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "starts neither with https:// nor with http://"
	case u.Hostname() == "":
		return nil, "names no host"
	case u.User != nil:
		return nil, "holds a user name or password"
	}
	host, wrong := AskedHost(u.Hostname())
	if wrong != "" {
		return nil, wrong
	}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16)
	switch {
	case err != nil:
		return nil, "has a port over 65535"
	case port == 0 && u.Port() != "":
		return nil, "has the port 0, where nobody answers"
	case port != 0 && port != map[string]uint64{"https": 443, "http": 80}[u.Scheme]:
		host += ":" + strconv.FormatUint(port, 10)
	}
	return &url.URL{Scheme: u.Scheme, Host: host}, ""
}

// AskedHost is a host as Codex reads it, an address of IPv6 in its brackets, or what is
// the matter with it.
func AskedHost(host string) (asked, wrong string) {
	if strings.Contains(host, ":") {
		return askedIPv6(host)
	}
	if asked = host; strings.ContainsFunc(host, notInHost) {
		if strings.ContainsFunc(host, unlike) {
			return "", "has a letter in its host that cannot be seen, or that not everybody reads alike"
		}
		asked = lowerASCII(host)
	}
	if !Plain(host) || strings.Contains("."+asked, ".xn--") {
		var err error
		if asked, err = names.ToASCII(host); err != nil {
			return "", "has a host that is not a name that Codex can look up"
		}
		asked = lowerASCII(asked)
	}
	switch {
	case NumberHost(asked):
		return "", "has a number for a host, of which Codex makes another address"
	case asked == "", strings.ContainsFunc(asked, notInHost), strings.HasPrefix(asked, "."), strings.Contains(asked, ".."):
		return "", "has a host that is no name"
	}
	return asked, ""
}

// notPlainPath reports a letter of a path of which there is more than one spelling.
func notPlainPath(r rune) bool { return notInHost(r) && (r < 'A' || r > 'Z') && r != '/' && r != '~' }

// notInHost reports what no name in small letters of ASCII has.
func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}

// names reads names as Codex does: names that only a private DNS has, with underscores and
// hyphens anywhere, are names.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckJoiners(true),
	idna.StrictDomainName(false), idna.CheckHyphens(false), idna.Transitional(false), idna.VerifyDNSLength(false))

// unlike reports a letter that is not seen, or of which tables of different years make
// different names.
func unlike(r rune) bool { return Unseen(r) || r == 'ẞ' }

func askedIPv6(host string) (asked, wrong string) {
	ip, err := netip.ParseAddr(host)
	switch {
	case strings.Contains(host, "%"):
		return "", "has a zone in its address, and is no URL to Codex"
	case err != nil:
		return "", "names no host"
	case ip.Is4In6():
		b := ip.As16()
		return fmt.Sprintf("[::ffff:%x:%x]", uint(b[12])<<8|uint(b[13]), uint(b[14])<<8|uint(b[15])), ""
	}
	return "[" + ip.String() + "]", ""
}

// lowerASCII is a text with its letters of ASCII small, and no other one changed: a sign
// for degrees Kelvin is no k.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// escapedPath is a path with what Codex escapes in it escaped.
func escapedPath(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Loopback reports a host of a base URL that is this very computer. A name in DNS may be
// anywhere, but for localhost.
func Loopback(host string) bool {
	asked, wrong := AskedHost(host)
	if wrong != "" {
		return false
	}
	ip, err := netip.ParseAddr(strings.Trim(asked, "[]"))
	return asked == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
