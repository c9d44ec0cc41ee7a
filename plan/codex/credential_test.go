package codex_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
)

// gatewayConfig is a config.toml with one provider, which asks for auth.json.
// BASE stands for the gateway.
const gatewayConfig = `model_provider = "g"
model = "gpt-5.4"
[model_providers.g]
name = "Gate"
base_url = "BASE"
requires_openai_auth = true
`

// bareConfig has the same provider without requires_openai_auth.
var bareConfig = strings.Replace(gatewayConfig, "requires_openai_auth = true\n", "", 1)

const (
	keyOnly = `{"OPENAI_API_KEY": "sk-in-the-file"}`
	tokens  = `"tokens": {"id_token": "` + jwt + `", "access_token": "` + jwt + `", "refresh_token": "refresh", "account_id": "acc"}`
	// jwt is an unsigned token that is good for a hundred years.
	jwt = "eyJhbGciOiJub25lIn0.eyJleHAiOjQ4OTEzNjMyMDAsImVtYWlsIjoiYUBiLmMiLCJodHRwczovL2FwaS5vcGVuYWkuY29tL2F1dGgiOnsiY2hhdGdwdF9wbGFuX3R5cGUiOiJwcm8iLCJjaGF0Z3B0X2FjY291bnRfaWQiOiJhY2MifX0.c2ln"
)

