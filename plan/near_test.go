package plan_test

import (
	"strings"
	"testing"

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
