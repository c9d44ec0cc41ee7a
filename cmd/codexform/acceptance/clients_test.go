package acceptance

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const clientKey = "sk-client-0123456789abcdef"

// client is one program of others, the exports that it is given, and how it takes a turn.
type client struct {
	name, module, program string // below .tools/clients
	turn                  []string
	protocol              string // where it asks
	env                   []string
	beside                map[string]string // files below the home that are not ours
}

var (
	clineCLI = client{
		"Cline CLI", "@cline/cli-linux-x64", "bin/cline",
		[]string{"--json", "say pong"},
		"/v1/chat/completions",
		[]string{"CLINE_NO_AUTO_UPDATE=1", "CLINE_SESSION_BACKEND_MODE=local"},
		map[string]string{".cline/data/settings/global-settings.json": `{"telemetryOptOut":true,"autoUpdateEnabled":false}`},
	}
	openCode = client{
		"opencode", "opencode-linux-x64", "bin/opencode",
		[]string{"run", "--format", "json", "say pong"},
		"/v1/chat/completions",
		[]string{"OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_MODELS_FETCH=1"},
		nil,
	}
	claude = client{
		"Claude Code", "@anthropic-ai/claude-code-linux-x64", "claude",
		[]string{"-p", "say pong"},
		"/v1/messages",
		[]string{"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1", "DISABLE_TELEMETRY=1", "DISABLE_AUTOUPDATER=1", "CLAUDE_CODE_MAX_RETRIES=0"},
		nil,
	}
	openAI = client{
		"OpenAI's library", "openai", "", []string{"client.mjs"}, "/v1/chat/completions", nil, nil,
	}
)

// handed is one way in which a client gets what is exported.
type handed struct {
	client client
	export string // arguments of codexform export client
	secret string // of the policy
	into   string // below the home; "" is an environment
	env    string // with the key, where the export leaves it to the environment
	how    string // for the table
}

var handovers = []handed{
	{clineCLI, "cline --with-secret", "env: CLIENT_KEY", ".cline/data/settings/providers.json", "", "the key in the file, 0600"},
	{clineCLI, "cline", "env: CLIENT_KEY", ".cline/data/settings/providers.json", "OPENAI_API_KEY", "the key in `OPENAI_API_KEY`"},
	{openCode, "opencode", "env: CLIENT_KEY", ".config/opencode/opencode.json", "CLIENT_KEY", "`{env:CLIENT_KEY}`"},
	{openCode, "opencode", "file: '$HOME/key'", ".config/opencode/opencode.json", "", "`{file:…}`"},
	{openCode, "opencode --with-secret", "env: CLIENT_KEY", ".config/opencode/opencode.json", "", "the key in the file, 0600"},
	{claude, "claude-code --program $CODEXFORM", "file: '$HOME/key'", ".claude/settings.json", "", "`apiKeyHelper` runs `codexform token`"},
	{openAI, "env --with-secret", "env: CLIENT_KEY", "", "", "shell lines, 0600"},
	{openAI, "env", "env: CLIENT_KEY", "", "OPENAI_API_KEY", "shell lines, the key in `OPENAI_API_KEY`"},
}

// TestClientsTakeATurn gives the real programs exactly what codexform export client
// prints, and has them take a turn through a gateway on loopback; with a key that the
// gateway does not know the same program has to fail.
func TestClientsTakeATurn(t *testing.T) {
	figure := os.Getenv("CLIENTS")
	if figure == "" {
		t.Skip("SKIPPED, NOTHING IS PROVED: make clients has the programs that take a turn")
	}
	var table strings.Builder
	table.WriteString("| client | version | exported | asks | key in | a turn | another key |\n|---|---|---|---|---|---|---|\n")
	for i, h := range handovers {
		t.Run(fmt.Sprint(i, " ", h.client.name), func(t *testing.T) {
			gateway := startClientGateway(t, clientKey)
			right := h.run(t, gateway, clientKey)
			turns := gateway.turns(h.client.protocol)
			if right.code != 0 || !strings.Contains(right.stdout, answered) || len(turns) == 0 {
				t.Fatalf("exit %d, %d turns of %v\n%s\n%s", right.code, len(turns), gateway.calls, right.stdout, right.stderr)
			}
			for _, c := range gateway.calls {
				if len(c.Keys) == 0 || len(c.Bad) > 0 {
					t.Errorf("%s was asked with the key in %v, another in %v", c.Path, c.Keys, c.Bad)
				}
			}
			wrong := h.run(t, startClientGateway(t, "sk-another-0123456789"), clientKey)
			if strings.Contains(wrong.stdout, answered) || wrong.code == 0 {
				t.Errorf("a key that the gateway refuses: exit %d\n%s", wrong.code, wrong.stdout)
			}
			fmt.Fprintf(&table, "| %s | %s | `%s`: %s | %s | %s | %.1f s, exit 0 | exit %d |\n", h.client.name, h.client.version(t),
				strings.TrimSuffix(h.export, " --program $CODEXFORM"), h.how, h.client.protocol, strings.Join(turns[0].Keys, ", "), right.took.Seconds(), wrong.code)
		})
	}
	if t.Failed() {
		return
	}
	writeClients(t, figure, table.String())
}

func writeClients(t *testing.T, path, table string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(clientsPage+table+clientsRest), 0o644); err != nil {
		t.Fatal(err)
	}
}

const clientsPage = `# Other clients, each through a turn

Written by ` + "`make clients`" + `, on Linux, with the programs that npm has (their install scripts do not run). Each gets a fresh home and exactly what
` + "`codexform export client`" + ` printed, asks a gateway on loopback that speaks its protocol, has its standard input closed and a minute to end (on a machine that others used too). A
turn counts when the answer stands on its stdout, it ends with 0, and no request came without the right key. Then the same program asks a gateway
that does not know the key: it has to fail, or the first half would prove nothing.

`

const clientsRest = `
## What no program here has shown

| client | not shown |
|---|---|
| Cursor | everything: its own servers ask the gateway, so it needs one on the internet, an account and a screen. The card is held by a test, with the addresses that cannot work |
| Cherry Studio | the program itself, which needs a screen. The link is held by a test against links that readers of 1.x and 2.x took |
| Cline for VS Code | the extension: which provider it has selected is kept elsewhere |
| opencode, Claude Code on macOS and Windows | the same files at the same places by their documents; not run |
`
