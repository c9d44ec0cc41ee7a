package gateway

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// raw answers every request with the same bytes.
func raw(text string) func(net.Conn, int) {
	return func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, text) }
}

// inTurn answers the n-th request with the n-th text, and with the last from there on.
func inTurn(texts ...string) func(net.Conn, int) {
	return func(conn net.Conn, n int) { _, _ = io.WriteString(conn, texts[min(n, len(texts))-1]) }
}

// plainHTTP is a case over http to loopback.
func plainHTTP(answer func(net.Conn, int)) func(*world) order {
	return func(w *world) order {
		w.main = serve(w.t, &server{answer: answer})
		return order{BaseURL: w.main.url(), Models: []string{"gpt-5.4"}}
	}
}

func text(s string) func(*world) order { return plainHTTP(raw(s)) }

// trusted is a case over https with a certificate that the client trusts.
func trusted(answer func(*world) func(net.Conn, int)) func(*world) order {
	return func(w *world) order {
		return w.https(w.ca.config(w.t, -time.Hour, time.Hour, "gw.test"), answer(w))
	}
}

func (w *world) https(config *tls.Config, answer func(net.Conn, int)) order {
	w.main = serve(w.t, &server{answer: answer, tls: config})
	return order{
		BaseURL: w.main.url(), Models: []string{"gpt-5.4"}, DNS: names(w.t, w.hosts),
		Env: map[string]string{"SSL_CERT_FILE": w.ca.file},
	}
}

// hasty makes the limits of time short, for servers that would use them up.
func hasty(setup func(*world) order) func(*world) order {
	return func(w *world) order {
		o := setup(w)
		o.Timeout = 400 * time.Millisecond
		o.Limits = Limits{Connect: 200 * time.Millisecond, TLS: 200 * time.Millisecond}
		return o
	}
}

var good = []fault{
	{name: "list, data and id", setup: text(list200), class: OK, tries: 1, keys: 1, detail: "lists 2 models"},
	{
		name: "list, models and slug", setup: text(reply("200 OK", "application/json", `{"models":[{"slug":"gpt-5.4","x":[{}]}]}`)),
		class: OK, tries: 1, keys: 1, detail: "lists 1 model",
	},
	{name: "list, type with charset", setup: text(reply("200 OK", "Application/JSON; charset=utf-8", twoModels)), class: OK, tries: 1, keys: 1},
	{
		name: "the server's time", setup: text(reply("200 OK", "application/json", twoModels, "Date: Mon, 02 Jan 2006 15:04:05 GMT")),
		class: OK, tries: 1, keys: 1, check: func(t *testing.T, r receipt) {
			if want := time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC); !r.Answer.Date.Equal(want) {
				t.Errorf("got %s, want %s", r.Answer.Date, want)
			}
		},
	},
	{name: "HTTP/1.0", setup: text("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + twoModels), class: OK, tries: 1, keys: 1},
	{name: "chunked", setup: text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
		fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(twoModels), twoModels)), class: OK, tries: 1, keys: 1},
	{
		name: "10,000 models", setup: text(reply("200 OK", "application/json", manyModels(9_999)+`{"id":"gpt-5.4"}]}`)),
		class: OK, tries: 1, keys: 1, detail: "lists 10000 models",
	},
	{
		name: "name of 100 KB", setup: text(reply("200 OK", "application/json", `{"data":[{"id":"`+strings.Repeat("x", 100<<10)+`"},{"id":"gpt-5.4"}]}`)),
		class: OK, tries: 1, keys: 1,
	},
	{name: "2 MB of blanks", setup: text(reply("200 OK", "application/json", strings.Repeat(" \t\r\n", 500_000)+twoModels)), class: OK, tries: 1, keys: 1},
	{name: "https, private authority", setup: trusted(func(*world) func(net.Conn, int) { return raw(list200) }), class: OK, tries: 1, keys: 1},
	{name: "no key", setup: func(w *world) order {
		o := text(list200)(w)
		o.NoKey = true
		return o
	}, class: OK, tries: 1, check: func(t *testing.T, r receipt) {
		if r.Answer.KeySent {
			t.Error("says that a key was sent")
		}
	}},
	{name: "key that no header can hold", setup: func(w *world) order {
		o := text(list200)(w)
		o.Key = canary + "\n"
		return o
	}, class: OK, tries: 1},
	{
		name: "model missing, near names", setup: text(reply("200 OK", "application/json",
			`{"data":[{"id":"gpt-5"},{"id":"openai/gpt-5.4"},{"id":"gpt-5.5"},{"id":"GPT-5.4"},{"id":"claude"}]}`)),
		class: ModelMissing, tries: 1, keys: 1, check: wantNear("GPT-5.4", "gpt-5.5", "gpt-5"),
	},
	{name: "model missing, none listed", setup: text(reply("200 OK", "application/json", `{"data":[]}`)), class: ModelMissing, tries: 1, keys: 1},
	{
		name: "model missing, escapes in names", setup: text(reply("200 OK", "application/json", `{"data":[{"id":"gpt-5.4\u001b[2J\u202e"}]}`)),
		class: ModelMissing, tries: 1, keys: 1, check: wantNear(`gpt-5.4\x1b[2J\u202e`),
	},
	{
		name: "model missing, an endless name", setup: text(reply("200 OK", "application/json", `{"data":[{"id":"gpt-5.4`+strings.Repeat("x", 300)+`"},{"id":"gpt-5.4-`+strings.Repeat("x", 56)+`"},{"id":"gpt-5.4-`+strings.Repeat("x", 57)+`"}]}`)),
		class: ModelMissing, tries: 1, keys: 1, check: wantNear("gpt-5.4-" + strings.Repeat("x", 56)),
	},
	{
		name: "model missing, key in a name", setup: text(reply("200 OK", "application/json", `{"data":[{"id":"gpt-5.4 `+canary+`"},{"id":"gpt-5.4 `+canary[4:20]+`"}]}`)),
		class: ModelMissing, tries: 1, keys: 1, check: wantNear(),
	},
}

