package vaulttest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Do asks the server as root and gives the answer's JSON, nil when it is empty.
// Anything but success ends the test.
func (s *Server) Do(tb testing.TB, method, path string, body any) map[string]any {
	tb.Helper()
	status, answer := s.Ask(tb, s.RootToken, method, path, body, nil)
	if status >= 300 {
		tb.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer
}

// Ask asks the server with a token and headers, and gives whatever it answers.
func (s *Server) Ask(tb testing.TB, token, method, path string, body any, header http.Header) (int, map[string]any) {
	tb.Helper()
	r, err := http.NewRequest(method, s.base()+"/v1/"+path, jsonBody(tb, body))
	if err != nil {
		tb.Fatal(err)
	}
	for name := range header {
		r.Header.Set(name, header.Get(name))
	}
	r.Header.Set("X-Vault-Token", token)
	client := s.client()
	defer client.CloseIdleConnections()
	res, err := client.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	json.NewDecoder(res.Body).Decode(&answer) // no content is an answer as well
	return res.StatusCode, answer
}

func jsonBody(tb testing.TB, body any) *bytes.Reader {
	if body == nil {
		return bytes.NewReader(nil)
	}
	b, err := json.Marshal(body)
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.NewReader(b)
}

func (s *Server) base() string {
	if strings.HasPrefix(s.Address, "unix:") {
		return "http://localhost"
	}
	return s.Address
}

func (s *Server) client() *http.Client {
	t := &http.Transport{}
	if path, ok := strings.CutPrefix(s.Address, "unix://"); ok {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
	}
	if s.trust != nil {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(s.trust)
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return &http.Client{Transport: t}
}

// Policy writes a policy and gives a token that has it, with further fields of
// auth/token/create.
func (s *Server) Policy(tb testing.TB, name, hcl string, fields map[string]any) (token string) {
	tb.Helper()
	s.Do(tb, http.MethodPut, "sys/policies/acl/"+name, map[string]any{"policy": hcl})
	body := map[string]any{"policies": []string{name}}
	for k, v := range fields {
		body[k] = v
	}
	auth := s.Do(tb, http.MethodPost, "auth/token/create", body)["auth"].(map[string]any)
	return auth["client_token"].(string)
}

// Wrap asks as root and gives the wrapping token of the answer.
func (s *Server) Wrap(tb testing.TB, method, path string, body any) string {
	tb.Helper()
	status, answer := s.Ask(tb, s.RootToken, method, path, body, http.Header{"X-Vault-Wrap-Ttl": {"60s"}})
	if status != http.StatusOK {
		tb.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer["wrap_info"].(map[string]any)["token"].(string)
}
