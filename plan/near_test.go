package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/codexform/codexform/plan"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"modle", "model", 1}, {"model", "models", 1}, {strings.Repeat("a", 65), "a", 64}} {
		if got := plan.Distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	listed := []string{"gpt-5.5", "gpt-5.4-mini", "gpt-4o", "claude-4", "openai/gpt-5.4", "gpt-5.5", "gpt5.4", strings.Repeat("gpt-5.4", 50), "GPT-5.4"}
	tests := map[string][]string{
		"gpt-5.4":               {"GPT-5.4", "gpt-5.5", "gpt5.4"},
		"gpt-5.3":               {"GPT-5.4", "gpt-5.5", "gpt5.4"},
		"claude-4.5":            {"claude-4"},
		"llama":                 nil,
		strings.Repeat("x", 99): nil,
	}
	for wanted, want := range tests {
		for range 2 {
			n := plan.Nearest{Wanted: wanted, Most: 3, Longer: true}
			for _, name := range listed {
				n.Offer(name)
			}
			if diff := cmp.Diff(want, n.Names()); diff != "" {
				t.Errorf("near %s (-want +got):\n%s", wanted, diff)
			}
			slices.Reverse(listed) // the order of the list does not count
		}
	}
}
