package cli_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The credentials of a case, all different, so that what a host was sent tells which
// one it was.
const (
	firstSecret  = "sk-first-policy-000001"
	secondSecret = "sk-second-policy-00002"
	theirAuth    = "sk-their-auth-json-003"
	theirBearer  = "sk-their-bearer-00004x"
	theirValue   = "sk-their-variable-0005"
	ourValue     = "sk-our-variable-000006"
	theirHeader  = "sk-their-header-00007x"
	theirQuery   = "sk-their-query-000008x"
	ownHeader    = "sk-policy-header-00009"
	layerBearer  = "sk-layer-bearer-00010x"
	execKey      = "sk-codex-api-key-0011x"
)

var allCredentials = []string{
	firstSecret, secondSecret, theirAuth, theirBearer, theirValue, ourValue, theirHeader, theirQuery, ownHeader, layerBearer, execKey,
}

// aim is a policy of a case; nil is none.
type aim struct {
	id, base string
	delivery string // auth_json, env_key, command; "" for a policy of settings alone
	secret   string // firstSecret or secondSecret, "" for none
	headers  bool   // it names a header of its own
	absent   bool   // it lists the literals of the entry under absent
}

// pairCase is one home and what is done to it.
type pairCase struct {
	entry   string // the user's provider entry "custom" and the rest of config.toml
	auth    string // auth.json
	dotenv  string
	layer   string // one of the files below /etc/codex
	layerIn string // its name
	first   *aim
	tamper  string
	second  *aim
	command string
	vars    map[string]string
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// newPairCase makes the case of a seed.
func newPairCase(seed uint64, w *wire) pairCase {
	r := rand.New(rand.NewPCG(seed, 11))
	hosts := []string{w.here, w.there, "https://gate.example/v1"}
	c := pairCase{vars: map[string]string{"OWN_HEADER": ownHeader}}
	c.entry = newEntry(r, hosts)
	c.auth = pick(r, "", "", `{"OPENAI_API_KEY":"`+theirAuth+`"}`, `{"auth_mode":"apikey","OPENAI_API_KEY":"`+theirAuth+`","tokens":null}`,
		`{"OPENAI_API_KEY":"`+theirAuth+`","tokens":{"id_token":"a.b.c","access_token":"x","refresh_token":"y"}}`)
	c.dotenv = pick(r, "", "", "", "OUR_KEY="+ourValue+"\n", "THEIR_KEY=\""+theirValue+"\"\nOUR_KEY=$THEIR_KEY\n", "OUR_KEY="+firstSecret+"\n")
	if r.IntN(2) == 0 {
		c.vars["THEIR_KEY"] = theirValue
	}
	if v := pick(r, "", ourValue, firstSecret, secondSecret); v != "" {
		c.vars["OUR_KEY"] = v
	}
	if r.IntN(4) == 0 {
		c.vars["CODEX_API_KEY"] = execKey
	}
	if r.IntN(8) == 0 {
		base := pick(r, hosts...)
		c.layerIn = pick(r, "config.toml", "managed_config.toml", "requirements.toml")
		c.layer = fmt.Sprintf("[model_providers.custom]\nname=\"Pinned\"\nbase_url=%q\n", base) +
			pick(r, "", "experimental_bearer_token=\""+layerBearer+"\"\n", "env_key=\"THEIR_KEY\"\n", "requires_openai_auth=true\n")
	}
	if r.IntN(3) > 0 {
		c.first = newAim(r, hosts, firstSecret)
		c.tamper = pick(r, "", "", "drift", "drift", "lost", "lost", "empty", "key", "ledger", "old ledger", "other provider", "header", "bearer", "variable", "absent base")
	}
	switch r.IntN(4) {
	case 0:
	case 1:
		c.second = c.first
	default:
		c.second = newAim(r, hosts, pick(r, firstSecret, secondSecret))
	}
	c.command = pick(r, "confirm", "confirm", "confirm", "doctor", "doctor", "doctor", "apply", "apply", "apply", "status", "status", "plan", "destroy", "rollback", "token")
	return c
}

// newEntry is a config.toml before anything of ours.
func newEntry(r *rand.Rand, hosts []string) string {
	if r.IntN(6) == 0 {
		return "model = \"gpt-5.4\"\n"
	}
	var b strings.Builder
	if r.IntN(2) == 0 {
		b.WriteString("model_provider = \"custom\"\n")
	}
	if r.IntN(12) == 0 {
		b.WriteString("cli_auth_credentials_store = \"keyring\"\n")
	}
	b.WriteString("model = \"gpt-5.4\"\n[model_providers.custom]\nname = \"Mine\"\n")
	if r.IntN(8) > 0 {
		fmt.Fprintf(&b, "base_url = %q\n", pick(r, hosts...))
	}
	b.WriteString(pick(r, "", "requires_openai_auth = true\n", "env_key = \"THEIR_KEY\"\n", "env_key = \"OUR_KEY\"\n",
		"experimental_bearer_token = \""+theirBearer+"\"\n", "auth = { command = \"print-key\", args = [\"a\"] }\n"))
	b.WriteString(pick(r, "", "", "", "", "http_headers = { api-key = \""+theirHeader+"\" }\n", "http_headers = { Authorization = \"Bearer "+theirHeader+"\" }\n",
		"env_http_headers = { api-key = \"THEIR_KEY\" }\n", "env_http_headers = { Authorization = \"THEIR_KEY\", X-Team = \"OUR_KEY\" }\n",
		"http_headers = { X-Team = \"blue\" }\n"))
	b.WriteString(pick(r, "", "", "", "", "query_params = { api-version = \"2025-01-01\" }\n", "query_params = { api_key = \""+theirQuery+"\" }\n", "query_params = { code = \""+theirQuery+"\" }\n"))
	return b.String()
}

func newAim(r *rand.Rand, hosts []string, secret string) *aim {
	a := &aim{id: pick(r, "custom", "custom", "custom", "ours"), base: pick(r, hosts...), secret: secret, absent: r.IntN(2) == 0}
	a.delivery = pick(r, "auth_json", "auth_json", "auth_json", "env_key", "command", "")
	a.headers = r.IntN(5) == 0
	if r.IntN(8) == 0 && a.delivery != "command" {
		a.secret = ""
	}
	return a
}

// yaml is the policy as a file.
func (a *aim) yaml(variable string) string {
	var b strings.Builder
	b.WriteString("version: 1\n")
	if a.delivery == "" {
		return "version: 1\nsettings: {model_reasoning_summary: auto}\n"
	}
	b.WriteString("model: gpt-5.4\nconfirm: {attempts: 1}\n")
	fmt.Fprintf(&b, "provider: {id: %s, base_url: '%s'", a.id, a.base)
	if a.delivery == "env_key" {
		b.WriteString(", env_key: OUR_KEY")
	}
	fmt.Fprintf(&b, "}\ndelivery: %s\n", a.delivery)
	if a.secret != "" {
		fmt.Fprintf(&b, "secret: {env: %s}\n", variable)
	}
	if a.headers {
		fmt.Fprintf(&b, "settings: {model_providers: {%s: {env_http_headers: {x-own-key: OWN_HEADER}}}}\n", a.id)
	}
	if a.absent {
		fmt.Fprintf(&b, "absent: [[model_providers, %[1]s, query_params], [model_providers, %[1]s, http_headers], [model_providers, %[1]s, experimental_bearer_token]]\n", a.id)
	}
	return b.String()
}
