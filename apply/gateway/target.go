package gateway

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/codexform/codexform/plan"
)

// outcome is what one try came to.
type outcome struct {
	class  Class
	status int
	detail string
	again  bool  // trying again may help
	pause  pause // what the server asked for
	list   listing
	date   time.Time // by the server's clock, zero when it did not say
}

// target is the model-list URL that belongs to a base_url, checked.
type target struct {
	base string   // base_url without a final slash
	url  *url.URL // base + "/models", without query
}

const urlMax = 2048

// parseTarget makes the URL as Codex makes it: base_url, a slash, the call. It
// refuses what must not be asked, before anything is sent; the target is zero where
// base_url cannot even be shown.
func parseTarget(base string) (target, *outcome) {
	base = strings.TrimRight(base, "/")
	switch {
	case base == "":
		return target{}, invalid("base_url is empty")
	case len(base) > urlMax:
		return target{}, invalid("base_url is longer than 2048 bytes")
	}
	asked, wrong := plan.Asked(base)
	if wrong != "" {
		return target{}, invalid("base_url " + wrong)
	}
	u, err := url.Parse(asked.String() + "/models")
	if err != nil {
		return target{}, invalid("base_url is not a URL")
	}
	t := target{base: base, url: u}
	if u.Scheme == "http" && !plan.Loopback(u.Hostname()) {
		return t, &outcome{class: Insecure, detail: "http:// would send the key in clear to " + plain(u.Host)}
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && unsafeAddress(ip) || metadataName(u.Hostname()) {
		return t, &outcome{class: ForbiddenPlace, detail: plain(u.Host) + " is a link-local or metadata address"}
	}
	return t, nil
}

func invalid(detail string) *outcome { return &outcome{class: InvalidURL, detail: detail} }

var versionSegment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^v[0-9]+([a-z]+[0-9]*)?$`)
})

// versioned reports whether the base has a version path, such as /v1 or /api/v1beta.
func (t target) versioned() bool {
	for segment := range strings.SplitSeq(t.url.Path, "/") {
		if versionSegment().MatchString(segment) {
			return true
		}
	}
	return false
}

// withVersion is the same origin with /v1 behind the base.
func (t target) withVersion() target {
	u := *t.url
	u.Path = strings.TrimSuffix(u.Path, "/models") + "/v1/models"
	u.RawPath = ""
	if t.url.RawPath != "" {
		u.RawPath = strings.TrimSuffix(t.url.RawPath, "/models") + "/v1/models"
	}
	return target{base: t.base + "/v1", url: &u}
}

// metadataName knows the names under which clouds serve machine credentials; they
// matter where a proxy resolves the name and we never see the address.
func metadataName(host string) bool {
	switch strings.ToLower(strings.TrimSuffix(host, ".")) {
	case "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal":
		return true
	}
	return false
}

// Addresses outside the link-local ranges where clouds serve machine credentials:
// Alibaba, Azure, Oracle, and AWS on IPv6.
var metadataAddresses = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"),
	netip.MustParseAddr("168.63.129.16"),
	netip.MustParseAddr("192.0.0.192"),
	netip.MustParseAddr("fd00:ec2::254"),
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// unsafeAddress reports an address to which no key is sent.
func unsafeAddress(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if nat64.Contains(ip) {
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return true
	}
	for _, bad := range metadataAddresses {
		if ip == bad {
			return true
		}
	}
	return false
}