func wantNear(names ...string) func(*testing.T, receipt) {
	return func(t *testing.T, r receipt) {
		if diff := cmp.Diff(names, r.Answer.Near["gpt-5.4"]); diff != "" {
			t.Errorf("near names (-want +got):\n%s", diff)
		}
	}
}

func statuses() []fault {
	echoing := `{"error":{"message":"bad key ` + canary + ` \u001b[31m"}}` + "\x1b[31m"
	out := []fault{
		{
			name: "401, echoing the key", setup: text(reply("401 "+canary+"\x1b[31m", "application/json", echoing, "X-Echo: "+canary)),
			class: Unauthorized, tries: 1, keys: 1, detail: "401 Unauthorized",
		},
		{name: "401, no key sent", setup: func(w *world) order {
			o := text(reply("401 no", "", ""))(w)
			o.NoKey = true
			return o
		}, class: Unauthorized, tries: 1, check: func(t *testing.T, r receipt) {
			if !strings.Contains(strings.Join(r.Hint, " "), "no key was sent") {
				t.Errorf("hints are %q, want one that says that no key was sent", r.Hint)
			}
		}},
		{name: "404", setup: text(reply("404 Not Found", "text/html", "no")), class: NotFound, tries: 1, keys: 1},
		{
			name: "404, and /v1 answers", setup: withoutVersion(reply("404 Not Found", "text/html", "no"), list200),
			class: NotFound, tries: 1, keys: 2, check: wantFixed(true),
		},
		{
			name: "404, and /v1 lists other models", setup: withoutVersion(reply("404 no", "", ""), reply("200 OK", "application/json", `{"data":[]}`)),
			class: NotFound, tries: 1, keys: 2, check: wantFixed(true),
		},
		{
			name: "404, and /v1 does not answer", setup: withoutVersion(reply("404 no", "", ""), reply("500 no", "", "")),
			class: NotFound, tries: 1, keys: 2, check: wantFixed(false),
		},
		{
			name: "HTML, and /v1 answers", setup: withoutVersion(reply("200 OK", "text/html", "<html>"), list200),
			class: NotAModelList, tries: 1, keys: 2, check: wantFixed(true),
		},
		{
			name: "429, no Retry-After", setup: text(reply("429 no", "", "")), class: RateLimited, tries: 3, keys: 3,
			check: wantPauses(500*time.Millisecond, time.Second),
		},
		{
			name: "429, Retry-After 2", setup: text(reply("429 no", "", "", "Retry-After: 2")), class: RateLimited, tries: 3, keys: 3,
			check: wantPauses(2*time.Second, 2*time.Second),
		},
		{
			name: "429, Retry-After 5", setup: text(reply("429 no", "", "", "Retry-After: 5")), class: RateLimited, tries: 3, keys: 3,
			check: wantPauses(5*time.Second, 5*time.Second),
		},
		{
			name: "429, Retry-After 6", setup: text(reply("429 no", "", "", "Retry-After: 6")), class: RateLimited, tries: 1, keys: 1,
			detail: "asks to wait 6s",
		},
		{name: "429, Retry-After date", setup: text(reply("429 no", "", "", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT")), class: RateLimited, tries: 1, keys: 1},
		{name: "429, Retry-After nonsense", setup: text(reply("429 no", "", "", "Retry-After: soon")), class: RateLimited, tries: 3, keys: 3},
		{name: "429, Retry-After overflow", setup: text(reply("429 no", "", "", "Retry-After: 99999999999999999999")), class: RateLimited, tries: 3, keys: 3},
		{name: "429, then a list", setup: plainHTTP(inTurn(reply("429 no", "", "", "Retry-After: 1"), list200)), class: OK, tries: 2, keys: 2},
		{name: "flapping 502, 503, list", setup: plainHTTP(inTurn(reply("502 no", "", ""), reply("503 no", "", ""), list200)), class: OK, tries: 3, keys: 3},
		{name: "flapping 500, then 401", setup: plainHTTP(inTurn(reply("500 no", "", ""), reply("401 no", "", ""))), class: Unauthorized, tries: 2, keys: 2},
	}
	for _, s := range []struct {
		status int
		class  Class
		tries  int
	}{
		{101, NotAModelList, 1},
		{201, NotAModelList, 1},
		{204, NotAModelList, 1},
		{206, NotAModelList, 1},
		{304, Redirected, 1},
		{400, Rejected, 1},
		{402, Rejected, 1},
		{403, Forbidden, 1},
		{405, Rejected, 1},
		{407, ProxyError, 1},
		{408, Timeout, 3},
		{410, Rejected, 1},
		{418, Rejected, 1},
		{451, Rejected, 1},
		{500, GatewayError, 3},
		{502, GatewayError, 3},
		{503, GatewayError, 3},
		{504, GatewayError, 3},
		{529, GatewayError, 3},
		{999, NotAModelList, 1},
	} {
		out = append(out, fault{
			name: fmt.Sprint(s.status), setup: text(reply(fmt.Sprintf("%d \x1b[31mtext", s.status), "application/json", "")),
			class: s.class, tries: s.tries, keys: s.tries,
		})
	}
	return out
}

// withoutVersion asks a base_url without /v1: first for the base, then for the base with it.
func withoutVersion(base, versioned string) func(*world) order {
	return func(w *world) order {
		o := plainHTTP(inTurn(base, versioned))(w)
		o.BaseURL = strings.TrimSuffix(o.BaseURL, "/v1")
		return o
	}
}

func wantFixed(fixed bool) func(*testing.T, receipt) {
	return func(t *testing.T, r receipt) {
		base := strings.TrimSuffix(r.Answer.URL, "/models")
		if got := r.Answer.Fixed; fixed != (got == base+"/v1") || !fixed && got != "" {
			t.Errorf("Fixed is %q, for base %q", got, base)
		}
	}
}

func wantPauses(pauses ...time.Duration) func(*testing.T, receipt) {
	return func(t *testing.T, r receipt) {
		if diff := cmp.Diff(pauses, r.Slept); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
	}
}

func redirects() []fault {
	to := func(name string, status int, location func(*world) string, detail string) fault {
		return fault{
			name: "redirect, " + name, class: Redirected, tries: 1, keys: 1, detail: detail,
			setup: trusted(func(w *world) func(net.Conn, int) {
				return raw(reply(fmt.Sprintf("%d x", status), "", "", "Location: "+location(w)))
			}),
		}
	}
	https := func(host string) func(*world) string {
		return func(w *world) string { return "https://" + host + ":" + w.thiefs.port() + "/v1/models?token=x" }
	}
	var out []fault
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		out = append(out, to(fmt.Sprintf("%d to another port", status), status, https("gw.test"), "to https://gw.test:"))
	}
	return append(out,
		to("another host", 302, https("other.test"), "to https://other.test:"),
		to("a subdomain", 308, https("sub.gw.test"), "to https://sub.gw.test:"),
		to("http", 307, func(w *world) string { return "http://127.0.0.1:" + w.thief.port() + "/" }, "to http://127.0.0.1:"),
		to("the same path", 301, func(*world) string { return "/v1/models/" }, "/v1/models/"),
		to("the key in it", 302, func(*world) string { return "https://other.test/" + canary }, "(holds what was sent)"),
		to("the key in it, escaped", 302, func(*world) string { return "https://other.test/%73%6b" + canary[2:] }, "(holds what was sent)"),
		to("terminal escapes", 302, func(*world) string { return "https://other.test/%1b[31m\xc2\x9b" }, "302 Found"),
		to("a long path", 302, func(*world) string { return "https://other.test/" + strings.Repeat("x", 5000) }, "xx..."),
		to("nowhere", 302, func(*world) string { return "" }, "302 Found"),
	)
}

func manyModels(n int) string {
	var b strings.Builder
	b.WriteString(`{"data":[`)
	for i := range n {
		fmt.Fprintf(&b, `{"id":"m%d"},`, i)
	}
	return b.String()
}

// forever sends head, then piece without end.
func forever(head, piece string) func(*world) order {
	return plainHTTP(func(conn net.Conn, _ int) {
		_, _ = io.WriteString(conn, head)
		for {
			if _, err := io.WriteString(conn, piece); err != nil {
				return
			}
		}
	})
}

// drip sends head, then piece again and again with a pause.
func drip(head, piece string) func(*world) order {
	return hasty(plainHTTP(func(conn net.Conn, _ int) {
		_, err := io.WriteString(conn, head)
		for ; err == nil; _, err = io.WriteString(conn, piece) {
			time.Sleep(20 * time.Millisecond)
		}
	}))
}

const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

func bodies() []fault {
	wrong := func(name, body, detail string) fault {
		return fault{name: name, setup: text(reply("200 OK", "application/json", body)), class: NotAModelList, tries: 1, keys: 1, detail: detail}
	}
	bomb := gzipped(strings.Repeat("\x00", 64<<20))
	return []fault{
		{name: "HTML 200", setup: text(reply("200 OK", "text/html", "<html>"+canary)), class: NotAModelList, tries: 1, keys: 1, detail: "web page"},
		{name: "wrong type", setup: text(reply("200 OK", "text/plain", twoModels)), class: NotAModelList, tries: 1, keys: 1},
		{name: "no type", setup: text(reply("200 OK", "", twoModels)), class: NotAModelList, tries: 1, keys: 1},
		{name: "type that cannot be read", setup: text(reply("200 OK", "\x1b[31m;;="+canary, twoModels)), class: NotAModelList, tries: 1, keys: 1},
		{name: "gzip bomb", setup: text(reply("200 OK", "application/json", bomb, "Content-Encoding: gzip")), class: NotAModelList, tries: 1, keys: 1, detail: "compressed"},
		{name: "gzip bomb, not named", setup: text(reply("200 OK", "application/json", bomb)), class: NotAModelList, tries: 1, keys: 1, detail: "not JSON"},
		{
			name: "gzip bomb, as transfer", setup: text("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Type: application/json\r\n\r\n" + bomb),
			class: NotAModelList, tries: 1, keys: 1, detail: "not HTTP",
		},
		wrong("HTML, named JSON", "<html>", "not JSON"),
		wrong("empty body", "", "not JSON"),
		wrong("null", "null", "not a model list"),
		wrong("array", `["gpt-5.4"]`, "not a model list"),
		wrong("string", `"gpt-5.4"`, "not a model list"),
		wrong("error object", `{"error":{"message":"`+canary+`"},"success":false}`, "not a model list"),
		wrong("data, no list", `{"data":{"id":"gpt-5.4"}}`, "not a model list"),
		wrong("data of strings", `{"data":["gpt-5.4"]}`, "not a model list"),
		wrong("data of numbers and nulls", `{"data":[1,null,[[]],{"id":7}]}`, "not a model list"),
		wrong("cut JSON", twoModels[:len(twoModels)-3], "not JSON"),
		wrong("more behind the JSON", twoModels+"{}", "not JSON"),
		wrong("deep JSON", `{"data":`+strings.Repeat("[", 200_000), "deeper"),
		wrong("deep objects", strings.Repeat(`{"a":`, 200_000), "deeper"),
		wrong("deep JSON, aside", `{"x":`+strings.Repeat("[", 101)+strings.Repeat("]", 101)+`,"data":[]}`, "deeper"),
		{
			name: "10^6 models", setup: text(reply("200 OK", "application/json", manyModels(1_000_000)+`{"id":"gpt-5.4"}]}`)),
			class: TooLarge, tries: 1, keys: 1, detail: "a model list has at most 2 MiB",
		},
		{name: "10^6 models, no length", setup: text(jsonHead + "\r\n" + manyModels(1_000_000) + `{"id":"gpt-5.4"}]}`), class: TooLarge, tries: 1, keys: 1, detail: "10,000 models"},
		{
			name: "10,001 models", setup: text(reply("200 OK", "application/json", manyModels(10_000)+`{"id":"gpt-5.4"}]}`)),
			class: TooLarge, tries: 1, keys: 1, detail: "10,000 models",
		},
		{name: "300 MB, said", setup: forever(jsonHead+"Content-Length: 314572800\r\n\r\n", strings.Repeat(" ", 1<<16)), class: TooLarge, tries: 1, keys: 1},
		{name: "300 MB, not said", setup: forever(jsonHead+"\r\n", strings.Repeat(" ", 1<<16)), class: TooLarge, tries: 1, keys: 1, detail: "2 MiB"},
		{name: "300 MB in one string", setup: forever(jsonHead+"\r\n{\"data\":[{\"id\":\"", strings.Repeat("x", 1<<16)), class: TooLarge, tries: 1, keys: 1, detail: "128 KiB"},
		{name: "300 MB in one number", setup: forever(jsonHead+"\r\n{\"data\":[{\"id\":", strings.Repeat("1", 1<<16)), class: TooLarge, tries: 1, keys: 1, detail: "128 KiB"},
		{name: "never-ending chunks", setup: forever(jsonHead+"Transfer-Encoding: chunked\r\n\r\n", strings.Repeat("10\r\n"+strings.Repeat(" ", 16)+"\r\n", 1_000)), class: TooLarge, tries: 1, keys: 1, detail: "2 MiB"},
		{name: "never-ending names", setup: forever(jsonHead+"\r\n{\"data\":[", `{"id":"gpt-5.`+strings.Repeat("4", 40)+`","pad":"`+strings.Repeat("x", 400)+`"},`), class: TooLarge, tries: 1, keys: 1},
		{name: "slow body", setup: drip(jsonHead+"Content-Length: 1000\r\n\r\n", " "), class: Timeout, tries: 3, keys: 3, detail: "reading the answer"},
		{name: "body that stops", setup: hasty(plainHTTP(func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, jsonHead+"Content-Length: 1000\r\n\r\n{")
			time.Sleep(2 * time.Second)
		})), class: Timeout, tries: 3, keys: 3, detail: "reading the answer"},
		{name: "body not closed", setup: hasty(plainHTTP(func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, jsonHead+"\r\n"+twoModels)
			time.Sleep(2 * time.Second)
		})), class: Timeout, tries: 3, keys: 3, detail: "reading the answer"},
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

