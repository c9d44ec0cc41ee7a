package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/api"
)

// answers is a server that says the same to everything.
type answers struct {
	status int
	body   []byte
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Header: http.Header{}, Request: r,
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}

// Whatever a server answers: there is a key or an *Error, never a panic, and the
// error shows none of it.
func FuzzAnswer(f *testing.F) {
	const canary = "sk-canary-of-the-answer"
	for _, body := range []string{
		`{"data":{"data":{"api_key":"CANARY"},"metadata":{"version":1}}}`,
		`{"data":{"data":null,"metadata":{"version":2,"destroyed":true,"deletion_time":"CANARY"}}}`,
		`{"data":{"path":"secret/","type":"kv","options":{"version":"1"},"api_key":["CANARY"]}}`,
		`{"errors":["claim \"CANARY\" does not match"]}`,
		`{"auth":{"client_token":"CANARY","mfa_requirement":{}}}`,
		`<html>CANARY`, `{}`, `[]`, `null`, ``,
	} {
		for _, status := range []int{200, 204, 302, 400, 403, 404, 429, 500, 503} {
			f.Add(status, []byte(body))
		}
	}
	world := World{
		LookupEnv: func(name string) (string, bool) { return "a.b.c", name == "JWT" },
		Sleep:     func(context.Context, time.Duration) {},
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		body = bytes.ReplaceAll(body, []byte("CANARY"), []byte(canary))
		client, err := New(Config{
			Address: "http://127.0.0.1:1", Path: "codex",
			Auth: Auth{Method: MethodJWT, JWT: Parameter{Env: "JWT"}},
		}, world)
		if err != nil {
			t.Fatal(err)
		}
		fake, err := api.NewClient(&api.Config{
			Address: "http://127.0.0.1:1", HttpClient: &http.Client{Transport: guard{answers{status, body}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		client.login.conn.api = fake
		_, _, err = client.Fetch(t.Context())
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("got %T: %v", err, err)
		}
		if text := fmt.Sprintf("%v %+v", err, e); strings.Contains(text, "canary") {
			t.Errorf("the answer shows: %s", text)
		}
	})
}
