package gateway

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/google/go-cmp/cmp"
)

// What goes over the wire, to the byte.
func TestRequestOnTheWire(t *testing.T) {
	s := serve(t, &server{answer: raw(list200)})
	host := "127.0.0.1:" + s.port()
	tests := []struct {
		name   string
		client *Client
		change func(*Request)
		want   []string
	}{
		{"plain", &Client{}, func(*Request) {}, []string{
			"GET /v1/models HTTP/1.1", "Host: " + host, "User-Agent: codexform", "Accept: application/json",
			"Accept-Encoding: identity", "Authorization: Bearer " + canary, "Connection: close",
		}},
		{"no key", &Client{UserAgent: "codexform/1.2.3"}, func(r *Request) { r.Key = plan.Secret{} }, []string{
			"GET /v1/models HTTP/1.1", "Host: " + host, "User-Agent: codexform/1.2.3", "Accept: application/json",
			"Accept-Encoding: identity", "Connection: close",
		}},
		{"the provider's own", &Client{}, func(r *Request) {
			r.Query = map[string]string{"api-version": "2026 01", "a": "+/'=", "b": "x&c=y"}
			r.Header = map[string]string{
				"user-agent": "codex_exec", "X-Team": "a", "authorization": "Basic x",
				"Accept-Encoding": "gzip", "Host": "other.test", "bad name": "x", "X-Bad": "a\r\nX-Smuggled: b",
			}
		}, []string{
			"GET /v1/models?a=+/%27=&api-version=2026%2001&b=x&c=y HTTP/1.1", "Host: other.test", "User-Agent: codex_exec", "Accept: application/json",
			"Accept-Encoding: identity", "Authorization: Bearer " + canary, "X-Team: a", "Connection: close",
		}},
		{"Authorization of the provider's own", &Client{}, func(r *Request) {
			r.Key, r.Header = plan.Secret{}, map[string]string{"Authorization": "Basic x"}
		}, []string{
			"GET /v1/models HTTP/1.1", "Host: " + host, "User-Agent: codexform", "Accept: application/json",
			"Accept-Encoding: identity", "Authorization: Basic x", "Connection: close",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.mu.Lock()
			s.heard.Reset()
			s.mu.Unlock()
			r := Request{BaseURL: s.url(), Key: plan.NewSecret([]byte(canary)), Models: []string{"gpt-5.4"}}
			tt.change(&r)
			a := tt.client.List(t.Context(), r)
			if !a.OK() || strings.Contains(a.URL, "?") {
				t.Errorf("got %s (%s) for %s", a.Class, a.Detail, a.URL)
			}
			got := strings.Split(strings.TrimSuffix(s.text(), "\r\n\r\n"), "\r\n")
			if diff := cmp.Diff(sorted(tt.want), sorted(got)); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func sorted(lines []string) map[string]int {
	set := map[string]int{}
	for _, l := range lines {
		set[l]++
	}
	return set
}

// Variables that make Go's HTTP and TLS code print what it sends must have nothing to print.
func TestDebugVariablesShowNothing(t *testing.T) {
	s := serve(t, &server{answer: raw(list200)})
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	log := t.TempDir() + "/keys.log"
	cmd.Env = []string{faultClient + "=1", "GODEBUG=http2debug=2,netdns=9,http2client=1", "SSLKEYLOGFILE=" + log, "GOTRACEBACK=crash"}
	cmd.Stdin = strings.NewReader(`{"BaseURL":"` + s.url() + `","Key":"` + canary + `"}`)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkSilence(t, string(out))
	if s.keys() != 1 {
		t.Errorf("the gateway heard the key %d times, want once", s.keys())
	}
	if _, err := os.Stat(log); err == nil {
		t.Error("the TLS keys were written to SSLKEYLOGFILE")
	}
}

func TestNoProxy(t *testing.T) {
	for _, tt := range []struct {
		list, host string
		want       bool
	}{
		{"", "localhost", false},
		{"*", "localhost", true},
		{"localhost", "localhost", true},
		{"LOCALHOST", "localhost", true},
		{".localhost", "localhost", true},
		{"a, localhost ,b", "localhost", true},
		{"localhost", "127.0.0.1", false},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.0/8", "127.0.0.5", true},
		{"10.0.0.0/8", "127.0.0.5", false},
		{"::1/128", "::1", true},
	} {
		if got := noProxy(tt.list, tt.host); got != tt.want {
			t.Errorf("noProxy(%q, %q) is %v", tt.list, tt.host, got)
		}
	}
}

// Two calls at once share a Client and nothing else.
func TestClientIsShared(t *testing.T) {
	s := serve(t, &server{answer: func(conn net.Conn, n int) { raw(list200)(conn, n) }})
	c := &Client{}
	done := make(chan Answer)
	for range 8 {
		go func() {
			done <- c.List(t.Context(), Request{BaseURL: s.url(), Key: plan.NewSecret([]byte(canary)), Models: []string{"gpt-5.4", "gpt-5.4"}})
		}()
	}
	for range 8 {
		if a := <-done; !a.OK() {
			t.Errorf("got %s (%s)", a.Class, a.Detail)
		}
	}
}

// What Codex 0.171 was seen to make of query_params.
func TestAskedQuery(t *testing.T) {
	for value, want := range map[string]string{
		"2026-01-01": "2026-01-01", "x y": "x%20y", "x&b=c": "x&b=c", "x+y": "x+y", "ü": "%C3%BC", "%20": "%20", "x=y": "x=y", "": "",
		"f#g": "f", "/?:@;": "/?:@;", "'": "%27", "x\ty": "xy", "|^`{}": "|^`{}", "%zz": "%zz", "\"<>": "%22%3C%3E",
	} {
		if got := askedQuery(map[string]string{"a": value}); got != "a="+want {
			t.Errorf("of %q: got %s, want a=%s", value, got, want)
		}
	}
	if got := askedQuery(map[string]string{"b": "1", "a b": "2"}); got != "a%20b=2&b=1" {
		t.Errorf("of two: got %s", got)
	}
}