// credentialCases are homes and what Codex makes of them.
var credentialCases = []struct {
	name   string
	config string
	auth   string   // auth.json, "" for none
	dotenv string   // .env
	env    []string // of the process

	credential string // what Effective must say
	sent       string // the Authorization that Codex must send, "" for none
	problem    string // a part of Effective's Problem, "" for none
	refuses    bool   // Codex takes no turn at all
}{
	{
		name: "key alone", config: gatewayConfig, auth: keyOnly,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "key and login, no mode", config: gatewayConfig,
		auth:       `{"OPENAI_API_KEY": "sk-in-the-file", ` + tokens + `}`,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "key and login, mode apikey", config: gatewayConfig,
		auth:       `{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-in-the-file", ` + tokens + `}`,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "key and login, mode chatgpt", config: gatewayConfig,
		auth:       `{"auth_mode": "chatgpt", "OPENAI_API_KEY": "sk-in-the-file", "last_refresh": "2099-01-01T00:00:00Z", ` + tokens + `}`,
		credential: codex.FromLogin, sent: "Bearer " + jwt, problem: "comes before its key",
	},
	{
		name: "login alone", config: gatewayConfig,
		auth:       `{"last_refresh": "2099-01-01T00:00:00Z", ` + tokens + `}`,
		credential: codex.FromLogin, sent: "Bearer " + jwt,
	},
	{
		name: "key and bedrock, mode apikey", config: gatewayConfig,
		auth:       `{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-in-the-file", "bedrock_api_key": {"api_key": "b", "region": "us-east-1"}}`,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "key and agent identity", config: gatewayConfig,
		auth:       `{"OPENAI_API_KEY": "sk-in-the-file", "agent_identity": "x"}`,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "key and personal access token", config: gatewayConfig, // whose owner Codex cannot look up here
		auth:       `{"OPENAI_API_KEY": "sk-in-the-file", "personal_access_token": "pat"}`,
		credential: codex.FromNothing, problem: "another credential",
	},
	{
		name: "key and bedrock", config: gatewayConfig,
		auth:       `{"OPENAI_API_KEY": "sk-in-the-file", "bedrock_api_key": {"api_key": "b", "region": "us-east-1"}}`,
		credential: codex.FromNothing, problem: "another credential", refuses: true,
	},
	{
		name: "key and bedrock access keys", config: gatewayConfig,
		auth:       `{"OPENAI_API_KEY": "sk-in-the-file", "bedrock_access_keys": {"access_key_id": "a", "secret_access_key": "b", "region": "us-east-1"}}`,
		credential: codex.FromNothing, problem: "another credential", refuses: true,
	},
	{
		name: "mode agentIdentity without one", config: gatewayConfig,
		auth:       `{"auth_mode": "agentIdentity", "OPENAI_API_KEY": "sk-in-the-file"}`,
		credential: codex.FromNothing, problem: "another credential",
	},
	{
		name: "mode chatgpt without a login", config: gatewayConfig,
		auth:       `{"auth_mode": "chatgpt", "OPENAI_API_KEY": "sk-in-the-file"}`,
		credential: codex.FromNothing, problem: "no key that Codex would use",
	},
	{
		name: "empty object", config: gatewayConfig, auth: `{}`,
		credential: codex.FromNothing, problem: "no key",
	},
	{
		name: "null key", config: gatewayConfig, auth: `{"OPENAI_API_KEY": null}`,
		credential: codex.FromNothing, problem: "no key",
	},
	{
		name: "null key, mode apikey", config: gatewayConfig, auth: `{"auth_mode": "apikey", "OPENAI_API_KEY": null}`,
		credential: codex.FromNothing, problem: "no key",
	},
	{
		name: "key in lower case", config: gatewayConfig, auth: `{"openai_api_key": "sk-in-the-file"}`,
		credential: codex.FromNothing, problem: "no key",
	},
	{
		name: "empty key", config: gatewayConfig, auth: `{"OPENAI_API_KEY": ""}`,
		credential: codex.FromNothing, sent: "Bearer", problem: "no key",
	},
	{
		name: "key with a line break", config: gatewayConfig, auth: `{"OPENAI_API_KEY": "sk-in-the-file\n"}`,
		credential: codex.FromNothing, problem: "no Authorization",
	},
	{
		name: "key with blanks", config: gatewayConfig, auth: `{"OPENAI_API_KEY": " sk-in-the-file "}`,
		credential: codex.FromAuthJSON, sent: "Bearer  sk-in-the-file", problem: "spaces",
	},
	{
		name: "unknown mode", config: gatewayConfig, auth: `{"auth_mode": "ApiKey", "OPENAI_API_KEY": "sk-in-the-file"}`,
		credential: codex.FromNothing, problem: "auth_mode",
	},
	{
		name: "no auth.json", config: gatewayConfig,
		credential: codex.FromNothing, problem: "no auth.json",
	},
	{
		name: "no requires_openai_auth", config: bareConfig, auth: keyOnly,
		credential: codex.FromNothing, problem: "requires_openai_auth",
	},
	{
		name: "OPENAI_API_KEY in the environment", config: bareConfig, env: []string{"OPENAI_API_KEY=sk-env"},
		credential: codex.FromNothing,
	},
	{
		name: "env_key", config: bareConfig + `env_key = "GATE_KEY"`, env: []string{"GATE_KEY=sk-env"},
		credential: "env:GATE_KEY", sent: "Bearer sk-env",
	},
	{
		name: "env_key before auth.json", config: gatewayConfig + `env_key = "GATE_KEY"`, auth: keyOnly, env: []string{"GATE_KEY=sk-env"},
		credential: "env:GATE_KEY", sent: "Bearer sk-env",
	},
	{
		name: "env_key not set", config: gatewayConfig + `env_key = "GATE_KEY"`, auth: keyOnly,
		credential: "env:GATE_KEY", problem: "GATE_KEY is not set", refuses: true,
	},
	{
		name: "env_key in .env", config: bareConfig + `env_key = "GATE_KEY"`, dotenv: "export GATE_KEY='sk-dotenv'\n",
		credential: "env:GATE_KEY", sent: "Bearer sk-dotenv",
	},
	{
		name: "api-key from a variable", config: bareConfig + `env_http_headers = { api-key = "GATE_KEY" }`, env: []string{"GATE_KEY=sk-env"},
		credential: codex.FromHeader + ":api-key",
	},
	{
		name: "api-key in the query", config: bareConfig + `query_params = { api_key = "sk-query" }`,
		credential: codex.FromQuery + ":api_key",
	},
	{
		name: "api-key from a variable that is not set", config: bareConfig + `env_http_headers = { api-key = "GATE_KEY" }`,
		credential: codex.FromNothing,
	},
	{
		name: ".env before the environment", config: bareConfig + `env_key = "GATE_KEY"`, dotenv: "# keys\nGATE_KEY=\"sk-dotenv\" # mine\n", env: []string{"GATE_KEY=sk-env"},
		credential: "env:GATE_KEY", sent: "Bearer sk-dotenv",
	},
	{
		name: ".env cannot set CODEX_ names", config: bareConfig + `env_key = "CODEX_GATE"`, dotenv: "CODEX_GATE=sk-dotenv\n", env: []string{"CODEX_GATE=sk-env"},
		credential: "env:CODEX_GATE", sent: "Bearer sk-env",
	},
	{
		name: "bearer", config: bareConfig + `experimental_bearer_token = "sk-bearer"`,
		credential: codex.FromBearer, sent: "Bearer sk-bearer",
	},
	{
		name: "bearer before auth.json", config: gatewayConfig + `experimental_bearer_token = "sk-bearer"`, auth: keyOnly,
		credential: codex.FromBearer, sent: "Bearer sk-bearer",
	},
	{
		name: "env_key before bearer", config: bareConfig + "env_key = \"GATE_KEY\"\nexperimental_bearer_token = \"sk-bearer\"", env: []string{"GATE_KEY=sk-env"},
		credential: "env:GATE_KEY", sent: "Bearer sk-env",
	},
	{
		name: "header", config: bareConfig + `http_headers = { Authorization = "Bearer sk-header" }`,
		credential: codex.FromHeader, sent: "Bearer sk-header",
	},
	{
		name: "header in lower case", config: bareConfig + `http_headers = { authorization = "Token sk-header" }`,
		credential: codex.FromHeader, sent: "Token sk-header",
	},
	{
		name: "header from the environment", config: bareConfig + `env_http_headers = { Authorization = "GATE_HEADER" }`, env: []string{"GATE_HEADER=Bearer sk-env"},
		credential: codex.FromHeader, sent: "Bearer sk-env",
	},
	{
		name: "auth.json before the header", config: gatewayConfig + `http_headers = { Authorization = "Bearer sk-header" }`, auth: keyOnly,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "header when auth.json is missing", config: gatewayConfig + `http_headers = { Authorization = "Bearer sk-header" }`,
		credential: codex.FromHeader, sent: "Bearer sk-header",
	},
	{
		name: "command", config: bareConfig + `auth = { command = "echo", args = ["sk-command"] }`,
		credential: codex.FromCommand, sent: "Bearer sk-command",
	},
	{
		name: "command that fails", config: bareConfig + `auth = { command = "false" }`,
		credential: codex.FromCommand,
	},
	{
		name: "gateway_oauth command", config: bareConfig + `gateway_oauth = { credential_export = { command = "echo", args = ["sk-export"] } }`,
		credential: codex.FromCommand, sent: "Bearer sk-export",
	},
	{
		name: "store keyring", config: "cli_auth_credentials_store = \"keyring\"\n" + gatewayConfig, auth: keyOnly,
		credential: codex.FromNothing, problem: "keyring",
	},
	{
		name: "store ephemeral", config: "cli_auth_credentials_store = \"ephemeral\"\n" + gatewayConfig, auth: keyOnly,
		credential: codex.FromNothing, problem: "ephemeral",
	},
	{
		name: "store auto", config: "cli_auth_credentials_store = \"auto\"\n" + gatewayConfig, auth: keyOnly,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "forced login method chatgpt", config: "forced_login_method = \"chatgpt\"\n" + gatewayConfig, auth: keyOnly,
		credential: codex.FromAuthJSON, problem: "deletes auth.json", refuses: true,
	},
	{
		name: "forced login method api", config: "forced_login_method = \"api\"\n" + gatewayConfig, auth: keyOnly,
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "env_key, blanks alone", config: bareConfig + `env_key = "K"`, env: []string{"K=  \t"},
		credential: "env:K", problem: "holds nothing", refuses: true,
	},
	{
		name: "env_key, not UTF-8", config: bareConfig + `env_key = "K"`, env: []string{"K=sk-\xff"},
		credential: "env:K", problem: "holds nothing", refuses: true,
	},
	{
		name: "env_key, empty in .env", config: bareConfig + `env_key = "K"`, env: []string{"K=sk-set"}, dotenv: "K=\n",
		credential: "env:K", problem: "not set", refuses: true,
	},
	{
		name: "env_key without a name", config: gatewayConfig + `env_key = ""`, auth: keyOnly,
		credential: "env:", problem: "env_key is empty", refuses: true,
	},
	{
		name: "CODEX_ACCESS_TOKEN", config: gatewayConfig, auth: keyOnly, env: []string{"CODEX_ACCESS_TOKEN=at-x"},
		credential: codex.FromNothing, problem: "CODEX_ACCESS_TOKEN is set",
	},
	{
		name: "CODEX_ACCESS_TOKEN of blanks", config: gatewayConfig, auth: keyOnly, env: []string{"CODEX_ACCESS_TOKEN=  "},
		credential: codex.FromAuthJSON, sent: "Bearer sk-in-the-file",
	},
	{
		name: "header of both tables", config: bareConfig + "http_headers = { Authorization = \"Bearer one\" }\nenv_http_headers = { authorization = \"K\" }", env: []string{"K=Bearer two"},
		credential: codex.FromHeader, sent: "Bearer two",
	},
	{
		name: "header of both tables, its variable of blanks", config: bareConfig + "http_headers = { Authorization = \"Bearer one\" }\nenv_http_headers = { authorization = \"K\" }", env: []string{"K=  "},
		credential: codex.FromHeader, sent: "Bearer one",
	},
	{
		name: "provider not defined", config: strings.Replace(gatewayConfig, `"g"`, `"G"`, 1), auth: keyOnly,
		credential: codex.FromNothing, problem: "not defined", refuses: true,
	},
}

