package codex_test

import (
	"strings"
	"testing"

	"github.com/spf13/afero"

	"github.com/codexform/codexform/plan/codex"
)

func TestHiddenSessions(t *testing.T) {
	fsys := afero.NewMemMapFs()
	for name, head := range map[string]string{
		"2026/01/02/rollout-1.jsonl": `{"type":"session_meta","payload":{"model_provider":"openai"}}` + "\n{}\n",
		"2026/01/02/rollout-2.jsonl": `{"type":"session_meta","payload":{"model_provider":"g"}}` + "\n",
		"2026/01/03/rollout-3.jsonl": `{"type":"session_meta","payload":{}}`,
		"2026/01/03/rollout-4.jsonl": "not JSON",
		"2026/01/04/rollout-5.jsonl": `{"payload":{"a":[{}],"model_provider":"openai","b":{}},"c":1,"type":"session_meta"}`,
		"2026/01/04/rollout-6.jsonl": `{"payload":{"model_provider":"openai"},"type":"event"}`,
		"2026/01/04/rollout-7.jsonl": `{"type":"session_meta","payload":{"model_provider":"openai","base_instructions":"` + strings.Repeat("x", 20_000),
		"2026/01/03/notes.txt":       `{"type":"session_meta","payload":{"model_provider":"openai"}}`,
	} {
		if err := afero.WriteFile(fsys, "/home/.codex/sessions/"+name, []byte(head), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		home, provider string
		want           int
	}{
		{"/home/.codex", "g", 3},
		{"/home/.codex", "OpenAI", 4},
		{"/home/none", "g", 0},
	} {
		if got := codex.HiddenSessions(fsys, tc.home, tc.provider); got != tc.want {
			t.Errorf("HiddenSessions(%s, %s) = %d, want %d", tc.home, tc.provider, got, tc.want)
		}
	}
}
