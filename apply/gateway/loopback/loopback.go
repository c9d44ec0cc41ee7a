// Package loopback is a small OpenAI-compatible gateway on this computer's
// loopback address: for `codexform demo`, for tests and for acceptance with the
// real Codex. It serves GET /v1/models and POST /v1/responses to whoever knows the
// key, and can be told to misbehave. It is no gateway for anything else: it holds
// no model, and every turn ends with the same sentence.
package loopback

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/codexform/codexform/plan"
)

// Config says what the gateway serves. The zero Config lets nobody in.
type Config struct {
	Keys   []plan.Secret // that are let in
	Models []string      // that are listed
	Reply  string        // what every turn answers, default "Hello from the loopback gateway."
	TLS    bool          // serve https, with an authority of its own: see CA
}

// Fault is a way in which the gateway misbehaves.
type Fault string

// The faults.
const (
	Healthy     Fault = ""
	Portal      Fault = "portal"       // a login page, 200, whatever is asked
	Unavailable Fault = "unavailable"  // 503
	RateLimited Fault = "rate_limited" // 429
	Elsewhere   Fault = "elsewhere"    // a redirect to another host
)

// Request is one request that came in. It tells nothing of the key but whether it
// was right.
type Request struct {
	Method, Path string
	Key          KeyState
	Status       int // of the answer
}

// KeyState says what the Authorization header of a request was.
type KeyState string

// The states of a key.
const (
	NoKey    KeyState = "none"
	WrongKey KeyState = "wrong"
	RightKey KeyState = "right"
)

// Gateway is a running gateway. Its methods may be called from several goroutines.
type Gateway struct {
	server   *http.Server
	listener net.Listener
	done     chan struct{}
	ca       []byte
	reply    string

	mu       sync.Mutex
	keys     map[[sha256.Size]byte]bool // digests: a dump of the gateway shows no key
	models   []string
	fault    Fault
	budget   int // right model lists until every key is revoked; < 0 without end
	requests []Request
}

// Start listens on a free port of 127.0.0.1. Close ends it.
func Start(c Config) (*Gateway, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening on loopback: %w", err)
	}
	g := &Gateway{
		done: make(chan struct{}), reply: c.Reply, models: slices.Clone(c.Models), budget: -1,
		keys: map[[sha256.Size]byte]bool{}, listener: l,
	}
	if g.reply == "" {
		g.reply = "Hello from the loopback gateway."
	}
	for _, key := range c.Keys {
		g.Accept(key)
	}
	if c.TLS {
		cert, ca, err := newCertificate()
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("making a certificate: %w", err)
		}
		g.ca = ca
		g.listener = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}})
	}
	g.server = &http.Server{
		Handler: g, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 30 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		defer close(g.done)
		_ = g.server.Serve(g.listener) // always an error; Close is its only cause here
	}()
	return g, nil
}

// URL is the base_url, with its /v1.
func (g *Gateway) URL() string { return g.Origin() + "/v1" }

// Origin is scheme, host and port alone.
func (g *Gateway) Origin() string {
	scheme := "http://"
	if g.ca != nil {
		scheme = "https://"
	}
	return scheme + g.listener.Addr().String()
}

// CA is the certificate of the gateway's own authority in PEM, nil without TLS.
func (g *Gateway) CA() []byte { return slices.Clone(g.ca) }

// Close ends the gateway and every connection. It may be called again.
func (g *Gateway) Close() {
	_ = g.server.Close()
	<-g.done
}

// Requests are all requests so far, in order.
func (g *Gateway) Requests() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.requests)
}

// Accept lets a key in from now on.
func (g *Gateway) Accept(key plan.Secret) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.keys[digest(string(key.Reveal()))] = true
}

// Revoke lets a key in no more.
func (g *Gateway) Revoke(key plan.Secret) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.keys, digest(string(key.Reveal())))
}

// RevokeAfter revokes every key once n more model lists were served, n at least 1: a gateway that
// says yes to the question before a write, and no to the one after it.
func (g *Gateway) RevokeAfter(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.budget = n
}

// SetModels changes the model list.
func (g *Gateway) SetModels(models ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.models = slices.Clone(models)
}

// SetFault makes the gateway misbehave from the next request on; Healthy ends it.
func (g *Gateway) SetFault(f Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = f
}

func digest(key string) [sha256.Size]byte { return sha256.Sum256([]byte(key)) }
