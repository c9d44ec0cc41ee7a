package apply

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ours = "github.com/codexform/codexform"

// senders are the only places that can make a credential leave this machine, each
// with why it may. Whoever adds one asks codex.MaySend, or says here why not.
var senders = map[string]string{
	"apply/confirm.go: Confirm":                    "the one question to a gateway; takes a codex.Permit",
	"apply/confirm.go: Gateway":                    "the interface that Confirm asks",
	"apply/gateway/try.go: session.try":            "the request itself",
	"apply/gateway/transport.go: Client.transport": "its connection",
	"apply/gateway/transport.go: Client.dialer":    "its connection",
	"apply/gateway/gateway.go: session":            "keeps the connection of one question",
	"cmd/codexform/cli/confirm.go: app.gateway":    "makes the client that Confirm asks",
	"cmd/codexform/doctor/exam.go: Case":           "is handed how to make that client",
	"cmd/codexform/doctor/exam.go: exam":           "keeps it",
	"cmd/codexform/doctor/exam.go: exam.gateway":   "makes it for the home that was read",

	"sources/vault/transport.go: newTransport":    "the connection to Vault, to which Vault's own credentials go",
	"sources/vault/transport.go: guard":           "keeps it",
	"sources/vault/transport.go: guard.RoundTrip": "bounds its answers",
	"sources/vault/conn.go: newConn":              "the client of Vault upon it",
	"sources/vault/github.go: World.askRunner":    "an identity token of the runner, with what the runner gave for that",
}

// sending are the values and functions by which a request, or a connection, comes about.
var sending = []string{
	"net/http.Client", "net/http.Transport", "net/http.RoundTripper", "net/http.DefaultClient", "net/http.DefaultTransport",
	"net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm", "net/http.NewRequest", "net/http.NewRequestWithContext",
	"net.Dial", "net.DialTimeout", "net.Dialer", "net.DialTCP", "net.DialUDP", "net.DialUnix", "net.DialIP", "net.FileConn",
	"crypto/tls.Dial", "crypto/tls.DialWithDialer", "crypto/tls.Dialer", "crypto/tls.Client",
	"syscall.Socket", "syscall.Connect", "golang.org/x/sys/unix.Socket", "golang.org/x/sys/unix.Connect",
	ours + "/apply/gateway.Request", ours + "/apply/gateway.Client",
}

// gates are all calls of the law of pairs, and of the question that it permits.
var gates = map[string]string{
	"apply/probe.go: run.permitted":                 "asks the law for an apply",
	"apply/probe.go: run.confirm":                   "asks the gateway for an apply, before anything is written and after",
	"cmd/codexform/cli/confirm.go: permitted":       "asks the law for confirm and status --confirm",
	"cmd/codexform/cli/confirm.go: runConfirm":      "asks the gateway for confirm",
	"cmd/codexform/cli/status.go: app.askGateway":   "asks the gateway for status --confirm",
	"cmd/codexform/doctor/gateway.go: exam.permit":  "asks the law for doctor",
	"cmd/codexform/doctor/gateway.go: exam.strange": "asks the law what is the user's own, where no provider is named",
	"cmd/codexform/doctor/gateway.go: exam.ask":     "asks the gateway for doctor",
}

var asking = []string{ours + "/plan/codex.MaySend", ours + "/apply.Confirm"}

// networked are the files that import what a connection is made with, other than the
// gateway's and Vault's clients, or that start programs, which could make one.
var networked = map[string]string{}

var networks = []string{
	"net", "net/http", "net/http/httputil", "net/rpc", "net/smtp", "net/textproto", "crypto/tls",
	"golang.org/x/net/http2", "golang.org/x/net/websocket", "golang.org/x/net/proxy", "github.com/hashicorp/vault/api",
}

// permitting are the places that may let a request pass.
var permitting = map[string]string{"plan/codex/permit.go: judge.send": "the end of the law of pairs"}

// No code but the listed places sends anything, so none can go around the law of pairs.
func TestEverySenderIsKnown(t *testing.T) {
	s := scanTree(t, "..")
	for what, pair := range map[string]struct{ known, found map[string]string }{
		"places that send": {senders, s.senders}, "places that ask the law of pairs, or a gateway": {gates, s.gates},
		"files that could connect": {networked, s.networked}, "places that permit": {permitting, s.permitting},
	} {
		known, found := slices.Sorted(maps.Keys(pair.known)), slices.Sorted(maps.Keys(pair.found))
		if diff := cmp.Diff(known, found); diff != "" {
			t.Errorf("%s (-known +found):\n%s", what, diff)
		}
	}
}

// The scan sees a sender under every name that it could have.
func TestSendersAreSeen(t *testing.T) {
	for name, text := range map[string]string{
		"a call":             `import "net/http"; func x() { http.Get("") }`,
		"another name":       `import web "net/http"; func x() { web.Get("") }`,
		"no name":            `import . "net/http"; func x() { Get("") }`,
		"a value":            `import "net/http"; var x = &http.Client{}`,
		"a type":             `import "net/http"; type x struct { c *http.Client }`,
		"a connection":       `import "net"; func x() { net.Dial("", "") }`,
		"a gateway":          `import g "` + ours + `/apply/gateway"; func x() { (&g.Client{}).List(nil, g.Request{}) }`,
		"a given transport":  `func x(t interface{ RoundTrip() }) { t.RoundTrip() }`,
		"a question of ours": `import "` + ours + `/apply"; func x() { apply.Confirm() }`,
		"a law of its own":   `func x(p *struct{ allowed bool }) { p.allowed = true }`,
		"a permit made here": `var x = Permit{allowed: true}`,
	} {
		s := scanned(t, "package y\n"+text)
		if n := len(s.senders) + len(s.gates) + len(s.permitting); n != 1 {
			t.Errorf("%s: seen %d times: %+v", name, n, s)
		}
	}
}
