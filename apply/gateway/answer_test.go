package gateway

import (
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/google/go-cmp/cmp"
)

var allClasses = []Class{
	OK, ModelMissing, Unauthorized, Forbidden, NotFound, Rejected, RateLimited, GatewayError,
	NotAModelList, Redirected, TooLarge, TLSError, DNSError, ConnRefused, Unreachable, Interrupted, Timeout,
	ProxyError, InvalidURL, Insecure, ForbiddenPlace, Canceled, NoCredential, NotAsked,
}

// Outages must never undo a write for good, and a no must not pass for an outage.
func TestDefinite(t *testing.T) {
	outages := map[Class]bool{
		OK: true, RateLimited: true, GatewayError: true, DNSError: true, ConnRefused: true,
		Unreachable: true, Interrupted: true, Timeout: true, ProxyError: true, Canceled: true,
	}
	for _, class := range allClasses {
		if got := (Answer{Class: class}).Definite(); got == outages[class] {
			t.Errorf("%s: Definite is %v", class, got)
		}
		if got := (Answer{Class: class}).OK(); got != (class == OK) {
			t.Errorf("%s: OK is %v", class, got)
		}
	}
}

func TestHint(t *testing.T) {
	for _, class := range allClasses {
		hints := Answer{Class: class, KeySent: true}.Hint()
		if class != OK && len(hints) == 0 {
			t.Errorf("%s has no hint", class)
		}
		for _, h := range hints {
			if strings.HasSuffix(h, ".") || strings.Contains(h, "\n") {
				t.Errorf("%s: hint %q ends in a full stop or has two lines", class, h)
			}
		}
	}
	tests := []struct {
		answer Answer
		want   string // the first hint
	}{
		{Answer{Class: OK}, ""},
		{
			Answer{Class: NoCredential, Fix: "do this and nothing else"},
			"do this and nothing else\n",
		},
		{
			Answer{Class: NotFound, Fixed: "https://gw.example/v1"},
			"set base_url to https://gw.example/v1: that URL was tried and answered with a model list",
		},
		{
			Answer{Class: ModelMissing, Missing: []string{"gpt-5.4"}, Near: map[string][]string{"gpt-5.4": {"gpt-5", "gpt-5.5"}}, Listed: 12},
			"gpt-5.4 is not among the 12 models of this key; near: gpt-5, gpt-5.5",
		},
		{Answer{Class: ModelMissing, Missing: []string{"gpt-5.4"}, Listed: 1}, "gpt-5.4 is not among the 1 model of this key"},
		{Answer{Class: Rejected, Status: 402}, "the gateway wants to be paid: is the quota used up?"},
		{
			Answer{Class: Unauthorized},
			"no key was sent, and Codex would send none: is a secret missing, or does the provider not use it?",
		},
	}
	for _, tt := range tests {
		if got := strings.Join(append(tt.answer.Hint(), ""), "\n"); !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%+v: got %q, want first %q", tt.answer, got, tt.want)
		}
	}
}

