//go:build unix

package main

import (
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// outcome is a state that a machine can be in, and how it is brought about.
type outcome struct {
	name     string
	word     string            // that every command has to find
	commands map[string]string // what is run in it, with which flags
	policy   string            // default: a plain one
	key      string            // default: the right one
	applied  string            // the policy that was applied before, "" for none
	answer   http.HandlerFunc  // of the gateway, default: a list of the model
	prepare  func(*stage)
	program  string                        // default: the one that is released
	unlike   func(*stage, *exec.Cmd) error // how it is run, default: as we are
}

const (
	plainPolicy   = "settings: {hide_agent_reasoning: true}\n"
	gatewayPolicy = "model: gpt-5.4\nprovider: {base_url: $ORIGIN/v1}\nsecret: {env: KEY}\nconfirm: {attempts: 1}\n"
)

// asking are the commands that ask the gateway.
var asking = map[string]string{"status": "--confirm", "apply": "--codex off"}

// everywhere is each command without flags of its own.
var everywhere = map[string]string{"status": "", "plan": "--codex off", "apply": "--codex off"}

var outcomes = []outcome{
	{name: "in sync", word: "in_sync", commands: everywhere, applied: plainPolicy},
	{name: "drift", word: "drift", commands: map[string]string{"status": "", "plan": "--codex off"}},
	{name: "drift, applied", word: "in_sync", commands: map[string]string{"apply": "--codex off"}},
	{
		name: "destroyed", word: "drift", commands: map[string]string{"status": "", "plan": "--codex off"}, applied: plainPolicy,
		prepare: func(s *stage) { s.quietly("destroy", "-f", s.policy, "--auto-approve", "--codex", "off") },
	},
	{name: "held", word: "held", commands: everywhere, policy: plainPolicy + "rollout: {mode: hold}\n"},
	{
		name: "held until a ring opens", word: "held", commands: everywhere,
		policy: plainPolicy + "rollout: {rings: [{name: all, percent: 100, start: 2099-01-01T00:00:00Z}]}\n",
	},
	{name: "held though a rule stops it", word: "held", commands: everywhere, policy: literalPolicy + "rollout: {mode: hold}\n", prepare: literal},
	{name: "wrong usage", word: "error:E_POLICY", commands: map[string]string{"status": "--frob", "plan": "--frob", "apply": "--frob"}},
	{name: "an unknown key", word: "error:E_POLICY", commands: everywhere, policy: "modle: gpt-5.4\n"},
	{name: "a policy that is older than the last one", word: "error:E_POLICY", commands: everywhere, policy: "policy_version: 16\n" + plainPolicy, applied: plainPolicy},
	{name: "a rule", word: "error:E_RULE", commands: everywhere, policy: literalPolicy, prepare: literal},
	{name: "no secret", word: "error:E_SECRET", commands: map[string]string{"plan": "--codex off", "apply": "--codex off"}, policy: gatewayPolicy, key: "-"},
	{name: "401", word: "error:E401", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: replying(401)},
	{name: "403", word: "error:E403", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: replying(403)},
	{name: "404", word: "error:E404", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: replying(404)},
	{name: "429", word: "error:E429", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: replying(429)},
	{name: "503", word: "error:E5XX", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: replying(503)},
	{name: "another model", word: "error:E_MODEL", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: listing("gpt-4.1")},
	{name: "a portal", word: "error:E_NOTLIST", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: portal},
	{name: "a redirect", word: "error:E_REDIRECT", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, answer: redirecting},
	{name: "nobody listens", word: "error:E_NET", commands: asking, policy: gatewayPolicy, applied: gatewayPolicy, prepare: func(s *stage) { s.gateway.Close() }},
	{name: "a certificate that nobody trusts", word: "error:E_TLS", commands: map[string]string{"apply": "--codex off"}, policy: gatewayPolicy, prepare: (*stage).secure},
	{
		name: "a host that is not the policy's", word: "error:E_CONFLICT", commands: map[string]string{"status": "--confirm"}, policy: gatewayPolicy, applied: gatewayPolicy,
		prepare: func(s *stage) { s.edit("config.toml", s.origin(), "http://127.0.0.1:1") },
	},
	{name: "a plan that is stale", word: "error:E_CONFLICT", commands: map[string]string{"apply": "$DIR/saved.plan"}, prepare: stale},
	{name: "another one at work", word: "error:E_LOCK", commands: map[string]string{"apply": "--codex off --lock-timeout 10ms"}, applied: "settings: {hide_agent_reasoning: false}\n", prepare: lock},
	{name: "a damaged file", word: "error:E_DAMAGED", commands: everywhere, prepare: func(s *stage) { s.write("home/config.toml", "model = \"\n") }},
	{name: "a hard link", word: "error:E_REFUSED", commands: everywhere, prepare: func(s *stage) {
		s.write("home/config.toml", "model = \"o3\"\n")
		s.must(os.Link(s.path("home/config.toml"), s.path("home/second")))
	}},
	{name: "a closed home", word: "error:E_PERM", commands: everywhere, prepare: func(s *stage) { s.must(os.MkdirAll(s.path("home"), 0o000)) }, unlike: (*stage).asNobody},
	{name: "a full disk", word: "error:E_DISK", commands: map[string]string{"apply": "--codex off"}, unlike: (*stage).withoutSpace},
	{name: "Codex would not start", word: "error:E_LOAD", commands: map[string]string{"plan": "--codex $CODEX", "apply": "--codex $CODEX"}, policy: "settings: {projects: 5}\n", prepare: (*stage).needsCodex},
	{name: "a stronger layer", word: "error:E_OVERRIDDEN", commands: everywhere, policy: "settings: {approval_policy: never}\n", program: "codexform-managed"},
	{
		name: "a clock that went back", word: "error:E_CLOCK", commands: everywhere, policy: plainPolicy + "rollout: {splay: 30m}\n",
		prepare: func(s *stage) {
			s.write("home/.codexform/status.json", `{"format_version":"1","state":"in_sync","codex_home":"","changes":[],"tool_version":"","last_run":"2099-01-01T00:00:00Z"}`)
			s.must(os.Chmod(s.path("home/.codexform"), 0o700))
		},
	},
	{name: "not undone", word: "error:E_UNDO", commands: map[string]string{"apply": "--codex off"}, policy: gatewayPolicy, prepare: fickle},
	{name: "a bug", word: "error:E_BUG", commands: everywhere, program: "codexform-buggy"},
}

const literalPolicy = "model: gpt-5.4\nprovider: {id: corp, base_url: $ORIGIN/v1, env_key: CORP_KEY}\ndelivery: env_key\n"

// literal is a key of the user's in the entry that the policy would send redirecting.
func literal(s *stage) {
	s.write("home/config.toml", "[model_providers.corp]\nname = \"mine\"\nbase_url = \"https://mine.example/v1\"\nexperimental_bearer_token = \"sk-of-the-user-0123456789\"\n")
}

// stale is a plan that was stored before somebody changed one of its keys.
func stale(s *stage) {
	s.quietly("plan", "-f", s.policy, "--codex", "off", "--out", s.path("saved.plan"))
	s.write("home/config.toml", "hide_agent_reasoning = false\n")
}

// lock holds the lock of the home for as long as the test runs.
func lock(s *stage) {
	f, err := os.OpenFile(s.path("home/.codexform/lock"), os.O_RDWR|os.O_CREATE, 0o600)
	s.must(err)
	s.must(syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	s.t.Cleanup(func() { _ = f.Close() })
}

func replying(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(`{"error":{"code":"no","message":"no"}}`))
	}
}

func listing(model string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"` + model + `"}]}`))
	}
}

func portal(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<title>Sign in</title>"))
}

func redirecting(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", "https://elsewhere.example/v1/models")
	w.WriteHeader(http.StatusFound)
}

// fickle makes a gateway list its models for the probe, and say no when it is asked
// about what was written, by when nothing can be undone any more.
func fickle(s *stage) {
	config := s.path("home/config.toml")
	s.gateway.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(config); err != nil {
			listing("gpt-5.4")(w, r)
			return
		}
		_ = os.Remove(config)
		_ = os.Mkdir(config, 0o700)
		replying(401)(w, r)
	})
}

func TestEveryOutcomeIsOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range outcomes {
		if seen[o.name] {
			t.Errorf("%s stands there twice", o.name)
		}
		seen[o.name] = true
	}
}
