package codex_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

func exists(t *testing.T, home, name string) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(home, name))
	return err == nil
}

// gatewayHome is a home with a gateway and a key; edit changes its config.toml.
func gatewayHome(t *testing.T, gateway *codextest.Gateway, edit *strings.Replacer) string {
	t.Helper()
	home := codextest.Home(t)
	config := strings.ReplaceAll(gatewayConfig, "BASE", gateway.URL)
	codextest.WriteFile(t, home, "config.toml", edit.Replace(config))
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	return home
}

// longTurn answers a first request with a step of a plan and a given number of
// used tokens, so that there is a second one, and then with a message.
func longTurn(used int) http.HandlerFunc {
	var once sync.Once
	return func(w http.ResponseWriter, r *http.Request) {
		first := false
		once.Do(func() { first = true })
		if !first {
			codextest.SayHi(w, r)
			return
		}
		codextest.Stream(w,
			`{"type":"response.output_item.done","item":{"type":"function_call","name":"update_plan","call_id":"c1","arguments":"{\"plan\":[{\"step\":\"a\",\"status\":\"completed\"}]}"}}`,
			fmt.Sprintf(`{"type":"response.completed","response":{"id":"r1","usage":{"input_tokens":%d,"output_tokens":0,"total_tokens":%d}}}`, used, used),
		)
	}
}

// TestProviderNameOpenAI has the real Codex ask a gateway for compaction, by the
// provider's name.
func TestProviderNameOpenAI(t *testing.T) {
	for _, tc := range []struct {
		name, extra string
		remote      bool
	}{
		{name: "OpenAI", remote: true},
		{name: "azure", remote: true},
		{name: "AZURE", remote: true},
		{name: "openai"},
		{name: "Gate"},
		{name: "OpenAI", extra: `capabilities = { remote_compaction = "unsupported" }`},
	} {
		t.Run(tc.name+tc.extra, func(t *testing.T) {
			t.Parallel()
			gateway := codextest.NewGateway(t)
			gateway.Answer = longTurn(5000)
			edit := strings.NewReplacer("Gate", tc.name, "requires_openai_auth", tc.extra+"\nrequires_openai_auth",
				"model =", "model_auto_compact_token_limit = 1000\nmodel =")
			home := gatewayHome(t, gateway, edit)
			ran := codextest.Turn(t, home, nil)
			remote := false
			for _, r := range gateway.Turns() {
				remote = remote || strings.Contains(r.Body, "compaction_trigger")
			}
			if remote != tc.remote || (ran.Exit != 0) != tc.remote {
				t.Errorf("asked for compaction: %v, exit %d, want %v\n%s", remote, ran.Exit, tc.remote, ran.Stderr)
			}
			config, err := os.ReadFile(filepath.Join(home, "config.toml"))
			if err != nil {
				t.Fatal(err)
			}
			if got := finds(t, string(config), "provider-name-openai"); got != tc.remote {
				t.Errorf("the rule says %v", got)
			}
		})
	}
}

// TestContextWindow reads the window that the real Codex works with off its
// session, and finds the number of tokens at which it compacts.
func TestContextWindow(t *testing.T) {
	for _, tc := range []struct {
		model    string
		window   int
		used     int
		compacts bool
	}{
		{"gpt-5.4", 258400, 244000, false},
		{"gpt-5.4", 258400, 245500, true},
		{"gpt-6-sol", 828400, 246000, false},
	} {
		t.Run(fmt.Sprint(tc.model, " ", tc.used), func(t *testing.T) {
			t.Parallel()
			gateway := codextest.NewGateway(t)
			gateway.Answer = longTurn(tc.used)
			edit := strings.NewReplacer(`model = "gpt-5.4"`,
				fmt.Sprintf("model = %q\nmodel_context_window = 1000000\nmodel_auto_compact_token_limit = 900000", tc.model))
			home := gatewayHome(t, gateway, edit)
			codextest.Turn(t, home, nil)
			if want := fmt.Sprintf(`"model_context_window":%d`, tc.window); !strings.Contains(session(t, home), want) {
				t.Errorf("the session lacks %s: %s", want, regexp.MustCompile(`"model_context_window":\d+`).FindString(session(t, home)))
			}
			if got := len(gateway.Turns()) > 2; got != tc.compacts {
				t.Errorf("%d requests with %d tokens used: compacted = %v, want %v", len(gateway.Turns()), tc.used, got, tc.compacts)
			}
		})
	}
}