// TestEffective holds Effective against the table.
func TestEffective(t *testing.T) {
	for _, tc := range credentialCases {
		t.Run(tc.name, func(t *testing.T) {
			got := codex.Effective(decode(t, tc.config), decodeAuth(t, tc.auth), codex.NewEnvironment(lookup(tc.env), []byte(tc.dotenv)))
			if got.Credential != tc.credential {
				t.Errorf("Effective says %q, want %q", got.Credential, tc.credential)
			}
			if (tc.problem == "") != (got.Problem == "") || !strings.Contains(got.Problem, tc.problem) {
				t.Errorf("Effective sees the problem %q, want %q", got.Problem, tc.problem)
			}
			if sent := bearer(got); got.Credential != codex.FromLogin && got.Credential != codex.FromCommand && !tc.refuses && tc.sent != "Bearer" && sent != tc.sent {
				t.Errorf("Effective would send %q, want %q", sent, tc.sent)
			}
		})
	}
}

// bearer is the Authorization that an Access comes to.
func bearer(a codex.Access) string {
	switch {
	case a.Authorization.Value.Known():
		return string(a.Authorization.Value.Reveal())
	case a.Secret.Known():
		return strings.TrimRight("Bearer "+string(a.Secret.Reveal()), " ")
	}
	return ""
}

