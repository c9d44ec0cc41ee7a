package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// answered is what every turn of a client ends with.
const answered = "pong from the loopback gateway"

// called is one request of a client, with where the right key stood.
type called struct {
	Path string
	Keys []string // names of the headers with the right key
	Bad  []string // names of the headers with another one
}

// clientGateway speaks what other clients speak: chat completions, responses and
// Anthropic's messages, streamed or whole, to whoever knows the key.
type clientGateway struct {
	*httptest.Server
	key string

	mu    sync.Mutex
	calls []called
}

func startClientGateway(t *testing.T, key string) *clientGateway {
	t.Helper()
	g := &clientGateway{key: key}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *clientGateway) baseURL() string { return g.URL + "/v1" }

// turns are the requests of a protocol, in order.
func (g *clientGateway) turns(path string) []called {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(g.calls), func(c called) bool { return c.Path != path })
}

func (g *clientGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	call := called{Path: r.URL.Path}
	for name, value := range map[string]string{
		"Authorization": strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "),
		"X-Api-Key":     r.Header.Get("X-Api-Key"),
	} {
		switch value {
		case "":
		case g.key:
			call.Keys = append(call.Keys, name)
		default:
			call.Bad = append(call.Bad, name)
		}
	}
	slices.Sort(call.Keys)
	g.mu.Lock()
	g.calls = append(g.calls, call)
	g.mu.Unlock()
	if len(call.Keys) == 0 || len(call.Bad) > 0 {
		http.Error(w, `{"type":"error","error":{"type":"authentication_error","code":"invalid_api_key","message":"incorrect API key provided"}}`, http.StatusUnauthorized)
		return
	}
	var asked struct {
		Model  string `json:"model"`
		Stream bool   `json:"stream"`
	}
	_ = json.Unmarshal(body, &asked)
	answer, ok := map[string]func(model string, stream bool) string{
		"/v1/chat/completions": completion, "/v1/messages": message, "/v1/models": modelList,
		"/v1/messages/count_tokens": func(string, bool) string { return `{"input_tokens":1}` },
	}[r.URL.Path]
	switch {
	case !ok:
		http.Error(w, `{"error":{"code":"not_found","message":"no such path"}}`, http.StatusNotFound)
		return
	case asked.Stream:
		w.Header().Set("Content-Type", "text/event-stream")
	default:
		w.Header().Set("Content-Type", "application/json")
	}
	_, _ = io.WriteString(w, answer(asked.Model, asked.Stream))
}

func modelList(string, bool) string {
	return `{"object":"list","data":[{"id":"gpt-5.4","object":"model"}]}`
}

// completion is a finished chat completion.
func completion(model string, stream bool) string {
	const usage = `"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}`
	if !stream {
		return fmt.Sprintf(`{"id":"c1","object":"chat.completion","created":1,"model":%q,"choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],%s}`, model, answered, usage)
	}
	chunk := func(delta, finish, more string) string {
		return fmt.Sprintf(`data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":%q,"choices":[{"index":0,"delta":%s,"finish_reason":%s}]%s}`+"\n\n", model, delta, finish, more)
	}
	return chunk(fmt.Sprintf(`{"role":"assistant","content":%q}`, answered), "null", "") + chunk("{}", `"stop"`, ","+usage) + "data: [DONE]\n\n"
}

// message is a finished message of Anthropic's protocol.
func message(model string, stream bool) string {
	if !stream {
		return fmt.Sprintf(`{"id":"m1","type":"message","role":"assistant","model":%q,"content":[{"type":"text","text":%q}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}`, model, answered)
	}
	var b strings.Builder
	for _, e := range [][2]string{
		{"message_start", fmt.Sprintf(`"message":{"id":"m1","type":"message","role":"assistant","model":%q,"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}`, model)},
		{"content_block_start", `"index":0,"content_block":{"type":"text","text":""}`},
		{"content_block_delta", fmt.Sprintf(`"index":0,"delta":{"type":"text_delta","text":%q}`, answered)},
		{"content_block_stop", `"index":0`},
		{"message_delta", `"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":1}`},
	} {
		fmt.Fprintf(&b, "event: %s\ndata: {\"type\":%q,%s}\n\n", e[0], e[0], e[1])
	}
	b.WriteString("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
	return b.String()
}
