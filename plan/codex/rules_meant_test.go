package codex_test

import (
	"testing"

	"github.com/codexform/codexform/plan/codex"
)

// TestMeantValues: of a value of the wrong kind it is said how it is written, and never what it is.
func TestMeantValues(t *testing.T) {
	for text, want := range map[string]string{
		"model_context_window = \"1000\"":                       "write it without quotes",
		"hide_agent_reasoning = \"true\"":                       "write it without quotes",
		"model = 5.4":                                           "write it in quotes",
		"notify = \"notify-send Codex\"":                        "write a list, each word or text for itself",
		"[mcp_servers.x]\ncommand = [\"npx\", \"y\"]":           "write the program under command, and what follows it as a list under args",
		"[mcp_servers.x]\ncommand = \"npx\"\nenv = [\"A=b\"]":   "write a table: each name with its value, or remove it",
		"[mcp_servers.x]\ncommand = \"npx\"\nenv = {PORT = 80}": "write it in quotes",
		"[[mcp_servers]]\nname = \"x\"":                         "write a table: each name with its value, or remove it",
		"file_opener = \"emacs\"":                               "set it to a value that Codex takes, or remove it",
		"model_context_window = \"many\"":                       "set it to a value that Codex takes, or remove it",
		"[projects]\n\"/srv/work\" = true":                      "write a table: each name with its value, or remove it",
		"model = [\"gpt-5.4\"]":                                 "write its one text without a list",
	} {
		var fixes []string
		for _, d := range codex.Check(codex.Checked{Root: decode(t, text)}) {
			if d.Rule == "bad-value" {
				fixes = append(fixes, d.Fix)
			}
		}
		if len(fixes) != 1 || fixes[0] != want {
			t.Errorf("%s: got %q, want %q", text, fixes, want)
		}
	}
}
