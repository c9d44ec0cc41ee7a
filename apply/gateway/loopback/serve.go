package loopback

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// requestMax bounds what is read of a request; a first turn has about 40 kB.
const requestMax = 16 << 20

// ServeHTTP answers one request and writes it down.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, requestMax)) // a turn's text is nobody's business
	g.mu.Lock()
	seen := Request{Method: r.Method, Path: r.URL.Path, Key: g.keyState(r)}
	answer := g.route(seen)
	seen.Status = answer.status
	g.requests = append(g.requests, seen)
	g.mu.Unlock()
	answer.write(w)
}

// answer is what one request gets.
type answer struct {
	status   int
	kind     string
	body     string
	location string
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.kind)
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // a client that has gone is no concern of ours
}

// keyState looks the key up. Callers hold the lock.
func (g *Gateway) keyState(r *http.Request) KeyState {
	header := r.Header.Get("Authorization")
	if header == "" {
		return NoKey
	}
	key, ok := strings.CutPrefix(header, "Bearer ")
	if ok && g.keys[digest(key)] {
		return RightKey
	}
	return WrongKey
}

// route decides the answer. Callers hold the lock.
func (g *Gateway) route(r Request) answer {
	switch g.fault {
	case Portal:
		return answer{status: 200, kind: "text/html; charset=utf-8", body: "<!doctype html><title>Sign in</title>"}
	case Unavailable:
		return failure(503, "service_unavailable", "try again later")
	case RateLimited:
		return failure(429, "rate_limit_exceeded", "too many requests")
	case Elsewhere:
		return answer{status: 302, kind: "text/plain", location: "https://elsewhere.invalid/v1/models"}
	}
	call := r.Method + " " + r.Path
	switch {
	case call != "GET /v1/models" && call != "POST /v1/responses":
		return failure(404, "not_found", "no such path")
	case r.Key != RightKey:
		return failure(401, "invalid_api_key", "incorrect API key provided")
	case r.Method == http.MethodPost:
		return answer{status: 200, kind: "text/event-stream", body: turn(g.reply)}
	}
	list := answer{status: 200, kind: "application/json", body: modelList(g.models)}
	if g.budget--; g.budget == 0 {
		clear(g.keys)
	}
	return list
}

func failure(status int, code, message string) answer {
	body := encode(map[string]any{"error": map[string]any{"code": code, "message": message, "type": "invalid_request_error"}})
	return answer{status: status, kind: "application/json", body: body}
}

func modelList(models []string) string {
	data := []map[string]any{}
	for _, m := range models {
		data = append(data, map[string]any{"id": m, "object": "model", "owned_by": "loopback"})
	}
	return encode(map[string]any{"object": "list", "data": data})
}

// turn is a finished turn as server-sent events: the message, then the end of the
// response, without which Codex takes the stream for broken.
func turn(reply string) string {
	message := map[string]any{
		"type": "message", "role": "assistant", "id": "msg_1",
		"content": []any{map[string]any{"type": "output_text", "text": reply}},
	}
	return event(map[string]any{"type": "response.created", "response": map[string]any{"id": "resp_1"}}) +
		event(map[string]any{"type": "response.output_item.done", "output_index": 0, "item": message}) +
		event(map[string]any{"type": "response.completed", "response": map[string]any{
			"id":    "resp_1",
			"usage": map[string]any{"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
		}})
}

func event(e map[string]any) string {
	return "event: " + e["type"].(string) + "\ndata: " + encode(e) + "\n\n"
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("loopback: encoding its own answer: " + err.Error())
	}
	return string(b)
}