// The reference explains every class, and none that there is not.
func TestReferenceNamesEveryClass(t *testing.T) {
	page, err := os.ReadFile("../../docs/reference/confirmation.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, class := range allClasses {
		want = append(want, string(class))
	}
	for _, m := range regexp.MustCompile("(?m)^### `([a-z_]+)`").FindAllSubmatch(page, -1) {
		got = append(got, string(m[1]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("classes with a heading (-want +got):\n%s", diff)
	}
}

func TestPlain(t *testing.T) {
	tests := map[string]string{
		"gpt-5.4":                "gpt-5.4",
		"a\x1b[31mb\r\n":         `a\x1b[31mb\r\n`,
		"\u202eabc\u200b":        `\u202eabc\u200b`,
		"\x9b31m":                `\x9b31m`,
		"é\"\\":                  `\u00e9\"\\`,
		strings.Repeat("x", 121): strings.Repeat("x", 120) + "...",
	}
	for in, want := range tests {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestEcho(t *testing.T) {
	of := func(key string) echo { return newEcho(Request{Key: plan.NewSecret([]byte(key))}) }
	e := of(canary)
	encoded := base64.StdEncoding.EncodeToString
	holds := map[string]string{
		"raw":               "x" + canary + "y",
		"a piece":           "x" + canary[7:19] + "y",
		"upper case":        strings.ToUpper(canary),
		"percent":           "%73%6b%2d" + canary[3:14] + "%" + hex.EncodeToString([]byte(canary[14:15])),
		"hex":               hex.EncodeToString([]byte(canary)),
		"hex, upper":        strings.ToUpper(hex.EncodeToString([]byte(canary))),
		"base64":            encoded([]byte(canary)),
		"base64, shifted 1": encoded([]byte("x" + canary + "y")),
		"base64, shifted 2": encoded([]byte("xy" + canary + "yz")),
		"base64 for URLs":   base64.URLEncoding.EncodeToString([]byte("user:" + canary)),
	}
	for name, text := range holds {
		if !e.In(text) || e.clean(text) != "(holds what was sent)" {
			t.Errorf("%s: %q is not recognised", name, text)
		}
	}
	for _, text := range []string{"", "gpt-5.4", canary[:7], "https://gw.example/%zz"} {
		if e.In(text) {
			t.Errorf("%q is taken for the key", text)
		}
	}
	if short := of("sk-12345"); !short.In("x-sk-12345-x") || short.In("sk-1234") {
		t.Error("a short key is not recognised as a whole")
	}
	own := newEcho(Request{Header: map[string]string{"X-Key": "header-secret", "X-A": "short"}, Query: map[string]string{"key": "query-secret"}})
	for text, want := range map[string]bool{"a header-secret": true, "query-secret": true, "short": false} {
		if own.In(text) != want {
			t.Errorf("with the provider's own values: %q gives %v", text, !want)
		}
	}
	if none := newEcho(Request{}); none.In("anything") {
		t.Error("no key at all is recognised")
	}
}

func TestVersioned(t *testing.T) {
	for base, want := range map[string]bool{
		"https://gw.example/v1": true, "https://gw.example/v1/": true, "https://gw.example/openai/v1beta": true,
		"https://gw.example/v2/x": true, "https://gw.example/v1beta2": true,
		"https://gw.example": false, "https://gw.example/": false, "https://gw.example/api": false,
		"https://gw.example/v": false, "https://gw.example/dev1": false, "https://v1.example": false,
	} {
		tgt, bad := parseTarget(base)
		if bad != nil || tgt.versioned() != want {
			t.Errorf("%s: versioned is %v, %v; want %v", base, tgt.versioned(), bad, want)
		}
	}
}

func TestTargetURL(t *testing.T) {
	for base, want := range map[string][2]string{
		"https://gw.example":        {"https://gw.example/models", "https://gw.example/v1/models"},
		"https://gw.example//":      {"https://gw.example/models", "https://gw.example/v1/models"},
		"https://gw.example/a%2Fb/": {"https://gw.example/a%2Fb/models", "https://gw.example/a%2Fb/v1/models"},
		"http://[::1]:8080/api":     {"http://[::1]:8080/api/models", "http://[::1]:8080/api/v1/models"},
		"http://LOCALHOST/api":      {"http://localhost/api/models", "http://localhost/api/v1/models"},
	} {
		tgt, bad := parseTarget(base)
		if bad != nil {
			t.Errorf("%s: %s", base, bad.detail)
			continue
		}
		if got := [2]string{tgt.url.String(), tgt.withVersion().url.String()}; got != want {
			t.Errorf("%s: got %q, want %q", base, got, want)
		}
	}
}

func TestUnsafeAddress(t *testing.T) {
	for ip, want := range map[string]bool{
		"169.254.169.254": true, "169.254.0.1": true, "fe80::1": true, "fe80::1%eth0": true, "::ffff:169.254.169.254": true,
		"64:ff9b::a9fe:a9fe": true, "fd00:ec2::254": true, "100.100.100.200": true, "168.63.129.16": true, "192.0.0.192": true,
		"0.0.0.0": true, "::": true, "224.0.0.1": true, "ff02::1": true,
		"127.0.0.1": false, "::1": false, "10.0.0.1": false, "192.168.1.1": false, "8.8.8.8": false, "64:ff9b::808:808": false, "2001:db8::1": false,
	} {
		if got := unsafeAddress(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: got %v, want %v", ip, got, want)
		}
	}
}

// The address counts, not the name: localhost may be sent anywhere by a hosts file.
func TestDialerLooksAtTheAddress(t *testing.T) {
	local, _ := parseTarget("http://localhost/v1")
	remote, _ := parseTarget("https://gw.example/v1")
	for _, tt := range []struct {
		target  target
		address string
		class   Class
	}{
		{local, "192.0.2.1:80", Insecure},
		{local, "169.254.169.254:80", ForbiddenPlace},
		{remote, "169.254.169.254:443", ForbiddenPlace},
	} {
		c := &Client{}
		conn, err := c.dialer(tt.target, Limits{}.orDefault(0))(t.Context(), "tcp", tt.address)
		if err == nil {
			conn.Close()
			t.Fatalf("%s: connected", tt.address)
		}
		if o := (session{}).failed(t.Context(), err, &stage{}); o.class != tt.class {
			t.Errorf("%s for %s: got %s (%s), want %s", tt.address, tt.target.base, o.class, o.detail, tt.class)
		}
	}
}
