package codex

import (
	"fmt"
	"net/url"
	"strings"

	// idna is net/http's own reading of names with letters of other scripts.
	"golang.org/x/net/idna"

	"github.com/codexform/codexform/plan"
)

func urlRules() []Rule {
	return []Rule{
		{"base-url-insecure", plan.Error, "the key would travel in clear", insecureURL},
		{"base-url-credentials", plan.Error, "base_url is no plain place", credentialURL},
		{"base-url-international", plan.Warning, "the host of base_url can look like another", internationalURL},
		{"base-url-version", plan.Warning, "base_url has no version path", versionURL},
	}
}

// baseURLs visits the base_url of every provider that is ours or selected, and the URL of
// the built-in one where that is; no other one is ever asked.
func (f *finder) baseURLs(visit func(a plan.Address, u *url.URL)) {
	f.everyBase(func(a plan.Address, base string) {
		if u, err := url.Parse(base); err == nil && u.Host != "" {
			visit(a, u)
		}
	})
}

// everyBase visits the same as texts.
func (f *finder) everyBase(visit func(a plan.Address, base string)) {
	f.providers(func(p plan.Address, entry plan.Value) {
		if a := append(p, "base_url"); f.ours(a) != nil || p[1] == selectedProvider(f.merged) {
			visit(a, entry.Get("base_url").Text())
		}
	})
	own := plan.Address{"openai_base_url"}
	if base := f.merged.At(own).Text(); base != "" && (f.ours(own) != nil || selectedProvider(f.merged) == "openai") {
		visit(own, base)
	}
}

func insecureURL(f *finder) {
	f.baseURLs(func(a plan.Address, u *url.URL) {
		if u.Scheme == "http" && !plan.Loopback(u.Hostname()) {
			f.add(a, fmt.Sprintf("Codex would send the key to %s in clear", u.Hostname()), "write https://")
		}
	})
}

func credentialURL(f *finder) {
	f.baseURLs(func(a plan.Address, u *url.URL) {
		what := ""
		switch {
		case u.User != nil:
			what = "a user name or password"
		case u.RawQuery != "" || u.ForceQuery:
			what = "a query"
		case u.Fragment != "":
			what = "a fragment"
		case plan.CallIn(u.Path) != "":
			what = "a call (" + plan.CallIn(u.Path) + ")"
		default:
			return
		}
		f.add(a, fmt.Sprintf("%s holds %s, and Codex appends its paths behind it", a, what),
			"keep scheme, host and path; query_params, http_headers and the key have places of their own")
	})
	f.everyBase(func(a plan.Address, base string) {
		if !strings.Contains(base, "://") || strings.ContainsAny(base, "@?#") {
			return
		}
		if _, wrong := plan.Asked(base); wrong != "" {
			f.add(a, fmt.Sprintf("%s %s", a, wrong), "write the URL as the gateway gives it: https://, a host in ASCII, a plain path")
		}
	})
}

func internationalURL(f *finder) {
	f.baseURLs(func(a plan.Address, u *url.URL) {
		host := u.Hostname()
		ascii, wrong := plan.AskedHost(host)
		if wrong != "" {
			return // base-url-credentials says so
		}
		shown, err := idna.Display.ToUnicode(ascii)
		switch {
		case !international(host, ascii):
			return
		case err != nil || shown == ascii: // such as a full-width letter, which is none in the end
			shown = host
		}
		f.add(a, fmt.Sprintf("the host of %s is %s, in ASCII %s: letters of other scripts can look like familiar ones", a, shown, ascii),
			"compare the ASCII form with the gateway's own; writing that in base_url leaves no doubt")
	})
}

// asciiHost is the ASCII form of a URL's host, "" where that is how it is written.
func asciiHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	ascii, _ := plan.AskedHost(u.Hostname())
	if !international(u.Hostname(), ascii) {
		return ""
	}
	return ascii
}

// international reports a host with letters of other scripts, or with the ASCII form of such.
func international(host, ascii string) bool {
	return ascii != "" && (!plan.Plain(host) || strings.Contains("."+ascii, ".xn--"))
}

// versionSegment reports a segment of a path such as v1 or v1beta.
func versionSegment(segment string) bool {
	return len(segment) > 1 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9'
}

func versionURL(f *finder) {
	f.baseURLs(func(a plan.Address, u *url.URL) {
		for segment := range strings.SplitSeq(u.Path, "/") {
			if versionSegment(segment) {
				return
			}
		}
		f.add(a, fmt.Sprintf("Codex asks %s://%s%s/responses, and most gateways answer below a version path only", u.Scheme, u.Host, strings.TrimSuffix(u.Path, "/")),
			"write the version path too, for example /v1")
	})
}
