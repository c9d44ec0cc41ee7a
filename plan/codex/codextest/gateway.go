package codextest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Gateway is a model provider on loopback that answers every key, and remembers
// what it was asked.
type Gateway struct {
	URL string // ends in /v1
	// Answer answers a turn; nil is SayHi.
	Answer http.HandlerFunc

	mu  sync.Mutex
	got []Request
}

// Request is one request as it came.
type Request struct {
	Method, Path string
	Host         string
	Header       http.Header
	Query        map[string][]string
	Body         string
}

// NewGateway starts a Gateway; it stops when the test ends.
func NewGateway(t testing.TB) *Gateway {
	t.Helper()
	g := &Gateway{}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.URL = server.URL + "/v1"
	return g
}

// Turns are the requests for an answer of the model that came so far.
func (g *Gateway) Turns() []Request { return g.asked("/v1/responses") }

// Lists are the requests for the list of models that came so far.
func (g *Gateway) Lists() []Request { return g.asked("/v1/models") }

func (g *Gateway) asked(path string) []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Collect(func(yield func(Request) bool) {
		for _, r := range g.got {
			if r.Path == path && !yield(r) {
				return
			}
		}
	})
}

// ServeHTTP answers as an OpenAI-compatible gateway.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g.mu.Lock()
	g.got = append(g.got, Request{r.Method, r.URL.Path, r.Host, r.Header.Clone(), r.URL.Query(), string(body)})
	g.mu.Unlock()
	switch {
	case r.URL.Path == "/v1/models":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"object":"list","data":[{"id":"gpt-5.4","object":"model"}]}`)
	case r.URL.Path == "/v1/responses" && r.Method == http.MethodPost:
		if g.Answer == nil {
			SayHi(w, r)
			return
		}
		g.Answer(w, r)
	default:
		http.NotFound(w, r)
	}
}

// SayHi answers a turn with one message, "hi there".
func SayHi(w http.ResponseWriter, _ *http.Request) {
	Stream(w,
		`{"type":"response.output_item.done","item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi there"}]}}`,
		`{"type":"response.completed","response":{"id":"resp_1","usage":{"input_tokens":10,"output_tokens":2,"total_tokens":12}}}`,
	)
}

// Stream sends events, each a JSON object, as the Responses interface does.
func Stream(w http.ResponseWriter, events ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, e := range events {
		io.WriteString(w, "data: "+e+"\n\n")
	}
}
