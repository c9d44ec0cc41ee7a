package gateway

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// What the fault table may not fall below, or go above.
const (
	leastCases = 179      // and those of the platform
	mostMemory = 10 << 10 // kB over the idle process
	mostTime   = 30 * time.Second
)

// world is what one case runs in: an authority, a name server, and a thief, which
// listens where a redirect leads and must never hear anything.
type world struct {
	t      *testing.T
	ca     authority
	hosts  map[string]string
	main   *server
	thief  *server
	thiefs *server // the thief with TLS and a good certificate
}

// fault is one case of the table: what a server does, and what the answer must be.
type fault struct {
	name   string
	setup  func(*world) order
	class  Class
	tries  int    // tries at the URL
	keys   int    // requests with the key that the gateway itself heard
	detail string // part of Detail
	check  func(*testing.T, receipt)
}

// TestFaults asks a server of every bad kind, each from a fresh process, and holds
// every answer to its class, its bounds, and the silence about the key.
func TestFaults(t *testing.T) {
	ca := newAuthority(t)
	rows := &strings.Builder{}
	w := tabwriter.NewWriter(rows, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "case\tclass\tstatus\ttries\tms\tkB\tdetail")
	cases, keys, most := allFaults(), 0, int64(-1)
	for _, f := range cases {
		t.Run(f.name, func(t *testing.T) {
			got, heard := runFault(t, ca, f)
			a := got.Answer
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\n", f.name, a.Class, a.Status, a.Attempts, got.Elapsed.Milliseconds(), got.Peak, a.Detail)
			keys += heard
			most = max(most, got.Peak)
		})
	}
	w.Flush()
	t.Logf("gateway faults:\n%s%d cases, %d requests with the key, at most %d kB over the idle process, the key 0 times elsewhere", rows, len(cases), keys, most)
	if len(cases)-len(platformFaults) < leastCases {
		t.Errorf("got %d cases, want at least %d: the table may not shrink", len(cases), leastCases)
	}
}

// runFault gives the receipt and how often the gateway itself heard the key.
func runFault(t *testing.T, ca authority, f fault) (receipt, int) {
	w := &world{t: t, ca: ca, hosts: map[string]string{"gw.test": "127.0.0.1", "sub.gw.test": "127.0.0.1", "other.test": "127.0.0.1"}}
	w.thief = serve(t, &server{answer: raw(list200)})
	w.thiefs = serve(t, &server{answer: raw(list200), tls: ca.config(t, -time.Hour, time.Hour, "gw.test", "sub.gw.test", "other.test")})
	o := f.setup(w)
	if o.Key == "" {
		o.Key = canary
	}
	got, everything := ask(t, o)
	a := got.Answer
	if a.Class != f.class || a.Attempts != f.tries || !strings.Contains(a.Detail, f.detail) {
		t.Errorf("got %s after %d tries (%q), want %s after %d (%q)", a.Class, a.Attempts, a.Detail, f.class, f.tries, f.detail)
	}
	heard := 0
	if w.main != nil {
		heard = w.main.keys()
	}
	if heard != f.keys {
		t.Errorf("the gateway heard the key %d times, want %d", heard, f.keys)
	}
	if n := w.thief.connections() + w.thiefs.connections(); n != 0 {
		t.Errorf("%d connections to where a redirect led, want 0", n)
	}
	if got.Elapsed > mostTime {
		t.Errorf("took %s, want at most %s", got.Elapsed, mostTime)
	}
	checkMemory(t, got.Peak)
	checkSilence(t, everything+got.Text)
	checkPlain(t, append(got.Hint, got.Text)...)
	if f.check != nil {
		f.check(t, got)
	}
	return got, heard
}

func checkMemory(t *testing.T, peak int64) {
	t.Helper()
	switch {
	case raceEnabled: // the detector multiplies what is allocated
	case peak < 0:
		t.Log("NOT TESTED here: peak memory (needs Linux)")
	case peak > mostMemory:
		t.Errorf("took %d kB over the idle process, want at most %d", peak, mostMemory)
	}
}

// checkSilence looks for the key, for any 12 characters of it, and for its usual encodings.
func checkSilence(t *testing.T, text string) {
	t.Helper()
	forms := []string{hex.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte(canary))}
	for i := range len(canary) - 11 {
		forms = append(forms, canary[i:i+12])
	}
	for _, form := range forms {
		if strings.Contains(text, form) {
			t.Errorf("the key shows in the output")
			return
		}
	}
}

// checkPlain wants printable ASCII: nothing of a server's may reach a terminal raw.
func checkPlain(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		text = strings.NewReplacer("\u00b5s", "us", "sk-…", "sk-").Replace(text) // a duration's and a hint's own
		for i := range len(text) {
			if text[i] < ' ' && text[i] != '\n' || text[i] > '~' {
				t.Errorf("byte %#x in %q", text[i], text)
				return
			}
		}
	}
}

const twoModels = `{"object":"list","data":[{"id":"gpt-5.4","object":"model"},{"id":"gpt-5.4-mini"}]}`

var list200 = reply("200 OK", "application/json", twoModels)

// reply is a whole HTTP answer.
func reply(status, kind, body string, more ...string) string {
	head := []string{"HTTP/1.1 " + status, fmt.Sprintf("Content-Length: %d", len(body)), "Connection: close"}
	if kind != "" {
		head = append(head, "Content-Type: "+kind)
	}
	return strings.Join(append(head, more...), "\r\n") + "\r\n\r\n" + body
}

func allFaults() []fault {
	var all []fault
	for _, group := range [][]fault{good, statuses(), redirects(), bodies(), connections, tlsFaults, nameFaults, urlFaults(), proxyFaults, platformFaults} {
		all = append(all, group...)
	}
	return all
}
