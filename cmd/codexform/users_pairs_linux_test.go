package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/codexform/codexform/cmd/codexform/roottest"
)

// pairRounds is how many times TestUsersPairs goes round all users. It is no flag: the
// process that plays the test inherits the environment alone.
func pairRounds() int {
	if n, err := strconv.Atoi(os.Getenv("USERS_PAIRS_ROUNDS")); err == nil {
		return n
	}
	return 3
}

// TestUsersPairs is the law of pairs where root does it for others: whatever stands in
// their homes, a host is sent nothing but the key of a user for whom the policy names it.
// Every host takes every key.
func TestUsersPairs(t *testing.T) {
	if !roottest.Alone(t) {
		return
	}
	const n = 24
	m := newUsersMachine(t, n)
	here, there := newTaker(t), newTaker(t)
	r := rand.New(rand.NewPCG(7, 11))
	cases, sent := 0, 0
	for round := range pairRounds() {
		first, second := here, here
		if round%2 == 1 {
			second = there
		}
		for i := range n {
			m.must(os.RemoveAll(m.codex(i)))
			m.must(os.MkdirAll(m.codex(i), 0o700))
			m.strange(i, r, here.URL, there.URL)
			m.give(i)
		}
		m.policy(first.URL, n)
		m.apply("--all-users", "--no-confirm")
		for i := range n {
			m.tampered(i, r, there.URL)
			m.give(i)
		}
		m.policy(second.URL, n)
		command := [][]string{{"apply", "--auto-approve", "--codex", "off"}, {"status", "--confirm"}, {"doctor", "--codex", "off"}}[r.IntN(3)]
		here.take()
		there.take()
		out, _ := m.run(append(command, "-f", m.yaml, "--all-users")...)
		for _, g := range []*taker{here, there} {
			for _, request := range g.take() {
				sent++
				if key := strings.TrimPrefix(request, "Bearer "); g != second || !regexp.MustCompile(`^sk-user-\d+-0123456789abcdef$`).MatchString(key) {
					t.Errorf("round %d: codexform %s: %s was sent %q", round, command[0], g.URL, request)
				}
			}
		}
		if strings.Contains(out, "sk-") {
			t.Errorf("round %d: codexform %s shows a key:\n%s", round, command[0], out)
		}
		cases += n
	}
	t.Logf("%d homes: %d requests, none outside the law but the errors above", cases, sent)
	if sent < cases/8 {
		t.Error("the cases prove little: too few ask anybody")
	}
}

// taker is a gateway that takes every key and keeps what it is sent.
type taker struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string
}

// credential is all that could carry one: the header, any other of the user's, the query.
func newTaker(t *testing.T) *taker {
	g := &taker{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var all bytes.Buffer
		all.WriteString(r.Header.Get("Authorization"))
		for name, v := range r.Header {
			if name != "Authorization" && strings.Contains(v[0], "their") {
				fmt.Fprintf(&all, " %s: %s", name, v[0])
			}
		}
		all.WriteString(r.URL.RawQuery)
		g.mu.Lock()
		g.seen = append(g.seen, all.String())
		g.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"data":[{"id":"gpt-5.4"}]}`)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *taker) take() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := g.seen
	g.seen = nil
	return out
}

// strange is what a user's home has before anything of ours.
func (m *usersMachine) strange(i int, r *rand.Rand, here, there string) {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	config := "model_provider = \"OpenAI\"\nmodel = \"gpt-5.4\"\n[model_providers.OpenAI]\nname = \"Mine\"\nbase_url = \"" + one(here, there) + "/v1\"\n" +
		one("", "requires_openai_auth = true\n", "env_key = \"THEIR_KEY\"\n", fmt.Sprintf("experimental_bearer_token = \"sk-their-bearer-%d\"\n", i)) +
		one("", "", "http_headers = { api-key = \"sk-their-header\" }\n", "env_http_headers = { api-key = \"THEIR_KEY\" }\n") +
		one("", "", "query_params = { api_key = \"sk-their-query\" }\n")
	if r.IntN(4) == 0 {
		config = "model = \"gpt-5.4\"\n"
	}
	m.must(os.WriteFile(m.codex(i, "config.toml"), []byte(config), 0o600))
	if text := one("", `{"OPENAI_API_KEY":"sk-their-auth-json"}`); text != "" {
		m.must(os.WriteFile(m.codex(i, "auth.json"), []byte(text), 0o600))
	}
	if r.IntN(3) == 0 {
		m.must(os.WriteFile(m.codex(i, ".env"), []byte("THEIR_KEY=sk-their-variable\n"), 0o600))
	}
}

// tampered is what became of it since.
func (m *usersMachine) tampered(i int, r *rand.Rand, there string) {
	config := m.codex(i, "config.toml")
	text, err := os.ReadFile(config)
	m.must(err)
	switch r.IntN(6) {
	case 0:
		text = regexp.MustCompile(`(?m)^base_url *=.*$`).ReplaceAll(text, []byte(fmt.Sprintf("base_url = %q", there+"/v1")))
	case 1:
		text = []byte("model = \"gpt-5.4\"\n")
	case 2:
		m.must(os.WriteFile(m.codex(i, "auth.json"), []byte(`{"OPENAI_API_KEY":"sk-their-auth-json"}`), 0o600))
	case 3:
		m.must(os.RemoveAll(filepath.Join(m.codex(i), ".codexform")))
	}
	m.must(os.WriteFile(config, text, 0o600))
}