// session is the one session of a home, as Codex stores it.
func session(t *testing.T, home string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(home, "sessions", "*", "*", "*", "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("sessions: %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSessionHistory has the real Codex begin a session, go on with it, and not
// find it any more under another model_provider.
func TestSessionHistory(t *testing.T) {
	gateway := codextest.NewGateway(t)
	home := gatewayHome(t, gateway, strings.NewReplacer())
	begun := sessionID(t, codextest.Turn(t, home, nil))
	for _, tc := range []struct {
		provider string
		found    bool
		hidden   int
	}{{"g", true, 0}, {"h", false, 1}} {
		config := strings.NewReplacer("BASE", gateway.URL, `"g"`, `"`+tc.provider+`"`, ".g]", "."+tc.provider+"]").Replace(gatewayConfig)
		codextest.WriteFile(t, home, "config.toml", config)
		if got := codex.HiddenSessions(afero.NewOsFs(), home, tc.provider); got != tc.hidden {
			t.Errorf("HiddenSessions(%s) = %d, want %d", tc.provider, got, tc.hidden)
		}
		ran := codextest.Run(t, home, nil, "exec", "--skip-git-repo-check", "resume", "--last", "go on")
		if got := sessionID(t, ran) == begun; got != tc.found {
			t.Errorf("with model_provider %s the session is found: %v", tc.provider, got)
		}
	}
	// What the rule advises: both providers are defined, and the old one is named.
	both := strings.NewReplacer("BASE", gateway.URL, `model_provider = "g"`, `model_provider = "h"`).Replace(gatewayConfig)
	codextest.WriteFile(t, home, "config.toml", both+"[model_providers.h]\nname = \"H\"\nbase_url = \""+gateway.URL+"\"\n")
	ran := codextest.Run(t, home, nil, "exec", "--skip-git-repo-check", "resume", "-c", "model_provider=g", "--last", "go on")
	if sessionID(t, ran) != begun {
		t.Errorf("the session is not found under its own provider:\n%s", ran.Stderr)
	}
}

func sessionID(t *testing.T, r codextest.Result) string {
	t.Helper()
	id := regexp.MustCompile(`session id: (\S+)`).FindStringSubmatch(r.Stderr)
	if id == nil {
		t.Fatalf("no session id in\n%s", r.Stderr)
	}
	return id[1]
}

// proxy is an HTTP proxy that refuses everything and remembers what for.
type proxy struct {
	mu   sync.Mutex
	urls []string
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.urls = append(p.urls, r.Method+" "+r.RequestURI+" "+r.Header.Get("Authorization"))
	http.Error(w, "no", http.StatusBadRequest)
}

func (p *proxy) saw(part string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Contains(strings.Join(p.urls, "\n"), part)
}

// through lets Codex take a turn behind a proxy of ours.
func through(t *testing.T, config string) *proxy {
	t.Helper()
	p := &proxy{}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	home := codextest.Home(t)
	codextest.WriteFile(t, home, "config.toml", config)
	codextest.WriteFile(t, home, "auth.json", keyOnly)
	codextest.Turn(t, home, []string{"HTTP_PROXY=" + server.URL, "HTTPS_PROXY=" + server.URL, "http_proxy=" + server.URL},
		"-c", "model_providers.g.stream_max_retries=0", "-c", "model_providers.g.request_max_retries=0")
	return p
}

// TestBaseURL has the real Codex use addresses that the rules warn of.
func TestBaseURL(t *testing.T) {
	t.Run("base-url-insecure", func(t *testing.T) {
		p := through(t, strings.Replace(gatewayConfig, "BASE", "http://gate.example/v1", 1))
		if !p.saw("POST http://gate.example/v1/responses Bearer sk-in-the-file") {
			t.Errorf("the proxy saw %q", p.urls)
		}
	})
	t.Run("provider-incomplete", func(t *testing.T) {
		p := through(t, strings.Replace(gatewayConfig, "base_url = \"BASE\"\n", "", 1))
		if !p.saw("CONNECT api.openai.com:443") {
			t.Errorf("the proxy saw %q", p.urls)
		}
	})
	for _, tc := range []struct{ rule, suffix, path string }{
		{"base-url-version", "", "/responses"},
		{"base-url-credentials", "/v1?key=x", "/v1?key=x/responses"},
		{"base-url-credentials", "/v1#part", "/v1"},
	} {
		t.Run(tc.rule+" "+tc.suffix, func(t *testing.T) {
			p := through(t, strings.Replace(gatewayConfig, "BASE", "http://gate.example"+tc.suffix, 1))
			if !p.saw("POST http://gate.example" + tc.path + " ") {
				t.Errorf("the proxy saw %q", p.urls)
			}
		})
	}
}

// TestAsked has the real Codex ask what plan.Asked says that it asks, host and path to the
// byte: a confirmation asks the same.
func TestAsked(t *testing.T) {
	for _, base := range []string{
		"http://GATE.example:080/v1//",
		"http://B\u00dcCHER.example./v1",
		"http://stra\u00dfe.example/v1",
		"http://gate\u3002example/v1",
		"http://\uff47ate\uff0eexample/v1",
		"http://\u212a.example/v1",
		"http://a_b.-c-.ab--c.example:8080",
		"http://[2001:DB8:0:0::1]/v1",
		"http://[::ffff:1.2.3.4]/v1",
		"http://gate.example/\u00fc/%c3%bc/%7e/a%2fb/v1;p=1",
		"http://gate.example/a<>`{} b/v1",
		"http://gate.example/a'()*!$&,=:@[]~;/...",
	} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			u, wrong := plan.Asked(base)
			if wrong != "" {
				t.Fatal(wrong)
			}
			p := through(t, strings.Replace(gatewayConfig, "BASE", base, 1))
			if !p.saw("POST " + u.String() + "/responses ") {
				t.Errorf("Codex asks %q, want %s/responses", p.urls, u)
			}
		})
	}
}
