package codex_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/plan"
	"github.com/codexform/codexform/plan/codex"
	"github.com/codexform/codexform/plan/codex/codextest"
)

// newerConfig has what came after 0.158, what never was, and what is gone.
const newerConfig = `model = "gpt-6.2-sol"
model_context_window = 800000
modle = "x"
rollout_trace = { max_bytes = 5 }
disable_response_storage = true
[features]
tui_workspace = true
no_such_feature = true
[tui]
zz = 1
[mcp_servers."a.b"]
command = "x"
comand = "x"
tools = { a = { approval_mode = "prompt" } }
[[skills.config]]
enabled = true
path = "/a"
zz = 1
`

// TestNewerThanTheTables: of a Codex that came after the tables nothing is called
// unknown, refused or clamped but what it says is so itself.
func TestNewerThanTheTables(t *testing.T) {
	codex.TablesUntil(t, codex.Version{Minor: 158})
	v, err := codex.ParseVersion(codextest.Version)
	if err != nil {
		t.Fatal(err)
	}
	c := codex.Checked{Desired: ours(t, newerConfig), Root: decode(t, newerConfig), Version: v}
	for _, want := range []string{"rollout_trace", "tui_workspace", "272000", "modle"} {
		if text := texts(codex.Check(c)); !strings.Contains(text, want) {
			t.Fatalf("without its word nothing is said of %s, so the test proves nothing:\n%s", want, text)
		}
	}
	word, err := realCodex(t).Word(t.Context(), []byte(newerConfig))
	if err != nil {
		t.Fatal(err)
	}
	c.Word = &word
	found := codex.Check(c)
	text := texts(found)
	for _, want := range []string{
		"modle", "disable_response_storage", "features.no_such_feature", "tui.zz", `mcp_servers."a.b".comand`, "skills.config[].zz",
	} {
		if !strings.Contains(text, "Codex "+codextest.Version+" does not know "+want) {
			t.Errorf("nothing is said of %s:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n != 6 {
		t.Errorf("%d findings, want 6:\n%s", n, text)
	}
	// A word that is against it counts too.
	broken, err := realCodex(t).Word(t.Context(), []byte("windows.sandbox = 'zz'\n"))
	if err != nil || broken.Loads {
		t.Errorf("Codex starts with a value that it does not take: %v", err)
	}
}

func texts(found []plan.Diagnostic) string {
	var b strings.Builder
	for _, d := range found {
		b.WriteString(d.Summary + "\n")
	}
	return b.String()
}
