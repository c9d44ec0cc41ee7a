package codex_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan/codex"
)

// section is what docs/reference/rules.md says of one rule.
type section struct {
	heading string            // the line below the rule's id
	blocks  map[string]string // examples by what they stand for: "config.toml", "auth.json", …
	text    string
}

func sections(t *testing.T) (ids []string, all map[string]section) {
	t.Helper()
	page, err := os.ReadFile("../../docs/reference/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]section{}
	for _, part := range strings.Split(string(page), "\n## ")[1:] {
		id, rest, _ := strings.Cut(part, "\n\n")
		s := section{text: rest, blocks: map[string]string{}}
		s.heading, _, _ = strings.Cut(rest, "\n")
		for i, block := range strings.Split(rest, "```") {
			if kind, content, _ := strings.Cut(block, "\n"); i%2 == 1 {
				_, what, _ := strings.Cut(kind, " ")
				s.blocks[what] = content
			}
		}
		ids, all[id] = append(ids, id), s
	}
	return ids, all
}

// TestRulesPage keeps docs/reference/rules.md and the rules together: the same
// rules, in the same order, with the same words, and examples that provoke them.
func TestRulesPage(t *testing.T) {
	ids, page := sections(t)
	var want []string
	for _, r := range codex.Rules() {
		want = append(want, r.ID)
		s := page[r.ID]
		if heading := fmt.Sprintf("*%s*: %s", r.Severity, r.Title); s.heading != heading {
			t.Errorf("%s: the page says %q, the rule %q", r.ID, s.heading, heading)
		}
		if len(s.blocks) == 0 || !strings.Contains(s.text, "\nFix: ") {
			t.Errorf("%s: the page gives no example or no fix", r.ID)
		}
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("rules (-code +page):\n%s", diff)
	}
}

// TestRulesPageExamples provokes each rule with the example that its page gives.
func TestRulesPageExamples(t *testing.T) {
	_, page := sections(t)
	for id, s := range page {
		config := s.blocks["config.toml"]
		if config == "" && s.blocks["requirements.toml"] == "" && s.blocks["auth.json"] == "" && s.blocks["auth.json before"] == "" {
			continue
		}
		// A secret comes along, except where the example is about an auth.json without one.
		key := s.blocks["auth.json"] == ""
		c := checked(t, config, "", s.blocks["auth.json"], s.blocks["auth.json before"], key, nil)
		if managed := s.blocks["managed_config.toml"]; managed != "" {
			layer(codex.LayerManaged, managed)(&c)
		}
		if required := s.blocks["requirements.toml"]; required != "" {
			layer(codex.LayerRequirements, required)(&c)
		}
		if before := s.blocks["config.toml before"]; before != "" {
			c = taken(t, before, config)
		}
		gone(&c)
		found := codex.Check(c)
		if !hasRule(found, id) {
			t.Errorf("the example of %s does not provoke it: %v", id, found)
		}
	}
}