func lookup(env []string) func(string) string {
	return func(name string) string {
		for _, v := range env {
			if rest, ok := strings.CutPrefix(v, name+"="); ok {
				return rest
			}
		}
		return ""
	}
}

// TestUnsure are headers and parameters of which nobody can say what Codex would send.
func TestUnsure(t *testing.T) {
	for table, want := range map[string]string{
		`http_headers = { x-api-key = "one", X-Api-Key = "two" }`:                          "http_headers has x-api-key and X-Api-Key",
		`http_headers = { authorization = "Basic a", Authorization = "b" }`:                "by chance",
		`env_http_headers = { x-api-key = "ONE", X-API-KEY = "TWO" }`:                      "env_http_headers has",
		"http_headers = { x-api-key = \"a\" }\nenv_http_headers = { X-Api-Key = \"ONE\" }": "",
		`http_headers = { x-team = "one", X-Team = "two" }`:                                "",
		`query_params = { code = "a#b" }`:                                                  "query_params code holds a #",
		`query_params = { "a#b" = "c" }`:                                                   "holds a #",
		`query_params = { code = "a%23b&c" }`:                                              "",
	} {
		env := codex.NewEnvironment(lookup([]string{"ONE=first", "TWO=second"}), nil)
		got := codex.Effective(decode(t, gatewayConfig+table), decodeAuth(t, keyOnly), env)
		if (got.Unsure == "") != (want == "") || !strings.Contains(got.Unsure, want) {
			t.Errorf("%s: %q, want %q", table, got.Unsure, want)
		}
		if permit := codex.MaySend(plan.Desired{}, plan.Ledger{}, got); permit.Allowed() != (want == "") {
			t.Errorf("%s: allowed is %v", table, permit.Allowed())
		}
	}
}