// reset closes the connection with a TCP reset.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

var connections = []fault{
	{name: "slow headers", setup: drip("HTTP/1.1 200 OK\r\n", "X-A: b\r\n"), class: Timeout, tries: 3, keys: 3, detail: "waiting for the answer"},
	{name: "no answer", setup: hasty(plainHTTP(func(net.Conn, int) { time.Sleep(2 * time.Second) })), class: Timeout, tries: 3, keys: 3, detail: "waiting for the answer"},
	{name: "endless headers", setup: forever("HTTP/1.1 200 OK\r\n", "X-A: "+strings.Repeat("b", 1000)+"\r\n"), class: TooLarge, tries: 1, keys: 1, detail: "64 KiB"},
	{name: "endless header line", setup: forever("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("b", 1<<16)), class: TooLarge, tries: 1, keys: 1, detail: "64 KiB"},
	{name: "endless 1xx", setup: forever("", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"), class: TooLarge, tries: 1, keys: 1},
	{name: "reset before the answer", setup: plainHTTP(func(conn net.Conn, _ int) { reset(conn) }), class: Interrupted, tries: 3, keys: 3},
	{name: "closed before the answer", setup: plainHTTP(func(net.Conn, int) {}), class: Interrupted, tries: 3, keys: 3},
	{name: "closed in the headers", setup: text("HTTP/1.1 200 OK\r\nContent-Type: x\r\n"), class: Interrupted, tries: 3, keys: 3},
	{name: "reset mid-body", setup: plainHTTP(func(conn net.Conn, _ int) {
		_, _ = io.WriteString(conn, jsonHead+"Content-Length: 1000\r\n\r\n{\"data\":[")
		time.Sleep(50 * time.Millisecond)
		reset(conn)
	}), class: Interrupted, tries: 3, keys: 3, detail: "reading the answer"},
	{name: "closed mid-body", setup: text(jsonHead + "Content-Length: 1000\r\n\r\n" + twoModels), class: Interrupted, tries: 3, keys: 3, detail: "reading the answer"},
	{name: "reset after 2 MB, thrice", setup: plainHTTP(func(conn net.Conn, _ int) {
		_, _ = io.WriteString(conn, jsonHead+"Content-Length: 2000000\r\n\r\n{\"data\":[{\"id\":\""+strings.Repeat("x", 120<<10)+"\"},"+strings.Repeat(" ", 1_800_000))
		time.Sleep(50 * time.Millisecond)
		reset(conn)
	}), class: Interrupted, tries: 3, keys: 3, detail: "reading the answer"},
	{name: "reset, then a list", setup: plainHTTP(func(conn net.Conn, n int) {
		if n == 1 {
			reset(conn)
			return
		}
		raw(list200)(conn, n)
	}), class: OK, tries: 2, keys: 2},
	{name: "SSH on the port", setup: func(w *world) order {
		w.main = serve(w.t, &server{answer: func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "SSH-2.0-\x1b[31m\r\n")
			time.Sleep(200 * time.Millisecond)
		}, mute: true})
		return order{BaseURL: w.main.url()}
	}, class: NotAModelList, tries: 1, detail: "not HTTP"},
	{name: "header that is none", setup: text("HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n"), class: NotAModelList, tries: 1, keys: 1, detail: "not HTTP"},
	{name: "two lengths", setup: text(jsonHead + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}"), class: NotAModelList, tries: 1, keys: 1, detail: "not HTTP"},
	{name: "refused", setup: func(w *world) order {
		s := serve(w.t, &server{answer: raw(list200)})
		s.listener.Close()
		return order{BaseURL: s.url()}
	}, class: ConnRefused, tries: 3},
}

var tlsFaults = []fault{
	{name: "TLS, expired", setup: certificate(-47*time.Hour, -24*time.Hour, "gw.test"), class: TLSError, tries: 1, detail: "not valid today"},
	{name: "TLS, not yet valid", setup: certificate(24*time.Hour, 47*time.Hour, "gw.test"), class: TLSError, tries: 1, detail: "not valid today"},
	{name: "TLS, wrong name", setup: certificate(-time.Hour, time.Hour, "other.test"), class: TLSError, tries: 1, detail: "another host: other.test"},
	{name: "TLS, unknown authority", setup: func(w *world) order {
		o := certificate(-time.Hour, time.Hour, "gw.test")(w)
		o.Env = nil
		return o
	}, class: TLSError, tries: 1, detail: "does not know"},
	{name: "TLS 1.1 only", setup: func(w *world) order {
		config := w.ca.config(w.t, -time.Hour, time.Hour, "gw.test")
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		return w.https(config, raw(list200))
	}, class: TLSError, tries: 1, detail: "TLS 1.2"},
	{name: "TLS, cut hello", setup: onPort(raw("\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00"), false), class: TLSError, tries: 1, detail: "no agreement"},
	{name: "TLS 1.2, client certificate wanted", setup: clientCertificate(tls.VersionTLS12), class: TLSError, tries: 1, detail: "client certificate"},
	{name: "TLS 1.3, client certificate wanted", setup: clientCertificate(tls.VersionTLS13), class: TLSError, tries: 1, detail: "client certificate"},
	{name: "TLS, words in an answer", setup: text("HTTP/1.1 200 OK\r\nTransfer-Encoding: tls: no\r\n\r\n"), class: NotAModelList, tries: 1, keys: 1},
	{name: "TLS, port speaks http", setup: onPort(raw("HTTP/1.1 400 Bad Request\r\n\r\n"), false), class: TLSError, tries: 1, detail: "no TLS"},
	{name: "TLS, port speaks SSH", setup: onPort(raw("SSH-2.0-x\r\n"), false), class: TLSError, tries: 1, detail: "no TLS"},
	{name: "TLS, silent handshake", setup: onPort(func(net.Conn, int) { time.Sleep(2 * time.Second) }, true), class: Timeout, tries: 3, detail: "TLS handshake"},
	{name: "TLS, reset in handshake", setup: onPort(func(conn net.Conn, _ int) { reset(conn) }, false), class: Interrupted, tries: 3},
	{name: "TLS, closed in handshake", setup: onPort(func(net.Conn, int) {}, false), class: Interrupted, tries: 3},
	{name: "CA file missing", setup: caFile("SSL_CERT_FILE", func(*testing.T, string) {}), class: TLSError, detail: "cannot be read"},
	{name: "CA file without certificate", setup: caFile("CODEX_CA_CERTIFICATE", func(t *testing.T, path string) {
		if err := os.WriteFile(path, []byte(canary), 0o600); err != nil {
			t.Fatal(err)
		}
	}), class: TLSError, detail: "holds no certificate"},
	{name: "CODEX_CA_CERTIFICATE before SSL_CERT_FILE", setup: func(w *world) order {
		o := certificate(-time.Hour, time.Hour, "gw.test")(w)
		o.Env = map[string]string{"CODEX_CA_CERTIFICATE": w.ca.file, "SSL_CERT_FILE": "/nowhere"}
		return o
	}, class: OK, tries: 1, keys: 1},
}

func clientCertificate(version uint16) func(*world) order {
	return func(w *world) order {
		config := w.ca.config(w.t, -time.Hour, time.Hour, "gw.test")
		config.ClientAuth, config.MaxVersion = tls.RequireAnyClientCert, version
		return w.https(config, raw(list200))
	}
}

func certificate(from, to time.Duration, name string) func(*world) order {
	return func(w *world) order { return w.https(w.ca.config(w.t, from, to, name), raw(list200)) }
}

// onPort is a server that does not speak TLS where TLS is expected.
func onPort(answer func(net.Conn, int), slow bool) func(*world) order {
	return func(w *world) order {
		w.main = serve(w.t, &server{answer: answer, mute: true})
		o := order{BaseURL: "https://gw.test:" + w.main.port() + "/v1", DNS: names(w.t, w.hosts)}
		if slow {
			return hasty(func(*world) order { return o })(w)
		}
		return o
	}
}

func caFile(variable string, create func(*testing.T, string)) func(*world) order {
	return func(w *world) order {
		o := certificate(-time.Hour, time.Hour, "gw.test")(w)
		path := filepath.Join(w.t.TempDir(), "bundle.pem")
		create(w.t, path)
		o.Env = map[string]string{variable: path}
		return o
	}
}

var nameFaults = []fault{
	{name: "name without address", setup: host("nowhere.test"), class: DNSError, tries: 1, detail: "no address is known for nowhere.test"},
	{name: "name server in trouble", setup: host("broken.test"), class: DNSError, tries: 3, detail: "did not answer"},
	{name: "name server silent", setup: hasty(host("silent.test")), class: DNSError, tries: 3, detail: "did not answer"},
	{name: "name leads to 169.254.169.254", setup: host("metadata.test"), class: ForbiddenPlace, tries: 1, detail: "link-local"},
	{name: "name leads to fd00:ec2::254", setup: host("metadata6.test"), class: ForbiddenPlace, tries: 1, detail: "link-local"},
	{name: "name leads to 0.0.0.0", setup: host("zero.test"), class: ForbiddenPlace, tries: 1},
	{name: "name leads to NAT64 of metadata", setup: host("nat64.test"), class: ForbiddenPlace, tries: 1},
}

func host(name string) func(*world) order {
	return func(w *world) order {
		w.hosts["metadata.test"], w.hosts["metadata6.test"] = "169.254.169.254", "fd00:ec2::254"
		w.hosts["zero.test"], w.hosts["nat64.test"] = "0.0.0.0", "64:ff9b::a9fe:a9fe"
		return order{BaseURL: "https://" + name + ":" + w.thief.port() + "/v1", DNS: names(w.t, w.hosts)}
	}
}

func urlFaults() []fault {
	var out []fault
	for _, c := range []struct {
		url   string
		class Class
	}{
		{"http://gw.test:PORT/v1", Insecure},
		{"http://10.0.0.1:PORT/v1", Insecure},
		{"http://169.254.169.254/v1", Insecure},
		{"https://169.254.169.254/v1", ForbiddenPlace},
		{"https://[fe80::1%25eth0]/v1", InvalidURL},
		{"https://[::ffff:169.254.169.254]/v1", ForbiddenPlace},
		{"https://metadata.google.internal/v1", ForbiddenPlace},
		{"https://Metadata.Google.Internal./v1", ForbiddenPlace},
		{"https://2852039166/v1", InvalidURL},
		{"https://0xa9fea9fe/v1", InvalidURL},
		{"https://169.254.43518/v1", InvalidURL},
		{"https://127.1/v1", InvalidURL},
		{"https://127.1./v1", InvalidURL},
		{"https://0x7f.1./v1", InvalidURL},
		{"http://127.0.0.1:PORT/a/../v1", InvalidURL},
		{"http://127.0.0.1:PORT/a/%2e%2E/v1", InvalidURL},
		{"http://127.0.0.1:PORT//v1", InvalidURL},
		{"http://user@127.0.0.1:PORT/v1", InvalidURL},
		{"http://user:" + canary + "@127.0.0.1:PORT/v1", InvalidURL},
		{"http://127.0.0.1:PORT/v1?key=" + canary, InvalidURL},
		{"http://127.0.0.1:PORT/v1#x", InvalidURL},
		{"http://127.0.0.1:PORT/v1?", InvalidURL},
		{"127.0.0.1:PORT/v1", InvalidURL},
		{"localhost:PORT/v1", InvalidURL},
		{"ftp://127.0.0.1:PORT/v1", InvalidURL},
		{"file:///v1", InvalidURL},
		{"https:///v1", InvalidURL},
		{"http://127.0.0.1:PORT/\x1b[31m", InvalidURL},
		{"http://127.0.0.1:99999999/v1%zz", InvalidURL},
		{"http://127.0.0.1:PORT/" + strings.Repeat("x", urlMax), InvalidURL},
		{"", InvalidURL},
	} {
		name := strings.ReplaceAll(c.url[:min(len(c.url), 45)], canary[:8], "KEY")
		out = append(out, fault{name: fmt.Sprintf("base_url %q", name), class: c.class, setup: func(w *world) order {
			return order{BaseURL: strings.ReplaceAll(c.url, "PORT", w.thief.port()), DNS: names(w.t, w.hosts)}
		}})
	}
	return out
}

var proxyFaults = []fault{
	{name: "proxy", setup: proxied("HTTPS_PROXY", tunnel), class: OK, tries: 1, keys: 1},
	{name: "proxy, without scheme", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", tunnel)(w)
		o.Env["HTTPS_PROXY"] = strings.TrimPrefix(o.Env["HTTPS_PROXY"], "http://")
		return o
	}, class: OK, tries: 1, keys: 1},
	{name: "proxy, ALL_PROXY", setup: proxied("all_proxy", tunnel), class: OK, tries: 1, keys: 1},
	{name: "proxy, not for this host", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", refuse("500 no"))(w)
		o.Env["NO_PROXY"] = "example.com,.test"
		return o
	}, class: OK, tries: 1, keys: 1},
	{name: "proxy, 407", setup: proxied("HTTPS_PROXY", refuse("407 \x1b[31m")), class: ProxyError, tries: 1, detail: "407 Proxy Authentication Required"},
	{name: "proxy, 403", setup: proxied("HTTPS_PROXY", refuse("403 x")), class: ProxyError, tries: 1, detail: "403"},
	{name: "proxy, 502", setup: proxied("HTTPS_PROXY", refuse("502 x")), class: ProxyError, tries: 1, detail: "502"},
	{name: "proxy, redirect", setup: proxied("HTTPS_PROXY", func(w *world) func(net.Conn, int) {
		return raw(reply("302 x", "", "", "Location: https://gw.test:"+w.thiefs.port()))
	}), class: ProxyError, tries: 1, detail: "302"},
	{name: "proxy, not HTTP", setup: proxied("HTTPS_PROXY", func(*world) func(net.Conn, int) { return raw("SSH-2.0-x\r\n\r\n") }), class: ProxyError, tries: 3, detail: "no HTTP answer"},
	{name: "proxy, endless header", setup: proxied("HTTPS_PROXY", func(*world) func(net.Conn, int) {
		return func(conn net.Conn, _ int) {
			_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			for ; err == nil; _, err = io.WriteString(conn, "X-A: "+strings.Repeat("b", 1000)+"\r\n") {
			}
		}
	}), class: ProxyError, tries: 3, detail: "no HTTP answer"},
	{name: "proxy, SOCKS not spoken", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", func(*world) func(net.Conn, int) { return func(net.Conn, int) {} })(w)
		proxy := serve(w.t, &server{mute: true, answer: raw("HTTP/1.1 200 OK\r\n\r\n")})
		o.Env["HTTPS_PROXY"] = "socks5://127.0.0.1:" + proxy.port()
		return o
	}, class: ProxyError, tries: 3},
	{name: "proxy, silent", setup: hasty(proxied("HTTPS_PROXY", func(*world) func(net.Conn, int) {
		return func(net.Conn, int) { time.Sleep(2 * time.Second) }
	})), class: Timeout, tries: 3},
	{name: "proxy, refused", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", tunnel)(w)
		o.Env["HTTPS_PROXY"] = "http://127.0.0.1:1"
		return o
	}, class: ProxyError, tries: 3, detail: "no connection to the proxy"},
	{name: "proxy, no URL", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", tunnel)(w)
		o.Env["HTTPS_PROXY"] = "http://user:" + canary + "@x/%zz"
		return o
	}, class: ProxyError, detail: "not a URL"},
	{name: "proxy, unknown kind", setup: func(w *world) order {
		o := proxied("HTTPS_PROXY", tunnel)(w)
		o.Env["HTTPS_PROXY"] = "ftp://127.0.0.1:1"
		return o
	}, class: ProxyError, detail: "not known"},
	{name: "proxy, key in clear", setup: func(w *world) order {
		o := text(list200)(w)
		o.Env = map[string]string{"http_proxy": "http://127.0.0.1:" + w.thief.port()}
		return o
	}, class: Insecure, detail: "add 127.0.0.1 to NO_PROXY"},
	{name: "proxy, loopback excepted", setup: func(w *world) order {
		o := text(list200)(w)
		o.Env = map[string]string{"HTTP_PROXY": "http://127.0.0.1:" + w.thief.port(), "NO_PROXY": "localhost, 127.0.0.0/8"}
		return o
	}, class: OK, tries: 1, keys: 1},
}

// proxied is a good gateway behind a proxy that answers CONNECT as a case wants.
func proxied(variable string, answer func(*world) func(net.Conn, int)) func(*world) order {
	return func(w *world) order {
		o := certificate(-time.Hour, time.Hour, "gw.test")(w)
		proxy := serve(w.t, &server{answer: answer(w)})
		w.t.Cleanup(func() {
			if strings.Contains(proxy.text(), canary) {
				w.t.Error("the proxy heard the key")
			}
		})
		o.Env[variable] = "http://127.0.0.1:" + proxy.port()
		return o
	}
}

func refuse(status string) func(*world) func(net.Conn, int) {
	return func(*world) func(net.Conn, int) { return raw(reply(status, "", "")) }
}

// tunnel connects to the gateway, whatever host was asked for.
func tunnel(w *world) func(net.Conn, int) {
	return func(conn net.Conn, _ int) {
		there, err := net.Dial("tcp", w.main.listener.Addr().String())
		if err != nil {
			return
		}
		defer there.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(there, conn) }()
		_, _ = io.Copy(conn, there)
	}
}
