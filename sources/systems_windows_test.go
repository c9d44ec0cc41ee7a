package sources_test

import (
	"strings"
	"testing"

	"github.com/codexform/codexform/sources"
)

// A policy named from the root of the present drive is asked for by its drive: Codex runs
// codexform token in the folder of a session, which may lie on another.
func TestTokenNamesTheDrive(t *testing.T) {
	text := "version: 1\nprovider: {id: G, base_url: \"https://g.example/v1\"}\ndelivery: command\nsecret: {env: KEY}\n"
	w := world(t, map[string]string{`\policies\100% mine.yaml`: text}, nil)
	w.OS, w.Dir = "windows", `D:\work`
	p, err := sources.Load(w, []string{`\policies\100% mine.yaml`})
	if err != nil {
		t.Fatal(err)
	}
	want := `["token", "-f", "D:\\policies\\100% mine.yaml"]`
	for _, s := range p.Desired.Settings {
		if strings.HasSuffix(s.Address.String(), "auth.args") {
			if got := s.Value.String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			return
		}
	}
	t.Error("no arguments")
}