// TestAccess looks at the rest of what Effective says.
func TestAccess(t *testing.T) {
	root := decode(t, `model_provider = "g"
[model_providers.g]
name = "Gate"
base_url = "https://gate.example/v1"
query_params = { version = "2" }
http_headers = { X-Team = "a" }
env_http_headers = { X-User = "GATE_USER", X-Empty = "GATE_EMPTY" }
auth = { command = "print-key", args = ["-n", "x"], timeout_ms = 1500, cwd = "/srv" }
`)
	got := codex.Effective(root, plan.Auth{}, codex.NewEnvironment(lookup([]string{"GATE_USER=me"}), nil))
	if got.Provider != "g" || got.Name != "Gate" || got.BaseURL != "https://gate.example/v1" {
		t.Errorf("provider %q, name %q, base_url %q", got.Provider, got.Name, got.BaseURL)
	}
	if diff := cmp.Diff(map[string]string{"version": "2"}, revealed(got.Query)); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"X-Team": "a", "X-User": "me"}, revealed(got.Headers)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	want := &codex.Command{Argv: []string{"print-key", "-n", "x"}, Dir: "/srv", Timeout: 1500 * time.Millisecond}
	if diff := cmp.Diff(want, got.Command); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
}

func revealed(fields []codex.Field) map[string]string {
	m := map[string]string{}
	for _, f := range fields {
		m[f.Name] = string(f.Value.Reveal())
	}
	return m
}

// TestBuiltin is a home that chooses no provider.
func TestBuiltin(t *testing.T) {
	auth := decodeAuth(t, keyOnly)
	for config, want := range map[string]string{
		"": "https://api.openai.com/v1",
		`openai_base_url = "https://gate.example/v1"`: "https://gate.example/v1",
	} {
		got := codex.Effective(decode(t, config), auth, codex.Environment{})
		if got.Provider != "openai" || got.BaseURL != want || got.Credential != codex.FromAuthJSON {
			t.Errorf("%q gives %+v", config, got)
		}
	}
}

// TestExec is a key in the environment that codex exec alone would send.
func TestExec(t *testing.T) {
	env := codex.NewEnvironment(lookup([]string{"CODEX_API_KEY=sk-env"}), nil)
	got := codex.Effective(decode(t, gatewayConfig), decodeAuth(t, keyOnly), env)
	if got.Exec != "CODEX_API_KEY" || got.Credential != codex.FromAuthJSON {
		t.Errorf("exec %q, credential %q", got.Exec, got.Credential)
	}
}
