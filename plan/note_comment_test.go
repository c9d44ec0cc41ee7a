package plan

import "testing"

// A line that somebody has put behind a # holds the same secrets; what people say there of
// keys and their names does not count as one.
func TestSecretComment(t *testing.T) {
	for _, comment := range []string{
		`--api-key nohufogebohe`, `mcp --token 'nohufogebohe' --port 80`, `{"api_key":"nohufogebohe"}`, `{ "api_key" : "nohufogebohe" }`,
		`args = ["--api-key", "nohufogebohe"]`, `args = ["--api-key=nohufogebohe"]`, `curl -H "x-api-key: nohufogebohe"`,
		`http_headers = { "X-Api-Key" = "nohufogebohe" }`, `key=nohufogebohe, of old`, `OPENAI_KEY: nohufogebohe`,
		`OPENAI_KEY: nohufogebohe from Kim`, `password: nohufogebohe`, `export OPENAI_API_KEY=nohufogebohe`, `DB_PASS = nohufogebohe`,
	} {
		if !secretComment("x = 1 # " + comment) {
			t.Errorf("%s: no secret", comment)
		}
	}
	for _, comment := range []string{
		`the api key rotates monthly`, `max_tokens: 4000 is enough`, `max_tokens = 4000`, `env_key: GATEWAY_KEY`, `env_key = "OPENAI_API_KEY"`,
		`token: ask Kim`, `keep: the night shift uses it`, `see https://h.example/keys`, `key: model`, `the api-key header`,
		`requires_openai_auth = true`, `args = ["--stdio", "--port", "80"]`, `bearer_token_env_var = "TEAM_TOKEN"`,
		`api_key = $TEAM_KEY`, `--token-file /etc/token`, `cli_auth_credentials_store = "file"`, `auth_mode: none`, ``, `--api-key`, `key=`,
	} {
		if secretComment("x = 1 # " + comment) {
			t.Errorf("%s: a secret", comment)
		}
	}
}
